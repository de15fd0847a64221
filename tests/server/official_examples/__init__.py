"""The calls of the official examples, made as they are written there."""
