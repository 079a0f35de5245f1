"""The draft: a catalog in YAML that says for every line how sure it is, and why."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mallfeed.authoring.suggest.assumed import Assumed, place_of
from mallfeed.authoring.suggest.attribute_names import attribute_names
from mallfeed.authoring.suggest.countries import country_of
from mallfeed.authoring.suggest.doubts import doubts
from mallfeed.authoring.suggest.hidden import RULE
from mallfeed.authoring.suggest.options import unknown_words
from mallfeed.authoring.suggest.platform import OnPlatform
from mallfeed.authoring.suggest.several_rows import SeveralRows
from mallfeed.authoring.suggest.suggest import Suggestion
from mallfeed.authoring.suggest.suggested_field import FoundField, level_of
from mallfeed.authoring.suggest.surroundings import base_url_of, needs_base_url
from mallfeed.authoring.suggest.yaml_words import comment, flow, scalar
from mallfeed.catalog.inherit import OF_THE_ARTICLE
from mallfeed.product.fields import BY_NAME, MAPPED
from mallfeed.visible import visible_line
from mallfeed.wording import how_many
from mallfeed.yaml_files.write import block

UNKNOWN = '"?"'
"""In place of the code of a currency that nobody knows yet: no catalog is valid with it."""
_PACKED = 90
"""Characters in a line of names."""
_COLUMN = 56
"""The column in which comments begin, if the line is short enough."""


@dataclass(frozen=True)
class Head:
    """What no file says: whose catalog it is, and from when it is in force."""

    mall: str
    version: int
    effective_from: datetime
    owner: str | None = None
    contact: str | None = None
    base_url: str | None = None
    currency: str | None = None
    timezone: str | None = None


def draft(found: Suggestion, head: Head, assumed: Sequence[Assumed]) -> str:
    """The catalog's text. It can be published as it is unless `found.missing` says otherwise."""
    lines = [
        *_top(found, head, assumed),
        *_head(found, head),
        *_fields(found),
        *_rows(found),
        *_feeds(found),
    ]
    return "\n".join(lines) + "\n"


def _top(found: Suggestion, head: Head, assumed: Sequence[Assumed]) -> Iterator[str]:
    yield "# yaml-language-server: $schema=../catalog.schema.json"
    yield f"# A draft for {head.mall}, derived from {comment(found.file_name)}: {how_many(found.sample.rows, 'record')}."
    yield "# Each line ends with how sure it is (high, medium, low) and why. Check those that are not high first."
    yield from _to_do(found, assumed)


def _to_do(found: Suggestion, assumed: Sequence[Assumed]) -> Iterator[str]:
    """What a person has to add, to check and to confirm."""
    for name, helps in found.missing:
        needed = ", which every product needs" if name in BY_NAME and BY_NAME[name].required else ""
        yield f"# MISSING: {name}{needed}: {comment(helps)}."
    for name, why in doubts(found):
        yield f"# CHECK: {name}: {comment(why).rstrip('.')}."
    yield "# ASSUMED, because the file does not say it. Confirm each with the mall:"
    yield from (f"#   {one.what}: {comment(one.value)} ({comment(one.why)})" for one in assumed)


def _head(found: Suggestion, head: Head) -> Iterator[str]:
    place = place_of(found, head.currency, head.timezone)
    (currency, sure, why), (zone, zone_sure, zone_why) = place.currency, place.timezone
    yield f"mall: {head.mall}"
    yield f"version: {head.version}"
    yield _line(
        f"effective_from: {head.effective_from.isoformat()}", "from when feeds are read with it"
    )
    yield _line(f"owner: {scalar(head.owner or 'to be named')}", "who maintains this catalog")
    yield _line(f"contact: {scalar(head.contact or 'to be named')}", "the contact at the mall")
    yield _line(f"timezone: {zone}", _told(zone_sure, zone_why))
    told = _told(sure, why) if currency else f"MISSING: {dict(found.missing).get('currency', why)}"
    yield _line(f"currency: {currency or UNKNOWN}", told)
    if country := country_of(found.sample, found.fields):
        yield _line(f"country: {country}", "most delivery fees are for it, and none for Korea")
    base = head.base_url or base_url_of(found.sample, found.fields)
    if base:
        found_out = _told(0.6, "the site of its absolute addresses; others are relative")
        yield _line(f"base_url: {base}", "as given" if head.base_url else found_out)
    elif needs_base_url(found.sample, found.fields):
        yield "# base_url: https://YOUR.SHOP     # MISSING: the addresses are relative; name their site"
    yield ""


