"""Places outside that are told of something."""
