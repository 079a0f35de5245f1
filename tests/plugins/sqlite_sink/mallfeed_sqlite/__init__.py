"""A sink for mallfeed that keeps the products in a SQLite file: an example of a package with a sink."""
