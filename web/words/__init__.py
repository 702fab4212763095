"""How things are said to people, in four languages."""
