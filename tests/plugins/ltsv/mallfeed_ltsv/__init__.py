"""Feeds of labelled tab-separated values (http://ltsv.org)."""
