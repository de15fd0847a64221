"""Proof that this package behaves as upstream gazu does, call by call."""
