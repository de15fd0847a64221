"""The scenarios of gazu on a real Zou server."""
