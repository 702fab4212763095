"""One pass over one mailbox: pull, plan, apply, push, settle."""
