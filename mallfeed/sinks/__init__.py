"""Sinks: replicas of the product table, each with one cursor per mall, which lives in the sink itself."""
