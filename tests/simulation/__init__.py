"""The simulator: whole histories of hands, edits, grants, faults and crashes over the real services, one seed each."""
