"""What is kept: contacts, groups, access, and what waits for somebody's decision."""
