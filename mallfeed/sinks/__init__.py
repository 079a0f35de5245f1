"""Sinks: replicas of the product table, each with a cursor a mall that lives in the sink itself."""
