"""gazu on a real Zou server."""
