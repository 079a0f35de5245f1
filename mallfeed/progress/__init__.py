"""How far a run is and how long its steps take: told while it works, never part of the ledger."""
