"""Catalogs: what each mall sends, version by version, and how it becomes products. Data, not code."""
