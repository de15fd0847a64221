"""The examples of the documentation run, and its limits are right."""
