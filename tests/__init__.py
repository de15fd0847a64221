"""The suites; each is described in CONTRIBUTING.md."""
