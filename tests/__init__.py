"""Tests; a test's name is a sentence."""
