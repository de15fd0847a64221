"""The part of Maya's package that the cookbook uses."""
