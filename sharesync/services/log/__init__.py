"""The change log in use: read, verified, proven, archived."""
