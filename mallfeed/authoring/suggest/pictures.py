"""The main picture and the others: in separate columns, numbered columns, or several in a cell."""

from __future__ import annotations

import re

from mallfeed.authoring.suggest.assign import Candidate
from mallfeed.authoring.suggest.fits import pictures
from mallfeed.authoring.suggest.profile import Column
from mallfeed.authoring.suggest.sample import Sample
from mallfeed.authoring.suggest.sql_names import quoted
from mallfeed.authoring.suggest.suggested_field import FoundField
from mallfeed.authoring.suggest.values import urls_in
from mallfeed.catalog.names import image_number, roles_of
from mallfeed.product.fields import MAX_EXTRA_IMAGES

_SEPARATORS = ("|", ",", ";", " ", "^", "\n")


def picture_fields(sample: Sample, found: list[Candidate]) -> list[FoundField]:
    """`image_url` and `extra_image_urls`, as far as they exist."""
    listed = _listed(sample)
    if listed:
        return listed
    main = next((one for one in found if one.role == "image_url" and _is_plain(one.column)), None)
    packed = next(
        (one for one in found if one.role == "image_url" and separator_in(one.column)), None
    )
    if packed is not None and (main is None or packed.named > main.named):
        return _packed(packed)
    extra = _extra(sample, found, main)
    fields = [FoundField("image_url", (main.column.name,), main.score, main.why)] if main else []
    return fields + ([extra] if extra else [])


def _is_plain(column: Column) -> bool:
    return (
        column.share("json_list") < 0.3
        and separator_in(column) is None
        and column.element_of is None
    )


def _listed(sample: Sample) -> list[FoundField]:
    """Pictures in JSON lists: their elements are texts, or objects that contain an address."""
    lists = [
        c
        for c in sample.columns
        if c.share("json_list") > 0.5 and pictures(c) and _about_pictures(c)
    ]
    for column in sorted(lists, key=lambda one: -roles_of(one.name).get("image_url", 0)):
        way = next((w for w in _ways(sample, column) if f"{column.name}[0]{w}" in sample), None)
        if way is None:
            continue
        mine = [f"{column.name}[{n}]{way}" for n in range(MAX_EXTRA_IMAGES + 1)]
        there = [name for name in mine if name in sample]
        why = f"the first of a list: {sample[there[0]].example[:40]}"
        main = next((c for c in sample.columns if c.share("picture") > 0.8 and c.element_of is None
                     and roles_of(c.name).get("image_url", 0) > 0.9), None)  # fmt: skip
        if main is not None:
            fields = [
                FoundField("image_url", (main.name,), 0.95, f"known name: {main.example[:40]}")
            ]
            rest = there if way else [column.name]
        else:
            fields, rest = [FoundField("image_url", (there[0],), 0.95, why)], there[1:]
        if rest:
            told = f"the list's {'others' if main is None else 'pictures'}"
            fields.append(FoundField("extra_image_urls", tuple(rest[:MAX_EXTRA_IMAGES]), 0.9, told))
        return fields
    return []


def _about_pictures(column: Column) -> bool:
    roles = roles_of(column.name)
    return (
        max(roles.get("image_url", 0), roles.get("extra_image_urls", 0)) >= 0.5
        or "media" in column.name
    )


def _ways(sample: Sample, column: Column) -> list[str]:
    """Paths from an element to its address: none, `.src`, `.url` …"""
    start = f"{column.name}[0]"
    ends = [c.name[len(start):] for c in sample.columns
            if c.name.startswith(start) and c.share("url", "path") > 0.8]  # fmt: skip
    return sorted(ends, key=lambda end: (len(end), end))


def separator_in(column: Column) -> str | None:
    """The separator of several addresses in a cell; None if there is one per cell."""
    values = column.values[:300]
    for mark in _SEPARATORS:
        counts = [urls_in(value, mark) for value in values]
        if sum(n > 0 for n in counts) > len(counts) * 0.8 and any(n > 1 for n in counts):
            return mark
    return None


def _packed(one: Candidate) -> list[FoundField]:
    mark = separator_in(one.column) or ","
    name = quoted(one.column.name)
    shown = re.escape(mark) if mark != "\n" else r"\n"
    first = {"type": "expression", "sql": f"trim(split_part({name}, '{mark}', 1))"}
    rest = f"regexp_replace(regexp_replace({name}, '^[^{shown}]*[{shown}]?', ''), '{shown}', '|')"
    return [
        FoundField("image_url", (one.column.name,), one.score, f"{one.why}; the first of several", first),
        FoundField("extra_image_urls", (one.column.name,), min(one.score, 0.9), "the others of the same cell",
                   {"type": "expression", "sql": rest}),
    ]  # fmt: skip


def _extra(sample: Sample, found: list[Candidate], main: Candidate | None) -> FoundField | None:
    own = main.column.name if main else None
    numbered = sorted(
        ((n, c) for c in sample.columns
         if (n := image_number(c.name)) is not None and c.name != own and c.element_of is None and pictures(c)),
        key=lambda pair: pair[0],
    )  # fmt: skip
    named = next(
        (one for one in found if one.role == "extra_image_urls" and one.column.name != own), None
    )
    if named is not None and (image_number(named.column.name) is None or not numbered):
        options = _separators(named.column)
        return FoundField("extra_image_urls", (named.column.name,), named.score, named.why, options)
    if not numbered:
        return None
    names = tuple(column.name for _, column in numbered[:MAX_EXTRA_IMAGES])
    return FoundField("extra_image_urls", names, 0.9, f"{len(names)} numbered columns of pictures")


def _separators(column: Column) -> dict[str, str]:
    mark = separator_in(column)
    return {} if mark in (None, "|") else {"separators": str(mark)}
