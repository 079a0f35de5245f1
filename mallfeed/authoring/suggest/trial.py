"""A draft tried on its own file: what the job would make of its first rows, and what that says of the draft.

It imports Spark, which alone knows how a job reads a value: only a command that shows a draft imports it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from mallfeed.authoring.local_spark import LocalSpark
from mallfeed.authoring.preview import Preview, Told, preview
from mallfeed.authoring.suggest.dependent_fields import orphans
from mallfeed.authoring.suggest.drafted import Drafted, Trial
from mallfeed.authoring.suggest.profile import Column
from mallfeed.authoring.suggest.sample import ROWS
from mallfeed.authoring.suggest.suggest import Suggestion
from mallfeed.authoring.suggest.suggested_field import LOW, FoundField
from mallfeed.errors import CatalogInvalid, FeedHeld
from mallfeed.product.fields import MAPPED
from mallfeed.wording import how_many, verb

_ANOTHER_THING = (
    "_invalid",
    "_not_a_number",
    "_unknown",
    "_not_a_value",
    "_other_shape",
    "_no_text",
    "_not_json",
)
"""Ends of codes that say: these values are not of the field's kind."""
_AMISS = ("list_price_below_price", "sale_ends_at_before_start")
"""Codes that say of most rows that two columns are swapped, or are other things."""
_MOST, _MANY = 0.9, 0.2
"""Shares of a field's filled rows: above the one its column is another thing, above the other it is doubtful."""
_NEVER_DROPPED = ("currency",)
"""Without it, what the file says to be in another currency would load in the catalog's."""
_HALF = 0.5
ROUNDS = 3


def tried(made: Drafted, path: Path, local: LocalSpark) -> Drafted:
    """The draft, repaired as far as its own file shows how, with what came of it.

    A draft that lacks what nothing can stand in for is not tried, and one on a platform is not repaired: its fields are known.
    """
    came = None
    for _ in range(ROUNDS):
        if not made.can_be_tried:
            break
        seen = _seen(made, path, local)
        came = replace(_trial(made.found, seen), without=made.without)
        if made.platform is not None or not isinstance(seen, Preview):
            break
        repaired = _repaired(made.found, seen)
        if repaired is made.found:
            break
        made = replace(made, found=repaired)
    doubted = replace(made.found, doubts=(*made.found.doubts, *(came.doubts if came else ())))
    return replace(made, found=doubted, trial=came)


def _seen(made: Drafted, path: Path, local: LocalSpark) -> Preview | Exception:
    try:
        catalog = made.catalog()
        return preview(catalog, next(iter(catalog.feeds)), [path], 0, local, most_rows=ROWS)
    except (CatalogInvalid, FeedHeld) as refused:
        return refused


def _trial(found: Suggestion, seen: Preview | Exception) -> Trial:
    if isinstance(seen, CatalogInvalid):
        faults = tuple(("draft", f"it is no valid catalog: {fault}") for fault in seen.faults)
        return Trial(0, 0, 0, ("catalog_invalid", "; ".join(seen.faults)), faults)
    if isinstance(seen, FeedHeld):
        doubt = ("feed", f"it would be held, {seen.code}: {seen.message}")
        return Trial(0, 0, 0, (seen.code, seen.message), (doubt,))
    assert isinstance(seen, Preview)
    counts = seen.counts
    held = (seen.held.code, seen.held.message) if seen.held else None
    return Trial(
        counts.rows_read, counts.accepted, counts.rejected, held, tuple(_doubts(found, seen))
    )


def _doubts(found: Suggestion, seen: Preview) -> Iterator[tuple[str, str]]:
    if seen.held:
        yield "feed", f"it would be held, {seen.held.code}: {seen.held.message}"
    for one in seen.rejects:
        yield (
            one.field or "rows",
            f"{_counted(one, seen)} {verb(one.count, 'is', 'are')} rejected: {_example(one)}",
        )
    for one in seen.warnings:
        share = one.count / _filled(found, one.field, seen)
        if one.code in _AMISS and share > _HALF:
            yield (
                one.field,
                f"{_counted(one, seen)} {verb(one.count, 'is', 'are')} told, so it may be another thing: {_example(one)}",
            )
        if share > _MANY and one.code.endswith(_ANOTHER_THING):
            yield (
                one.field,
                f"{_counted(one, seen)} {verb(one.count, 'loses', 'lose')} it: {_example(one)}",
            )
    if many := seen.counts.duplicates:
        yield (
            "product_id",
            f"{how_many(many, 'row')} {verb(many, 'has', 'have')} an id that another row has",
        )


def _counted(told: Told, seen: Preview) -> str:
    return f"{told.count:,} of {how_many(seen.counts.rows_read, 'row')} ({told.code})"


def _example(told: Told) -> str:
    return told.examples[0][1] if told.examples else told.code


def _filled(found: Suggestion, field: str, seen: Preview) -> float:
    """Rows in which the field has a value in the file."""
    mine = [one for one in found.fields if one.name == field]
    columns = [found.sample[name] for one in mine for name in one.sources if name in found.sample]
    share = max((column.filled for column in columns), default=1.0)
    return max(share * seen.counts.rows_read, 1.0)


def _repaired(found: Suggestion, seen: Preview) -> Suggestion:
    """Without optional fields whose values are another thing, with the next column for required ones; or the same."""
    wrong = {
        one.field: f"{_counted(one, seen)}: {_example(one)}"
        for one in (*seen.warnings, *seen.rejects)
        if one.code.endswith(_ANOTHER_THING) and one.field in MAPPED and one.field not in _NEVER_DROPPED
        and one.count > _MOST * _filled(found, one.field, seen)
    }  # fmt: skip
    if seen.held and seen.held.code == "guard_duplicates":
        wrong["product_id"] = "its values repeat"
    fields = [_instead(found, one, wrong) if one.name in wrong else one for one in found.fields]
    kept = tuple(one for one in fields if one is not None)
    alone = set(orphans({one.name for one in kept}))
    kept = tuple(one for one in kept if one.name not in alone)
    if kept == found.fields:
        return found
    freed = _freed(found, kept)
    return replace(found, fields=kept, attributes=(*found.attributes, *freed))


def _instead(found: Suggestion, one: FoundField, wrong: Mapping[str, str]) -> FoundField | None:
    """The next column for the field; None without one, unless the field is required."""
    used = {name for other in found.fields for name in other.sources}
    rival = next(
        (r for r in found.rivals if r.name == one.name and not used & set(r.sources)), None
    )
    if rival is not None:
        why = f"{rival.why}; in place of `{', '.join(one.sources)}`: {wrong[one.name]}"
        return replace(rival, confidence=min(rival.confidence, LOW), why=why)
    return one if MAPPED[one.name].required else None


def _freed(found: Suggestion, kept: tuple[FoundField, ...]) -> list[Column]:
    """Columns that no field names any more, for the attributes."""
    used = {name for one in kept for name in one.sources}
    before = dict.fromkeys(name for one in found.fields for name in one.sources)
    return [
        found.sample[n]
        for n in before
        if n not in used and n in found.sample and found.sample[n].element_of is None
    ]
