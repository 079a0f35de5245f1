"""Examines a file and derives everything that a catalog can say about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from mallfeed.authoring.suggest.assign import Candidate, candidates
from mallfeed.authoring.suggest.changes import Changes, changes_in, without_deletes
from mallfeed.authoring.suggest.choose_fields import chosen_fields
from mallfeed.authoring.suggest.dependent_fields import SALE_TIMES, in_order, unread_times
from mallfeed.authoring.suggest.encoding import TextEncoding
from mallfeed.authoring.suggest.examine_file import look
from mallfeed.authoring.suggest.hidden import Hidden, hidden_in, without_flags
from mallfeed.authoring.suggest.json_cells import by_path
from mallfeed.authoring.suggest.label_rows import LabelRow, without_label_rows
from mallfeed.authoring.suggest.left_over import left_over, repeated
from mallfeed.authoring.suggest.links import named_in_file
from mallfeed.authoring.suggest.missing import missing
from mallfeed.authoring.suggest.options import in_common, options_of
from mallfeed.authoring.suggest.other_prices import with_doubted_prices
from mallfeed.authoring.suggest.prices import (
    with_settled_marks,
)
from mallfeed.authoring.suggest.profile import Column
from mallfeed.authoring.suggest.sample import Sample, sampled
from mallfeed.authoring.suggest.several_rows import SeveralRows, several_rows, with_ids
from mallfeed.authoring.suggest.suggested_field import FoundField, calibrated
from mallfeed.authoring.suggest.surroundings import currency_of
from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.kinds.sql.currencies import decimals_of
from mallfeed.product.fields import MAPPED, WINDOW_ENDS

_PRICES = ("price", "sale_price", "list_price")
_ORDER = {name: place for place, name in enumerate(in_order())}


@dataclass(frozen=True)
class Suggestion:
    """What a draft is written from.

    Attributes
    ----------
    file_name, packing, why : the file, how it is packed, and the evidence for its format
    spec : format options
    sample : the sampled records
    fields : suggested canonical fields, in the product's order
    attributes : columns without a canonical field
    left_out : unused columns, each with the reason
    missing : required fields without a column, each with a hint
    changes : the operation column of a delta
    rivals : other columns that required fields may be, best first
    doubts : (field or `feed`, what does not fit), of a draft that was tried on its own file
    several : how rows of one product belong together; None = each row is a product. `sample` has products then
    labels : rows below the header that are no products, which `sample` does not have
    encoding : that of a text, if it is not sure
    hidden : products that the mall itself does not show
    """

    file_name: str
    packing: str
    why: tuple[str, ...]
    spec: FeedSpec
    sample: Sample
    fields: tuple[FoundField, ...]
    attributes: tuple[Column, ...]
    left_out: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]
    changes: Changes | None
    rivals: tuple[FoundField, ...] = ()
    doubts: tuple[tuple[str, str], ...] = ()
    several: SeveralRows | None = None
    labels: tuple[LabelRow, ...] = ()
    encoding: TextEncoding | None = None
    hidden: Hidden = field(default_factory=Hidden)


def suggest(path: Path, base_url: str | None = None) -> Suggestion:
    """Examine a feed's file. Raises NotAFeed, or FeedHeld as loading it would."""
    looked = look(path)
    sample = sampled(path, looked.spec)
    headerless = looked.spec.format_row.columns(looked.spec.options) is not None
    labels: tuple[LabelRow, ...] = ()
    if not headerless and not looked.spec.format_row.nests:
        sample, labels = without_label_rows(sample)
    changes = changes_in(sample, path.name)
    if changes is not None:
        sample = without_deletes(sample, changes)
    whole, several = sample, None if changes is not None else several_rows(_usable(sample))
    if several is not None:
        sample = several.gathered
    found = _candidates(_usable(sample), headerless, changes)
    chosen, amounts_off = chosen_fields(_usable(sample), found)
    fields = [replace(one, sources=tuple(map(named_in_file, one.sources))) for one in chosen]
    if base_url and not any(one.name == "url" for one in fields):
        fields += _built_url(sample, base_url)
    fields = [_with_base(one, sample, base_url) for one in fields]
    if several is not None:
        several, fields = with_ids(several, fields)
    if not looked.spec.format_row.nests:
        fields = [by_path(one, sample) for one in fields]
    fields = [_finished(one, sample, looked.spec) for one in fields]
    fields = _with_common_times(fields, sample)
    fields, unclear = with_settled_marks(
        fields, sample, decimals_of(currency_of(sample, fields)[0])
    )
    fields = [replace(one, confidence=calibrated(one.confidence)) for one in fields]
    fields = _unless_untimed(fields, sample)
    fields, other_prices = with_doubted_prices(fields, sample, labels)
    hidden = hidden_in(_usable(whole), several, fields, changes.column if changes else None)
    fields = without_flags(fields, sample, hidden)
    unsure = looked.encoding if looked.encoding and not looked.encoding.is_sure else None
    if unsure is not None:
        fields = [_unless_beyond_ascii(one, sample) for one in fields]
    fields.sort(key=lambda one: _ORDER[one.name])
    used = {name for one in fields for name in one.sources} | (
        {changes.column} if changes else set()
    )
    kept, left = left_over(whole, used)
    return Suggestion(
        path.name,
        looked.packing,
        looked.why,
        looked.spec,
        sample,
        tuple(fields),
        kept,
        left,
        tuple(missing(sample, fields, base_url)),
        changes,
        _rivals(found),
        doubts=(*_cut_short(looked.zeros), *amounts_off, *other_prices, *unclear),
        several=several,
        labels=labels,
        encoding=unsure,
        hidden=hidden,
    )


