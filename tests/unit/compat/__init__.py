"""What scripts and test suites written for upstream rely on."""
