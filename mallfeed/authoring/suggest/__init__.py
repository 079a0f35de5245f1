"""A first catalog for a feed without a description, derived from its bytes and its values."""
