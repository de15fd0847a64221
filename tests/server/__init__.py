"""Tests of gazu against a real Zou server."""
