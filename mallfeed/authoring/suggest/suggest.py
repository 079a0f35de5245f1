"""Examines a file and derives everything that a catalog can say about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from mallfeed.authoring.suggest.assign import Candidate, assigned, candidates, confidence
from mallfeed.authoring.suggest.categories import category_field
from mallfeed.authoring.suggest.changes import Changes, changes_in, without_deletes
from mallfeed.authoring.suggest.dependent_fields import SALE_TIMES, in_order, orphans, unread_times
from mallfeed.authoring.suggest.encoding import TextEncoding
from mallfeed.authoring.suggest.examine_file import look
from mallfeed.authoring.suggest.fits import name_of_product
from mallfeed.authoring.suggest.json_cells import by_path
from mallfeed.authoring.suggest.label_rows import LabelRow, without_label_rows
from mallfeed.authoring.suggest.links import named_in_file
from mallfeed.authoring.suggest.options import in_common, options_of
from mallfeed.authoring.suggest.pictures import picture_fields
from mallfeed.authoring.suggest.prices import (
    lower_and_higher,
    price_fields,
    with_settled_marks,
)
from mallfeed.authoring.suggest.profile import Column
from mallfeed.authoring.suggest.sample import Sample, sampled
from mallfeed.authoring.suggest.several_rows import SeveralRows, several_rows, with_ids
from mallfeed.authoring.suggest.suggested_field import HIGH, MEDIUM, FoundField, calibrated
from mallfeed.authoring.suggest.surroundings import base_url_of, currency_of, needs_base_url
from mallfeed.authoring.suggest.yaml_words import flow
from mallfeed.catalog.model import FeedSpec
from mallfeed.catalog.names import PARTLY, level_of, roles_of
from mallfeed.kinds.sql.currencies import decimals_of
from mallfeed.product.fields import MAPPED, PRODUCT_FIELDS, WINDOW_ENDS

_PRICES = ("price", "sale_price", "list_price")
_PICTURES = ("image_url", "extra_image_urls")
_REST = frozenset(MAPPED) - {*_PRICES, *_PICTURES, "category_path"}
_ORDER = {name: place for place, name in enumerate(in_order())}
_NUMBERED = re.compile(r"(.+) \(\d+\)", re.DOTALL)
LIKELY_NAME = 0.65
OFTEN_DIFFERENT = 0.5
"""How well a text must fit a title to be one under another name: the same text in every row is none."""
SHORT = 80
"""Characters on average; longer texts describe."""
NO_BASE_URL = "addresses are built on it; run it again with --base-url https://YOUR.SHOP"
LONG = 1_500
"""Characters; longer cells do not go into attributes, which have 8 KB in all."""


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
    fields = [
        replace(one, sources=tuple(map(named_in_file, one.sources)))
        for one in _fields(_usable(sample), found)
    ]
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
    unsure = looked.encoding if looked.encoding and not looked.encoding.is_sure else None
    if unsure is not None:
        fields = [_unless_beyond_ascii(one, sample) for one in fields]
    fields.sort(key=lambda one: _ORDER[one.name])
    used = {name for one in fields for name in one.sources} | (
        {changes.column} if changes else set()
    )
    kept, left = _rest(whole, used)
    missing = [_help(f.name, sample) for f in PRODUCT_FIELDS
               if f.required and f.name not in {one.name for one in fields}]  # fmt: skip
    currency, _, why = currency_of(sample, fields)
    if not currency:
        missing.append(
            (
                "currency",
                f"{why}; name its code, as in `currency: EUR`, and have the mall send codes",
            )
        )
    if _lacks_base_url(sample, fields, base_url):
        missing.append(("base_url", NO_BASE_URL))
    return Suggestion(
        path.name,
        looked.packing,
        looked.why,
        looked.spec,
        sample,
        tuple(fields),
        kept,
        left,
        tuple(missing),
        changes,
        _rivals(found),
        doubts=(*_cut_short(looked.zeros), *unclear),
        several=several,
        labels=labels,
        encoding=unsure,
    )


def _unless_beyond_ascii(one: FoundField, sample: Sample) -> FoundField:
    """The field; medium if its text has letters that another encoding would read as others."""
    columns = [sample[name] for name in one.sources if name in sample]
    if all(value.isascii() for column in columns for value in column.values):
        return one
    return replace(one, confidence=min(one.confidence, HIGH - 0.05))


def _lacks_base_url(sample: Sample, fields: list[FoundField], base_url: str | None) -> bool:
    """Whether products' addresses are relative, and nothing names their site."""
    urls = [one for one in fields if one.name == "url" and "base_url" not in one.options]
    return base_url is None and needs_base_url(sample, urls) and base_url_of(sample, fields) is None


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


