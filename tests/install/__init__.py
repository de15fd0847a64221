"""The recipes of docs/install.md are followed."""
