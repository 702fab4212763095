"""Files of contacts, in and out."""
