"""Faults of a catalog's `rows`: names of rules, and conditions, checked as expressions of fields are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mallfeed.catalog.compared_values import Odd, odd_comparisons
from mallfeed.catalog.inherit import MERGED_RULE
from mallfeed.catalog.inherit_rules import columns_gathered
from mallfeed.catalog.ordered_texts import ordered_texts
from mallfeed.catalog.raw_catalog import SECTIONS, mapping_at, sources_of
from mallfeed.catalog.rows import KEEP, names_for_rules
from mallfeed.catalog.settled_conditions import settled_conditions
from mallfeed.kinds.sql.condition import Names, check_condition
from mallfeed.kinds.sql.expression import columns_of
from mallfeed.kinds.sql.expression_tree import SyntaxFault
from mallfeed.wording import dotted, listed, nearest, shown
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.yaml_tree import Path

MOST_RULES = 100
"""Of one `rows`: each is evaluated for each row."""
LONGEST_NAME = 60
"""Characters: names stand in tables and reports."""


def row_faults(data: dict[str, Any]) -> Iterator[Fault]:
    """What is wrong with the rules of the catalog and of its feeds."""
    feeds = [
        (("feeds", name), feed)
        for name, feed in mapping_at(data, "feeds").items()
        if isinstance(feed, dict)
    ]
    for path, feed in feeds:
        yield from _of_part(feed, path, [names_of(data, feed)])
        yield from _taken_along(data, feed, path)
    yield from _of_part(data, (), [names_of(data, feed) for _, feed in feeds])


def conditions(part: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """The conditions of a catalog's or a feed's `rows` as written, each with its path below it."""
    rows = mapping_at(part, "rows")
    if isinstance(keep := rows.get("keep"), str):
        yield ("rows", "keep"), keep
    for name, sql in mapping_at(rows, "drop").items():
        if isinstance(sql, str):
            yield ("rows", "drop", name), sql


def names_of(data: dict[str, Any], feed: dict[str, Any]) -> Names:
    """What a bare name in the feed's conditions means, of a catalog as written."""
    columns: list[str] = []
    fields: list[str] = []
    for section in SECTIONS:
        written = {**mapping_at(data, section), **mapping_at(feed, section)}
        fields += written if section == "fields" else []
        for one in written.values():
            columns += [column for _, column in sources_of(one)]
            if isinstance(one, dict) and isinstance(one.get("sql"), str):
                columns += columns_of(one["sql"])
    columns += [column for _, column in columns_gathered(feed)]
    operation = mapping_at(feed, "operation").get("from")
    return names_for_rules([*columns, *([operation] if isinstance(operation, str) else [])], fields)


def _of_part(part: dict[str, Any], path: Path, names: list[Names]) -> Iterator[Fault]:
    drop = mapping_at(mapping_at(part, "rows"), "drop")
    if len(drop) > MOST_RULES:
        here = (*path, "rows", "drop")
        what = f"`{dotted(here)}` has {len(drop):,} rules"
        yield Fault(here, what, f"{MOST_RULES} at most", at_key=True)
    for name in drop:
        yield from _named(name, (*path, "rows", "drop", name))
    for below, sql in conditions(part):
        here = (*path, *below)
        odd = dict.fromkeys(odd for one in names for odd in _odd(sql, one))
        for what, expected in odd:
            yield Fault(here, f"`{dotted(here)}`: {what}", expected)
        told = dict.fromkeys(fault for one in names for fault in check_condition(sql, one))
        for fault in () if odd else told:
            yield Fault(here, f"`{dotted(here)}`: {fault}")
        for what, expected in (
            () if odd or told else _settled(sql, names, keeps=below == ("rows", KEEP))
        ):
            yield Fault(here, f"`{dotted(here)}`: {what}", expected)


def _taken_along(data: dict[str, Any], feed: dict[str, Any], path: Path) -> Iterator[Fault]:
    """A parent takes its variations along by rules that its own row settles: over columns, not values."""
    named = mapping_at(mapping_at(feed, "inherit"), "parent").get("takes_along")
    drop = {
        name: sql
        for part in (data, feed)
        for name, sql in mapping_at(mapping_at(part, "rows"), "drop").items()
    }
    for place, name in enumerate(named if isinstance(named, list) else ()):
        here = (*path, "inherit", "parent", "takes_along", place)
        if name not in drop:
            meant = nearest(name, drop)
            what = f"`{dotted(here)}`: `rows.drop` has no rule {shown(name)}"
            yield Fault(here, what, "" if meant else listed(drop) if drop else "a rule", meant)
        elif isinstance(drop[name], str) and names_of(data, feed).fields_of(drop[name]):
            what = f"`{dotted(here)}`: the rule {shown(name)} reads values of the product, which a parent's row has not yet"
            yield Fault(here, what, "a rule over columns only")


def _odd(sql: str, names: Names) -> list[Odd]:
    try:
        tree = names.tree(sql)
        return [*odd_comparisons(tree), *ordered_texts(tree, names)]
    except SyntaxFault:
        return []  # `check_condition` has the fault


def _settled(sql: str, names: list[Names], *, keeps: bool) -> list[Odd]:
    """What comes out alike for every row of each feed."""
    found = [list(settled_conditions(one.tree(sql), one, keeps=keeps)) for one in names]
    return [odd for odd in found[0] if all(odd in other for other in found)] if found else []


def _named(name: str, here: Path) -> Iterator[Fault]:
    if name in (KEEP, MERGED_RULE):
        counted = "that `keep` does not keep" if name == KEEP else "that `inherit` brings together"
        what = f"`{dotted(here)}`: rows {counted} are counted under that name"
        yield Fault(here, what, "another name", at_key=True)
    elif not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        what = f"{shown(name)} is no name of a rule"
        yield Fault(here, what, f"up to {LONGEST_NAME} characters, as `hidden`", at_key=True)
