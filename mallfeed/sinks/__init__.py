"""Sinks: replicas of the product table, each with one cursor per mall, kept in the sink itself."""
