"""sharesync: shared contact groups for companies on Google Workspace."""