def _fields(found: Suggestion) -> Iterator[str]:
    yield "fields:"
    for one in found.fields:
        yield _line(f"  {one.name}: {_written(one)}", _told(one.confidence, one.why))
        if MAPPED[one.name].values:
            unknown = unknown_words(one.name, found.sample[one.sources[0]])
            if unknown:
                yield f"  #   unknown words, which will be dropped: {comment(', '.join(unknown))}"
    for name, helps in found.missing:
        if name in BY_NAME and BY_NAME[name].required:
            yield f"  # {name}: COLUMN     # MISSING: {comment(helps)}"
    yield ""
    if found.attributes:
        yield "attributes:                     # columns without a field of their own"
        names = attribute_names(column.name for column in found.attributes)
        for column in found.attributes:
            spec = {"from": column.name, "optional": True}
            shown = f"{column.example[:40]}{'…' if len(column.example) > 40 else ''}"
            yield _line(f"  {scalar(names[column.name])}: {flow(spec)}", shown)
        yield ""
    for name, why in found.left_out:
        yield f"# left out: {comment(name)}: {comment(why)}"


def _rows(found: Suggestion) -> Iterator[str]:
    if not found.labels and not found.hidden.rule:
        return
    yield "rows:"
    below = "                         # rows below the header that are no products"
    yield f"  drop:{below if found.labels else ''}"
    for one in found.labels:
        yield f"    {one.name}: {scalar(one.rule(found.fields))}"
    if rule := found.hidden.rule:
        yield _line(f"    {RULE}: {scalar(rule)}", "products that the mall does not show")
    yield ""


def _written(one: FoundField) -> str:
    source: Any = one.sources[0] if len(one.sources) == 1 else list(one.sources)
    if one.options.get("type") == "expression":
        return flow(one.options)
    if not one.options:
        return flow(source)
    return flow({"from": source, **one.options})


def _feeds(found: Suggestion) -> Iterator[str]:
    name = "changes" if found.changes else "full"
    yield "feeds:"
    yield f"  {name}:"
    yield _line("    default: true", "takes every key below feeds/<mall>/; see key_pattern")
    yield from (f"    # {comment(why)}" for why in found.why)
    yield f"    format: {found.spec.format}"
    options = _options(found)
    if options:
        yield f"    {found.spec.format}: {flow(options)}"
    if found.packing != "none":
        yield f"    # packed as {found.packing}, which is detected automatically"
    if found.changes:
        yield _line("    mode: delta", _told(found.changes.confidence, found.changes.why))
        words = {} if found.changes.usual else {
            "upsert": list(found.changes.upsert) or ["U"], "delete": list(found.changes.delete) or ["D"],
        }  # fmt: skip
        yield f"    operation: {flow({'from': found.changes.column, **words})}"
    else:
        yield _line(
            "    mode: full",
            "products that are absent are gone; a file with only changes needs mode: delta",
        )
    if found.several is not None:
        yield f"    # {comment(found.several.why)}"
        yield f"    inherit: {flow(_inherit(found, found.several))}"


def _inherit(found: Suggestion, several: SeveralRows) -> Mapping[str, Any]:
    """As a catalog says it; a row that does not repeat whether its article is hidden has it from the article."""
    inherit = several.inherit
    if "parent" in inherit and found.hidden.rule:
        return {**inherit, "parent": {**inherit["parent"], "takes_along": [RULE]}}
    if not found.hidden.inherited:
        return inherit
    usual = (name for one in found.fields if one.name in OF_THE_ARTICLE for name in one.sources)
    columns = dict.fromkeys((*usual, *found.hidden.inherited))
    return {**inherit, "columns": [name for name in columns if name != several.column]}


