"""From bytes to records: the primitives that every format's reader is made of. Knows no catalog."""
