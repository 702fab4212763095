"""Use cases: one function each, one transaction each, its event in the change log inside."""
