"""Spark SQL text that readings are put together from: strings only, no session, no data."""