def _options(found: Suggestion) -> Mapping[str, Any]:
    """Of the format, those that are not the default, and those that a draft always states."""
    options = found.spec.options
    if options is None:
        return {}
    told = options.model_dump(exclude_defaults=True)
    told |= {key: getattr(options, key) for key in found.spec.format_row.drafted}
    return {key: told[key] for key in type(options).model_fields if key in told}


def _told(sure: float, why: str) -> str:
    return f"{level_of(sure)} {sure:.2f}: {why}"


def _line(text: str, told: str) -> str:
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return f"{text}{' ' * (_COLUMN - len(text) - wide)}  # {comment(told)}"


def draft_on_platform(one: OnPlatform, head: Head, assumed: Sequence[Assumed]) -> str:
    """The text of a catalog that extends the platform, and says only what differs."""
    return "\n".join([*_of_platform(one, head, assumed), *_differing(one)]) + "\n"


def _of_platform(one: OnPlatform, head: Head, assumed: Sequence[Assumed]) -> Iterator[str]:
    base, found = one.platform.reference, one.found
    marks = ", ".join(one.platform.head.recognised_by)
    yield "# yaml-language-server: $schema=../catalog.schema.json"
    yield f"# A draft for {head.mall}, derived from {comment(found.file_name)}: {how_many(found.sample.rows, 'record')}, with the"
    yield f"# header of {base.platform} ({comment(marks)}){visible_line(lacking(one))}. Here stands what differs from {base};"
    yield "# `mallfeed catalog show` prints all of it."
    yield from _to_do(found, assumed)
    yield f"mall: {head.mall}"
    yield f"version: {head.version}"
    yield f"extends: {base}"
    yield _line(
        f"effective_from: {head.effective_from.isoformat()}", "from when feeds are read with it"
    )
    yield _line(f"owner: {scalar(head.owner or 'to be named')}", "who maintains this catalog")
    yield _line(f"contact: {scalar(head.contact or 'to be named')}", "the contact at the mall")
    if "currency" in dict(found.missing):
        yield _line(f"currency: {UNKNOWN}", f"MISSING: {dict(found.missing)['currency']}")
    elif one.currency is not None:
        yield _line(f"currency: {one.currency[0]}", _told(*one.currency[1:]))
    if head.base_url:
        yield _line(f"base_url: {head.base_url}", "as given")
    elif one.needs_base_url:
        yield "# base_url: https://YOUR.SHOP     # MISSING: addresses are built on it"


def _differing(one: OnPlatform) -> Iterator[str]:
    data: dict[str, Any] = {}
    for path, value in one.own.items():
        part = data
        for key in path[:-1]:
            part = part.setdefault(key, {})
        part[path[-1]] = value
    fields = data.pop("fields", {})
    if one.found.fields or fields:
        yield from (line for line in _fields(one.found) if line)
        yield from (f"  {name}: null     # its column is not in this file" for name in fields)
    elif {
        name for name, _ in one.found.missing
    } & BY_NAME.keys():  # nothing below `fields:` would be no mapping
        yield from (f"# {line}" for line in _fields(one.found) if line)
    if one.format is not None:
        data["feeds"] = {one.feed: {**data.get("feeds", {}).get(one.feed, {}), **one.format}}
    yield from block(data).splitlines()
    if one.unread:
        yield "# other columns of the file, which nothing reads:"
        yield from (f"#   {line}" for line in _packed([comment(name) for name in one.unread]))


def _packed(names: Sequence[str]) -> Iterator[str]:
    """The names with commas between, in lines that are not much longer than others."""
    line = ""
    for name in names:
        if line and len(line) + len(name) > _PACKED:
            yield f"{line},"
            line = ""
        line = f"{line}, {name}" if line else name
    yield line


def lacking(one: OnPlatform) -> str:
    """Of the platform's header, what the file has not: ` but for …`; empty where it has all of it."""
    seen = one.seen
    names = [f"{n} (`{seen.renamed[n]}`?)" if n in seen.renamed else n for n in seen.lacking]
    return f" but for {', '.join(names)}" if names else ""