def _unless_beyond_ascii(one: FoundField, sample: Sample) -> FoundField:
    """The field; medium if its text has letters that another encoding would read as others."""
    columns = [sample[name] for name in one.sources if name in sample]
    if all(value.isascii() for column in columns for value in column.values):
        return one
    return one.doubted()


def _cut_short(zeros: int) -> Iterator[tuple[str, str]]:
    if zeros:
        yield (
            "file",
            f"{zeros:,} NUL bytes stand behind its end, as where a copy was cut short: is it all there? Upload it again",
        )


def _rivals(found: list[Candidate]) -> tuple[FoundField, ...]:
    """What else an id, a title or an address may be."""
    return tuple(
        FoundField(one.role, (named_in_file(one.column.name),), one.score, one.why)
        for one in found
        if one.role in ("product_id", "title", "url") and one.column.filled > 0.95
    )


def _usable(sample: Sample) -> Sample:
    """Without columns whose name occurs twice in the header: no catalog can name those."""
    twice = repeated(sample)
    return replace(sample, columns=tuple(c for c in sample.columns if c.name not in twice))


def _candidates(sample: Sample, headerless: bool, changes: Changes | None) -> list[Candidate]:
    return [
        one
        for one in candidates(sample, headerless)
        if changes is None or one.column.name != changes.column
    ]


def _with_common_times(fields: list[FoundField], sample: Sample) -> list[FoundField]:
    """The fields; both ends of a sale are read by the same formats."""
    ends = [one for one in fields if one.name in WINDOW_ENDS and one.sources[0] in sample]
    if len(ends) < 2:
        return fields
    common = in_common([sample[one.sources[0]] for one in ends])
    return [
        replace(one, options={**{k: v for k, v in one.options.items() if k != "formats"}, **common})
        if one in ends
        else one
        for one in fields
    ]


def _unless_untimed(fields: list[FoundField], sample: Sample) -> list[FoundField]:
    """The fields; prices are medium if the file says when a sale holds, and that cannot be read."""
    read = {one.name: one.sources for one in fields}
    if all(name not in SALE_TIMES for name, _ in unread_times(sample.columns, read)):
        return fields
    return [one.doubted() if one.name in _PRICES else one for one in fields]


def _built_url(sample: Sample, base_url: str) -> list[FoundField]:
    """An address composed of the shop's own and a short name of the product."""
    for column in sample.columns:
        if (
            column.name.lower() in ("handle", "slug", "url_key", "url_handle", "url handle")
            and column.values
        ):
            below = (
                f"{base_url.rstrip('/')}/{'products/' if 'handle' in column.name.lower() else ''}"
            )
            why = f"composed of the given address and `{column.name}`"
            return [FoundField("url", (column.name,), 0.7, why, {"base_url": below})]
    return []


def _with_base(one: FoundField, sample: Sample, base_url: str | None) -> FoundField:
    """Relative addresses are as good as absolute ones once their base is known."""
    if one.name not in ("url", "mobile_url") or not base_url or one.sources[0] not in sample:
        return one
    column = sample[one.sources[0]]
    if column.share("path") < 0.9 or "base_url" in one.options:
        return one
    why = f"known name, relative to the given address: {column.example[:40]}"
    return replace(one, confidence=max(one.confidence, 0.9), why=why)


def _finished(one: FoundField, sample: Sample, spec: FeedSpec) -> FoundField:
    """With the options that its values require."""
    columns = [sample[name] for name in one.sources if name in sample]
    options = {**one.options, **(options_of(one.name, columns[0]) if columns else {})}
    least = 0.9 if MAPPED[one.name].required else 0.999
    sparse = any(column.filled < least for column in columns)
    if spec.format_row.nests and sparse and options.get("type") != "expression":
        options["optional"] = True
    return replace(one, options=options)
