"""What runs without being asked: a clock that wakes, and a local worker that passes over the mailboxes that are due.

The truth about what is due stands in the mailbox rows, so both may run in one process (`sharesync run`), apart
(`clock`, `worker`) or twice: a lost or doubled wake-up does no harm.
"""
