"""Contacts as files: vCard, CSV and JSON Lines, read tolerantly entry by entry and written strictly."""