def repeated(sample: Sample) -> set[str]:
    """Names that occur twice in the header, also as they are numbered here: `price`, `price (4)`."""
    names = {column.name for column in sample.columns}
    numbered = {name: match[1] for name in names if (match := _NUMBERED.fullmatch(name))}
    return {one for name, bare in numbered.items() if bare in names for one in (name, bare)}


def _candidates(sample: Sample, headerless: bool, changes: Changes | None) -> list[Candidate]:
    return [
        one
        for one in candidates(sample, headerless)
        if changes is None or one.column.name != changes.column
    ]


def _fields(sample: Sample, found: list[Candidate]) -> list[FoundField]:
    pictures = picture_fields(sample, found)
    category = _unless_rivalled(category_field(sample, found), found, sample)
    special = [*pictures, *([category] if category else [])]
    taken = {name for one in special for name in one.sources}
    taken |= {
        c.name for c in sample.columns if level_of(c.name) is not None and c.name not in taken
    }
    chosen = assigned(found, taken, _REST | set(_PRICES))
    prices = _prices(found, chosen, tells_time=not chosen.keys().isdisjoint(SALE_TIMES))
    alone = set(orphans({*(chosen.keys() - set(_PRICES)), *(one.name for one in prices)}))
    chosen = {name: one for name, one in chosen.items() if name not in alone}
    if "title" not in chosen:
        chosen = _titled(chosen)
    rest = [
        FoundField(role, (one.column.name,), confidence(one, found, chosen), one.why)
        for role, one in chosen.items()
        if role not in _PRICES
    ]
    if "title" not in chosen:
        rest += _composed(chosen)
    return [*rest, *special, *prices]


def _titled(chosen: dict[str, Candidate]) -> dict[str, Candidate]:
    """Without any title, a description that is short and different in each row is one, or a maker's name with the model's."""
    text = chosen.get("description")
    if text is None or name_of_product(text.column) < OFTEN_DIFFERENT or text.column.length > SHORT:
        return chosen
    why = f"the only text, and short: {text.column.example[:40]}"
    rest = {role: one for role, one in chosen.items() if role != "description"}
    return rest | {"title": replace(text, role="title", score=MEDIUM, why=why)}


def _composed(chosen: dict[str, Candidate]) -> list[FoundField]:
    """A title of the brand's name and the model's, as feeds have it that name neither product nor article (Yandex, Icecat)."""
    brand, model = chosen.get("brand") or chosen.get("maker"), chosen.get("model_number")
    if brand is None or model is None or model.column.filled < 0.95 or model.column.distinct < 0.5:
        return []
    why = f"no column is called a title; composed: {brand.column.example} {model.column.example}"
    return [FoundField("title", (brand.column.name, model.column.name), MEDIUM, why[:120])]


def _unless_rivalled(
    category: FoundField | None, found: list[Candidate], sample: Sample
) -> FoundField | None:
    """The category; medium if another column is called one, and holds words."""
    if category is None or len(category.sources) > 1 or category.level != "high":
        return category
    rivals = [
        one for one in found
        if one.role == "category_path" and one.named >= LIKELY_NAME and one.score > HIGH - 0.2
        and sample.owner(one.column.name) not in {sample.owner(name) for name in category.sources}
    ]  # fmt: skip
    return replace(category, confidence=HIGH - 0.05) if rivals else category


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
    return [
        replace(one, confidence=min(one.confidence, HIGH - 0.05)) if one.name in _PRICES else one
        for one in fields
    ]


