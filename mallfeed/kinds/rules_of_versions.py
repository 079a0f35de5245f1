"""By which rules a catalog version is read, where a release changed what becomes of ids.

Ids are how a product is known in the table, the index, the warehouse and people's links. A version that was
published keeps the ids that it gave, whatever later releases do; so a version is published with the rules of
its time, and read by them ever after (docs/decisions/rules-of-a-version.md).
"""

from __future__ import annotations

FIRST_RULES = 1
"""Of versions that say nothing: published before rules were noted."""
CLEAN_IDS = 2
"""A spreadsheet's text mark comes off ids; words that mean nothing, and lists and objects, are no ids;
an id of several columns is all of them joined, not the first that is filled."""
NEWEST_RULES = CLEAN_IDS
"""Of what is published now, and of drafts."""
