"""One pass over one mailbox: read, decide, apply, push, end."""
