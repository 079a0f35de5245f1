"""From an event to a feed in the ledger: what lies in the bucket, whose it is, which catalog fits."""
