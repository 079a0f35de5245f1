"""Planning: which waiting feeds run next, together or alone, with how many Glue workers."""
