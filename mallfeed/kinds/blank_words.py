"""Words that stand where nothing was to be said: `null`, `N/A`, `-`.

A cell that is such a word, and nothing else, is blank. Which words they are is the catalog's to say
(`blank_words` of a feed or of a field), else the field's own (`Target.blank_words`). The usual ones stand in
groups in `jvm/mallfeed/functions/BlankWords.java`, with their sources and with how a cell is compared with them
(case, width, space and brackets do not count); here they are named only, since a plan names them for each field.
"""

from __future__ import annotations

_GROUP = "\ufdd0"
KEPT = "\ufdda"
"""Stands before a word that is a value, whatever group it is in."""
WORD_END = "\ufdd1"

WRITTEN_BY_PROGRAMS = (f"{_GROUP}programs",)
"""`null`, `N/A`, `#REF!`, a dash: no name, address or number is written so, in any field."""

ANSWERS = (f"{_GROUP}answers",)
"""없음: nothing where a name or a number belongs; an answer in an attribute (안감: 없음) or a tag."""

NO_TIMES = (f"{_GROUP}times",)
"""`0000-00-00`, with or without a time: no moment, and no attribute. No id: those stay as versions read them."""

EVERYWHERE = (*WRITTEN_BY_PROGRAMS, *ANSWERS)
"""In canonical fields."""
