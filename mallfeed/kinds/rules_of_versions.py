"""By which rules a catalog version is read, where a release changed what becomes of ids, or what a delta means.

Ids are how a product is known in the table, the index, the warehouse and people's links; and a mall whose delta
rows were whole products must not lose or keep values because of an upgrade. A version that was published keeps
both, whatever later releases do; so a version is published with the rules of its time, and read by them ever
after (docs/decisions/rules-of-a-version.md).
"""

from __future__ import annotations

FIRST_RULES = 1
"""Of versions that say nothing: published before rules were noted."""
CLEAN_IDS = 2
"""A spreadsheet's text mark comes off ids; words that mean nothing, and lists and objects, are no ids;
an id of several columns is all of them joined, not the first that is filled; a number of a workbook has the zeros in front
that its format shows (`00000`)."""
PARTIAL_ROWS = 3
"""A row of a delta changes what it names, and leaves the rest of its product as it is."""
SLICES = 4
"""A delta says to which of several full feeds it belongs."""
NEWEST_RULES = SLICES
"""Of what is published now, and of drafts."""