def _prices(
    found: list[Candidate], chosen: dict[str, Candidate], *, tells_time: bool
) -> list[FoundField]:
    now, sale, before = (chosen.get(role) for role in _PRICES)
    if now is None and sale is None and before is not None:
        now, before = lower_and_higher(before, found)
    sure = confidence(now, found, chosen) if now is not None else 1.0
    sure = max(sure, 0.6) if now and now.named else sure
    fields = price_fields(now, sale, before, sure, tells_time=tells_time)
    return [_unless_other_price(one, found) if one.name == "price" else one for one in fields]


def _unless_other_price(price: FoundField, found: list[Candidate]) -> FoundField:
    """The price; medium if the feed has more amounts of a price's name than are told apart."""
    looked_at = {one.column.name for one in found if one.role in _PRICES and one.named >= LIKELY_NAME
                 and one.score > HIGH - 0.2 and one.column.filled > 0.2}  # fmt: skip
    if len(looked_at - set(price.sources)) < 2 or price.level != "high":
        return price
    return replace(price, confidence=HIGH - 0.05)


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


def _rest(
    sample: Sample, used: Iterable[str]
) -> tuple[tuple[Column, ...], tuple[tuple[str, str], ...]]:
    taken = {sample.owner(name) for name in used}
    twice = repeated(sample)
    kept: list[Column] = []
    left = [(name, "its value is an object in a few records only") for name in sample.odd]
    for column in sample.columns:
        if column.name in taken or column.element_of is not None:
            continue
        if column.name in twice:
            left.append(
                (column.name, "its name occurs twice in the header, so no catalog can name it")
            )
        elif not column.values:
            left.append((column.name, "blank in every row"))
        elif column.length > LONG:
            left.append(
                (
                    column.name,
                    f"{column.length:,.0f} characters on average, too long for an attribute",
                )
            )
        else:
            kept.append(column)
    return tuple(kept[:100]), (*left, *((c.name, "more than 100 attributes") for c in kept[100:]))


def _likely_roles(column: str) -> set[str]:
    """Fields that a column's name surely means; any price is one that may be paid."""
    roles = {role for role, sure in roles_of(column).items() if sure > PARTLY}
    return roles | ({"price"} if roles & set(_PRICES) else set())


def _help(name: str, sample: Sample) -> tuple[str, str]:
    """What to do about a required field without a column."""
    if not sample.rows:
        read = f"{sample.torn:,} records that could not be split" if sample.torn else "no record"
        return (
            name,
            f"the file has {read}, and a name alone does not tell what a column holds; have the mall send products",
        )
    twice = [one for one in sorted(repeated(sample)) if name in _likely_roles(one)]
    if twice:
        return name, (
            f"`{twice[0]}` stands twice in the header, so this file cannot be loaded as it is; "
            "have the mall name each column once"
        )
    if name == "url":
        slug = next(
            (c.name for c in sample.columns if c.name.lower() in ("handle", "slug", "url_key")),
            None,
        )
        if slug:
            return (
                name,
                f"no column has addresses; run it again with --base-url https://YOUR.SHOP to compose them from `{slug}`",
            )
        return (
            name,
            "no column has addresses of products; ask the mall for one, or compose them with an expression from the id",
        )
    codes = next(
        (c.name for c in sample.columns if name in _likely_roles(c.name) and c.values), None
    )
    if name == "category_path" and codes is not None:
        return name, (
            f"`{codes}` has codes, not names; write them with their paths in categories.csv beside the draft, "
            "with the header `number,path`, and add: "
            f"category_path: {flow({'type': 'lookup', 'from': codes, 'table': 'categories', 'key': 'number', 'value': 'path'})}"
        )
    helps = {
        "product_id": "no column has a unique value in each row",
        "title": "no column looks like a product's name",
        "price": "no column looks like what the buyer pays",
        "category_path": "no column looks like a category; a constant will do: {type: constant, value: 기타}",
    }
    return name, helps[name]
