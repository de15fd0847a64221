"""A session with the interface of ``requests``; it knows nothing of the client."""
