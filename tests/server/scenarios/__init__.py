"""What the tests put on a server, and play there."""
