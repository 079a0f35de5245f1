"""From an event to a feed in the ledger: what is in the bucket, whose it is, which catalog applies."""
