"""The commands of ``gazu.cli``: a module for each group of them."""
