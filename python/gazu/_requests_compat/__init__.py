"""Sessions, responses and errors with the interface of ``requests``."""
