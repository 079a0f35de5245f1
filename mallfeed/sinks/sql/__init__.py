"""What every SQL sink shares: guard, stage, merge, price history, cursors and the tables' growth.

A database brings a `Dialect` (its types, its JSON, its limits), a `Database` (how a transaction is run
and rows are read), a way to fill the stage, and what its errors mean; `SqlSink` does the rest.
"""
