"""The command line, through its own front door: against a real sandbox over HTTP and a real database file."""
