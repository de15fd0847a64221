"""What type checkers and editors say of scripts."""
