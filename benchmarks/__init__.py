"""Measurements: against plain scripts, against the machine itself, and of search."""
