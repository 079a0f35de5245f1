"""Source columns as text, whatever type a Parquet feed gave them, and the cells of one field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mallfeed.kinds.options import FieldType
from mallfeed.kinds.sql import marks
from mallfeed.kinds.sql.expression import gives_up, safe_sql
from mallfeed.kinds.sql.pieces import (
    NO_TEXT,
    Sql,
    called,
    case,
    column,
    stripped,
    text,
    with_default,
    without_zeros,
)
from mallfeed.kinds.sql.text_marks import no_lone_mark, without_text_mark

OURS = "\ufddb"
"""Before the name of a column that we add to a frame: a noncharacter, in no name of a mall's."""
_NUMBERS = ("tinyint", "smallint", "int", "bigint", "decimal")
_SHORT = 30
"""Characters of SQL that may be written out more than once: a column, a call around one."""
_ISO_MICROS = "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX"


class Sources:
    """The columns of a raw frame.

    Parameters
    ----------
    types : column → Spark SQL type name as `DataType.simpleString()` says it
    are_marked : texts may be marked (`mallfeed.kinds.sql.marks`): they are of a format that nests
    """

    def __init__(self, types: Mapping[str, str], are_marked: bool = False) -> None:
        self.types = dict(types)
        self._are_marked = are_marked
        self.places = {name: f"s_{place}" for place, name in enumerate(types)}
        self._texts: dict[Sql, str] = {}

    def under_own_names(self) -> Sources:
        """The same columns where they stand under the mall's names: in the raw frame itself."""
        same = Sources(self.types, self._are_marked)
        same.places = {name: column(name) for name in self.types}
        return same

    @property
    def sent(self) -> tuple[str, ...]:
        """The columns that the mall sent: without those that we have added."""
        return tuple(name for name in self.types if not name.startswith(OURS))

    def carried(self, name: str) -> str:
        """SQL of whether the record carries the column: whether it says anything of it, be it a blank."""
        if name not in self.types:
            return "false"
        among = f"contains(_carried, {text(OURS + name + OURS)})"
        return f"coalesce({among}, true)"

    def once(self, value: Sql) -> Sql:
        """The name of the column in which a value over the source columns is worked out, once: a reading writes its
        text several times, and parsing long SQL is most of what a small feed takes. What is short, itself.
        """
        if len(value) <= _SHORT:
            return value
        return self._texts.setdefault(value, f"t_{len(self._texts)}")

    @property
    def texts(self) -> dict[str, Sql]:
        """The columns that `once` has named so far → their SQL over the source columns."""
        return {name: value for value, name in self._texts.items()}

    def cell(self, name: str) -> str:
        """SQL for the column's text, as the mall wrote it; null when the feed lacks the column, or
        where its path leads nowhere."""
        text = self.marked(name)
        return marks.found(text) if self._marks(name) else text

    def marked(self, name: str) -> str:
        """SQL for the column's text as its reader left it."""
        if name not in self.types:
            return NO_TEXT
        return cell_text(self.places[name], self.types[name])

    def without(self, name: str, taken: str, *, targets: bool) -> str:
        """SQL for the column's text as its reader left it, but for these marks; of a cell with a link
        its target, or its text."""
        text = self.marked(name)
        if not self._marks(name):
            return text
        return marks.target_of(text, taken) if targets else marks.text_of(text, taken)

    def shown(self, name: str) -> str:
        """SQL for the column itself, its texts without marks."""
        return marks.shown(self.places[name]) if self._marks(name) else self.places[name]

    def expression(self, sql: str) -> str:
        """SQL for the text of a catalog's expression over the source columns; a list or an object that
        it passes on is marked again."""
        value = safe_sql(sql, self.cell)
        return marks.marked_json(value) if self._are_marked else value

    def _marks(self, name: str) -> bool:
        return self._are_marked and self.is_text(name)

    def gives_up(self, sql: str) -> str | None:
        """SQL of whether a pattern of the expression took too long on the row; None = it has none."""
        return gives_up(sql, self.cell)

    def is_text(self, name: str) -> bool:
        """Whether the feed has the column, as text."""
        return self.types.get(name) == "string"

    def is_number(self, name: str) -> bool:
        """Whether the column holds numbers already, with `.` as decimal mark by construction."""
        kind = self.types.get(name, "string")
        return kind.startswith(_NUMBERS) or kind in ("float", "double")

    def is_moment(self, name: str) -> bool:
        """Whether the column holds timestamps or dates already."""
        return self.types.get(name, "string") in ("timestamp", "timestamp_ntz", "date")


def cell_text(value: str, sql_type: str) -> str:
    """A typed value as text that the field types read back without loss."""
    if sql_type == "string":
        return value
    if sql_type in ("float", "double"):
        # A float by way of its text: 12.99 of 32 bits is 12.9899997711 otherwise.
        exact = f"cast({value} as string)" if sql_type == "float" else value
        plain = f"cast(try_cast({exact} as decimal(38,10)) as string)"
        return f"coalesce({without_zeros(plain)}, cast({value} as string))"
    if sql_type == "timestamp":
        return f"date_format({value}, {text(_ISO_MICROS)})"
    if sql_type.startswith(("array", "struct", "map")):
        return case((f"{value} is not null", f"to_json({value})"))
    return f"cast({value} as string)"


def texts_of(type_: FieldType, sources: Sources, taken: str, *, targets: bool) -> tuple[Sql, ...]:
    """SQL for the text of each column that a field names, without the marks of what it takes."""
    names = type_.sources
    return tuple(sources.without(name, taken, targets=targets) for name in names) or (NO_TEXT,)


@dataclass(frozen=True)
class Cells:
    """What one field is read from.

    Attributes
    ----------
    texts : SQL of each text, one or more; null where it is no value
    words : those that mean nothing, as the JVM functions take them
    are_numbers : they were numbers of the file's own, with `.` as decimal mark by construction
    are_moments : they were times or days of the file's own, in ISO 8601
    """

    texts: tuple[Sql, ...]
    words: Sql = "''"
    are_numbers: bool = False
    are_moments: bool = False

    @classmethod
    def of(cls, type_: FieldType, texts: tuple[Sql, ...], words: Sql, sources: Sources) -> Cells:
        """What is a value of these texts, of the columns that the type names. Its default fills the
        blanks of one text alone."""
        values = [called("value_in", one, words) for one in texts]
        if len(values) == 1:
            values = [with_default(values[0], type_.default)]
        names = type_.sources
        return cls(
            tuple(values),
            words,
            bool(names) and all(sources.is_number(name) for name in names),
            bool(names) and all(sources.is_moment(name) for name in names),
        )

    @property
    def first(self) -> Sql:
        """The first that is not blank, without white space around it."""
        short = [stripped(cell) for cell in self.texts]
        return short[0] if len(short) == 1 else f"coalesce({', '.join(short)})"

    def together(self, separator: str) -> Sql:
        """All that are not blank, with the separator between them."""
        if len(self.texts) == 1:
            return self.texts[0]
        filled = ", ".join(f"nullif(trim({cell}), {text('')})" for cell in self.texts)
        return f"nullif(concat_ws({text(separator)}, {filled}), '')"


def bare_parts(cells: Cells) -> Cells:
    """The cells, a spreadsheet's text mark off each of them."""
    return replace(cells, texts=tuple(without_text_mark(stripped(one)) for one in cells.texts))


def without_lone_marks(cells: Cells) -> Cells:
    """The cells, those blank that are a spreadsheet's text mark around nothing."""
    return replace(cells, texts=tuple(map(no_lone_mark, cells.texts)))
