"""The canonical product: its fields, their words, and the codes for what can be wrong with them."""
