"""Unit tests: gazu against an in-process recording server."""
