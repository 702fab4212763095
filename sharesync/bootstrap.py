"""Where real things meet; nothing runs at import."""
