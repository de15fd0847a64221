"""Compare with the standard library and requests on values that hypothesis generates."""
