"""The demo, as the process that people start."""
