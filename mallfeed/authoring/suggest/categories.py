"""The category path: one column per level, or one cell to be split."""

from __future__ import annotations

import re
from collections import defaultdict

from mallfeed.authoring.suggest.assign import Candidate
from mallfeed.authoring.suggest.profile import Column
from mallfeed.authoring.suggest.sample import Sample
from mallfeed.authoring.suggest.sql_names import quoted
from mallfeed.authoring.suggest.suggested_field import HIGH, FoundField
from mallfeed.catalog.name_words import USUAL
from mallfeed.catalog.names import level_of, words_of

_IN_NAME = re.compile(r"[(\[{]\s*[^\W\d_]{1,10}\s*([>|›»/:;^~,])\s*[^\W\d_]{1,10}\s*(?:\1|[)\]}])")
_BETWEEN_LEVELS = (">", "›", "»", " / ")
_MARKS = (">", "|", "›", "»", "/", ":", ";", "^", "~", "@", ",")


def category_field(sample: Sample, single: list[Candidate]) -> FoundField | None:
    """The field of either kind, whichever is surer; None if nothing is a category."""
    levels = _levels(sample)
    best = _best_single(single)
    if levels and best is not None and best.named >= USUAL and levels.confidence < HIGH:
        return _split(
            best
        )  # a path, or the one level that a name says, rather than levels without their first
    if levels and (best is None or len(levels.sources) > 1):
        return levels
    if levels and best is not None and levels.confidence >= best.score:
        # One level alone says less than a path does.
        return _split(best) if best.column.share("levels") > 0.5 and best.score > 0.6 else levels
    return _split(best) if best else None


def _levels(sample: Sample) -> FoundField | None:
    groups: dict[tuple[str, bool], dict[int, Column]] = defaultdict(dict)
    for column in sample.columns:
        level = level_of(column.name)
        if level is not None and column.share("url") < 0.3:
            groups[(level.stem, level.code)].setdefault(level.number, column)
    named = [g for g in groups.values() if _are_words(g[min(g)])]
    if not named:
        return None
    # A file may lack the broadest levels; a group that has them is the better one.
    best = max(named, key=lambda group: (1 in group, len(group), group[min(group)].filled))
    ordered = [best[number] for number in sorted(best)]
    filled = [one for i, one in enumerate(ordered) if one.values or i == 0]
    why = f"one column per level, {len(filled)} of {len(ordered)} filled: {filled[0].example}"
    if _are_paths(ordered):
        why = f"the first of {len(filled)} columns with a path each: {filled[0].example}"
        return _split(Candidate("category_path", ordered[0], HIGH - 0.05, USUAL, why))
    confidence = 0.97 if filled[0].filled > 0.9 else 0.85
    if len(filled) > 1 and _has(ordered[0], " / "):
        why = f"{why}; is that a level, or a path?"
        confidence = min(confidence, HIGH - 0.05)
    if 1 not in best:
        why = f"{why}; the file has no level above `{ordered[0].name}`"
        confidence = min(confidence, HIGH - 0.05)
    return FoundField("category_path", tuple(one.name for one in ordered), confidence, why)


def _are_paths(ordered: list[Column]) -> bool:
    """Whether each column holds a whole path, as of several categories (`product_category_1`, `product_category_2`), and no level."""
    first = ordered[0]
    marks = [mark for mark in _BETWEEN_LEVELS if _has(first, mark)]
    return any(
        mark != " / " or all(_has(one, mark) for one in ordered if one.values) for mark in marks
    )


def _has(column: Column, mark: str) -> bool:
    return sum(mark in value for value in column.values) > len(column.values) * 0.5


def _are_words(column: Column) -> bool:
    return column.share("words") > 0.6 and not _all_codes(column)


def _all_codes(column: Column) -> bool:
    return column.share("codes") > 0.9


