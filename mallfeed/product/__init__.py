"""The canonical product: its schema, field types as column expressions, normalising, changes."""
