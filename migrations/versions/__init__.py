"""Every step of the database's form, in order."""
