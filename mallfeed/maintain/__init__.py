"""Maintenance: sinks compared with the table and repaired, the table kept small, indices rebuilt.

Talks to ports only, as `mallfeed.load` does; whoever works on a mall here holds its lock.
"""
