"""A small Google Workspace of our own: People, Directory and OAuth, as strict as the real one.

It is the other side of a wire: it imports nothing else of sharesync, and sharesync reaches it over HTTP only.
"""
