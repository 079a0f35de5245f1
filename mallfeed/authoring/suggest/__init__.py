"""A first catalog for a feed that nobody described: found by looking at its bytes and its values."""
