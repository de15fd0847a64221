"""Downloads of many files at once."""
