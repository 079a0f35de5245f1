"""The ledger: every feed, its state and its claim. It is also the queue."""
