"""Tests of the sandbox's Contacts page."""
