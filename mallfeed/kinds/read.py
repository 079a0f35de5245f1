"""From a catalog's field type to its reading, by what the target holds."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import Any

from mallfeed.kinds.blank_words import EVERYWHERE, KEPT, WORD_END
from mallfeed.kinds.kind import Found, Kind
from mallfeed.kinds.options import USUAL, FieldType
from mallfeed.kinds.reading import Condition, Context, Problem, Reading
from mallfeed.kinds.registry import KINDS
from mallfeed.kinds.sources import Cells, Sources, texts_of
from mallfeed.kinds.sql.fees import fee_of
from mallfeed.kinds.sql.marks import BOOLEAN, BYTES, NESTED, NUMBER, shown, text_of
from mallfeed.kinds.sql.pieces import Sql, called, case, stripped, text
from mallfeed.kinds.target import Target


def reading_of(
    type_: FieldType, kind: Kind[Any], target: Target, sources: Sources, context: Context
) -> Reading:
    """The reading of a target of that kind; a type that it cannot hold only finds its text."""
    written = KINDS[type_.type]
    if written.finds is not None:
        return _found(type_, written.finds(type_, sources), kind, target, sources, context)
    own = type_ if type_.type in kind.holds else default_of(kind)
    taken = _taken(kind, target, context)
    texts = texts_of(type_, sources, taken, targets=kind.holds_links)
    texts = tuple(map(sources.once, _of_country(texts, type_, target, context)))
    words = _blank_words(type_, own, kind, target, context)
    cells = Cells.of(type_, texts, words, sources)
    return _with_unread(_read(own, kind, target, cells, context), texts, words, type_.default)


def default_of(kind: Kind[Any]) -> FieldType:
    """The type with which a field of that kind is read when the catalog does not say how."""
    if kind.default is None:
        raise ValueError(f"a field of kind {kind.name} cannot be read: it is no value by itself")
    return kind.default


def _found(
    type_: FieldType,
    found: Found,
    kind: Kind[Any],
    target: Target,
    sources: Sources,
    context: Context,
) -> Reading:
    own = found.read_as or default_of(kind)
    words = "''" if found.is_said else _blank_words(type_, own, kind, target, context)
    texts = tuple(text_of(one, _taken(kind, target, context)) for one in found.texts)
    texts = tuple(map(sources.once, _of_country(texts, None, target, context)))
    cells = Cells.of(type_, texts, words, Sources({}))
    reading = _with_unread(_read(own, kind, target, cells, context), texts, words, type_.default)
    if found.looked_up is not None:
        reading = _told_of(reading, sources.once(found.looked_up), found.elsewhere)
    if found.elsewhere is not None:
        reading = reading.with_problem(
            Problem("from_elsewhere", found.elsewhere, False), first=True
        )
    if found.unlisted is not None:
        reading = reading.with_problem(Problem("not_in_table", found.unlisted), first=True)
    if found.broken is not None:
        reading = reading.with_problem(Problem("not_json", found.broken), first=True)
    return reading if found.gave_up is None else _bounded(reading, sources.once(found.gave_up))


def _of_country(
    texts: tuple[Sql, ...], type_: FieldType | None, target: Target, context: Context
) -> tuple[Sql, ...]:
    """The texts; of those that hold values by country the own country's. `type_` names their columns, in order."""
    if not target.by_country:
        return texts
    names: tuple[str | None, ...] = type_.sources if type_ is not None else ()
    named = zip_longest(texts, names)
    return tuple(fee_of(one, name, context.country, context.currency) for one, name in named if one)


def _told_of(reading: Reading, looked_up: Sql, elsewhere: Condition | None) -> Reading:
    """The reading, which tells of what was looked up where the table lacks it."""
    written = reading.written

    def filled(cell: Sql) -> Sql:
        return f"coalesce({written(cell)}, {looked_up})"

    if elsewhere is None:
        return replace(reading, written=filled)
    return replace(
        reading,
        written=lambda cell: case((elsewhere(cell, cell), looked_up), otherwise=filled(cell)),
    )


def _bounded(reading: Reading, gave_up: Sql) -> Reading:
    """The reading of a value that may be too costly to find: then there is no cell, and a code says so."""
    problem = Problem("too_costly", lambda cell, _: f"({cell} is null and ({gave_up}))")
    cell = case((f"not ({gave_up})", reading.cell))
    return replace(reading, cell=cell).with_problem(problem, first=True)


def _taken(kind: Kind[Any], target: Target, context: Context) -> str:
    """Marks of what the target takes."""
    takes_any = kind.is_id and not context.cleans_ids
    nested = NESTED if kind.holds_objects or target.holds_objects or takes_any else ""
    number = "" if kind.knows_numbers else NUMBER
    takes_both = "boolean" in kind.raw_types or target.holds_objects or takes_any
    number += BOOLEAN if takes_both else ""
    return nested + number + (BYTES if kind.holds_bytes or target.holds_objects else "")


def _with_unread(
    reading: Reading, texts: tuple[Sql, ...], words: Sql, default: str | None
) -> Reading:
    """The reading, with what is told of texts that are no values; the first of several."""
    why = [called("no_value", one, words) for one in texts]
    unread, written = f"coalesce({', '.join(why)})" if len(why) > 1 else why[0], reading.written
    if len(texts) == 1 and default is None:
        # Then nothing is in the cell where the text is no value.
        bare = stripped(shown(texts[0]))
        return replace(
            reading, unread=unread, written=lambda cell: f"coalesce({written(cell)}, {bare})"
        )
    told = [case((f"{w} is not null", shown(t))) for w, t in zip(why, texts, strict=True)]
    return replace(
        reading,
        unread=unread,
        written=lambda cell: f"coalesce({', '.join(told)}, {written(cell)})",
    )


def _blank_words(
    type_: FieldType, own: FieldType, kind: Kind[Any], target: Target, context: Context
) -> Sql:
    """The words that mean nothing in the target, as the JVM functions take them; `''` = none do.

    The field says which, else the feed, else the target; where any text counts (a description), the
    field alone. A word with a meaning there is none of them: 없음 is no where yes or no is asked.
    """
    said = type_.blank_words
    if said is None and target.blank_words:
        said = context.blank_words
    if said is None and kind.is_id and not context.cleans_ids:
        said = ()
    mine = KINDS[own.type].blank_words
    usual = (*(target.blank_words or EVERYWHERE), *mine)
    words = usual if target.blank_words else ()
    if said is not None:
        words = tuple(word for one in said for word in (usual if one == USUAL else (one,)))
    if not words:
        return text("")
    known = sorted(KINDS[own.type].known_words(own, target))
    kept = [f"{KEPT}{word or '-'}" for word in known]  # `key_of` leaves nothing of a dash
    return text(WORD_END.join((*words, *kept)))


def _read(
    type_: FieldType, kind: Kind[Any], target: Target, cells: Cells, context: Context
) -> Reading:
    if KINDS[type_.type].finds is not None:  # a path within a path
        type_ = default_of(kind)
    read = kind.read if kind.options is None and kind.read else KINDS[type_.type].read
    if read is None:
        raise ValueError(f"the kind {type_.type} is a field type, but does not say how it is read")
    return read(type_, cells, target, context)
