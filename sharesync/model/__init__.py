"""Values: card, group, access, mailbox. Standard library only; no clock, no input or output."""
