"""vCard, CSV and JSON Lines, in and out."""
