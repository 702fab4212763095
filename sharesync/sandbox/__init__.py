"""A small Workspace of our own: the other side of the wire."""
