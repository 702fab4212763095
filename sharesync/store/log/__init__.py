"""The change log as the check and the archive need it: byte by byte."""
