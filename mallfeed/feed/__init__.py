"""Feeds: who sent what (arrival, identity, order) and what is in it (prepare: any format → raw)."""
