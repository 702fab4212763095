"""The database itself: the engine, its tables, and transactions that write their events."""
