"""The only place that speaks SQL: tables, transactions, one module of queries a thing."""
