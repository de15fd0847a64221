"""How events are received."""
