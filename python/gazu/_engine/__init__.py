"""How calls are run: the Python half of the client's engine."""
