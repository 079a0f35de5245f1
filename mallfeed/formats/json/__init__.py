"""JSON: a record per line, or one array."""
