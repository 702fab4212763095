"""What wakes mailboxes, and what works on them."""
