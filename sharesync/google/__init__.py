"""The only place that speaks Google."""