def _best_single(single: list[Candidate]) -> Candidate | None:
    # Codes name nothing: they are missing, and a lookup table gives their names.
    mine = [one for one in single if one.role == "category_path" and one.column.values
            and level_of(one.column.name) is None and not _all_codes(one.column)]  # fmt: skip
    if not mine:
        return None
    return max(mine, key=_likeliness)


def _likeliness(one: Candidate) -> float:
    """Among equally sure names, the one with a path, and rather a category than a type; one that has mostly codes stands behind any
    with names."""
    return (
        one.score
        - 0.1 * ("type" in words_of(one.column.name))
        + 0.1 * (one.named > 0 and one.column.share("levels") > 0.5)
        - 0.5 * (one.column.share("codes") > 0.5)
    )


def _split(best: Candidate) -> FoundField:
    column, confidence, why = best.column, best.score, best.why
    mark = separator_of(column)
    divider = _paths_divider(column, mark)
    if divider:
        sql = f"split_part({quoted(column.name)}, '{divider}', 1)"
        if mark is not None and mark not in ">|":
            sql = f"replace({sql}, '{mark}', '>')"
        told = f"{why}; the first of several paths separated by `{divider}`"
        return FoundField("category_path", (column.name,), min(confidence, 0.9), told,
                          {"type": "expression", "sql": sql})  # fmt: skip
    if column.share("json_list") > 0.5:
        return _of_list(column, confidence, why)
    options = {} if mark is None or (mark in ">|" and _only(column, mark)) else {"separators": mark}
    if mark is None and any(char in value for value in column.values for char in ">|"):
        options = {}
    return FoundField("category_path", (column.name,), confidence, why, options)


def _only(column: Column, mark: str) -> bool:
    other = {">": "|", "|": ">"}[mark]
    return not any(other in value for value in column.values)


def _of_list(column: Column, confidence: float, why: str) -> FoundField:
    return FoundField(
        "category_path", (column.name,), confidence, f"{why}; a JSON list, one level per element"
    )


def separator_of(column: Column) -> str | None:
    """The separator between the levels; None if each value is a single level."""
    values = column.values
    for mark in (">", "|", "›", "»"):
        if sum(mark in value for value in values) > len(values) * 0.3:
            return mark
    for mark in _MARKS[4:]:
        parts = [len([p for p in value.split(mark) if p.strip()]) for value in values]
        many = sum(n > 1 for n in parts) / max(len(parts), 1)
        spaced = any(f" {mark} " in value for value in values)
        if many > 0.8 and (spaced or sum(parts) / len(parts) >= 2.4 or _leads(values, mark)):
            return mark
    return _named_mark(column)


def _named_mark(column: Column) -> str | None:
    """The separator that the name of the column shows, if values have it: `Categories (x,y,z...)`."""
    shown = _IN_NAME.search(column.name)
    mark = shown[1] if shown else ""
    return mark if mark and any(mark in value for value in column.values) else None


def _leads(values: tuple[str, ...], mark: str) -> bool:
    """Whether the text before the mark repeats often, as a broad category does."""
    first = {value.split(mark)[0].strip() for value in values}
    return mark != "/" and len(values) >= 6 and len(first) <= len(values) / 3


def _paths_divider(column: Column, mark: str | None) -> str | None:
    """The separator of whole paths, if a cell has several: its right side begins as other paths do."""
    if mark is None:
        return None
    starts = {value.split(mark)[0].strip() for value in column.values}
    for divider in ("|", ",", ";", "\n"):
        if divider == mark:
            continue
        several = [value for value in column.values if divider in value and mark in value]
        whole = [v for v in several if _begins_anew(v, divider, mark, starts)]
        if whole and len(whole) >= len(several) * 0.6:
            return divider
    return None


def _begins_anew(value: str, divider: str, mark: str, starts: set[str]) -> bool:
    parts = [part.strip() for part in value.split(divider)]
    return len(parts) > 1 and all(part.split(mark)[0].strip() in starts for part in parts[1:])
