"""Product XML."""
