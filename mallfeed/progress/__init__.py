"""How far a run is and how long its steps take: reported while it works, never part of the ledger."""
