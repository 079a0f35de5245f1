"""Fixed-width text: each column in its place in the line."""
