"""Steps that one call cannot show, the same code on both sides."""
