"""The Python half of the engine that sends requests."""
