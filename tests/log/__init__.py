"""The change log: whole, provable, and lawful after erasure."""
