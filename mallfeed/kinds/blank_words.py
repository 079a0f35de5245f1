"""Words that stand where nothing was to be said: `null`, `N/A`, `-`.

A cell that is such a word, and nothing else, is blank. Which words they are is the catalog's to say
(`blank_words` of a feed or of a field), else the field's own (`Target.blank_words`). How a cell is compared
with them (case, width, space and brackets do not count) is `jvm/mallfeed/functions/BlankWords.java`.
"""

from __future__ import annotations

WRITTEN_BY_PROGRAMS = (
    # null and nothing, as programs print them: SQL, Java and JavaScript, Python, Go, Ruby, Lua.
    "null", "none", "nil", "undefined", "[object Object]",
    # pandas.read_csv's and readr's words for a missing value; NaT is pandas' missing time.
    "NaN", "-NaN", "NA", "N/A", "NaT", "#NA", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN",
    # MySQL's LOAD DATA, PostgreSQL's COPY and Hive.
    r"\N",
    # Excel's error values.
    "#N/A", "#N/A N/A", "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#SPILL!", "#CALC!",
    "#GETTING_DATA",
    # People, in the cells of a column that must not be empty.
    "-", "n.a.", "n.a", "not available", "not applicable",
)  # fmt: skip
"""No name, address or number is written so, in any field."""

ANSWERS = ("없음", "해당없음", "해당사항없음")
"""Nothing where a name or a number belongs; an answer in an attribute (안감: 없음) or a tag."""

EVERYWHERE = (*WRITTEN_BY_PROGRAMS, *ANSWERS)
"""In canonical fields."""
