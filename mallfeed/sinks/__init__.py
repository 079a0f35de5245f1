"""Sinks: replicas of the product table, each with one cursor per mall, which is stored in the sink itself."""
