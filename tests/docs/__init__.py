"""Every example that is written runs, and what is said of limits holds."""
