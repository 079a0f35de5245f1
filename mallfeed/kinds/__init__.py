"""What values a field may hold: one file per kind, and `registry`, which lists them."""
