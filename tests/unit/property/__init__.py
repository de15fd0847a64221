"""What the standard library and requests do, we do: for whatever hypothesis thinks of."""
