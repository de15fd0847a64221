"""The test suites, which CONTRIBUTING.md describes."""
