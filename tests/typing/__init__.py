"""Type checkers and editors understand scripts."""
