"""Decisions: what a pass does, as pure functions from what is known to a plan. No clock, no input or output."""
