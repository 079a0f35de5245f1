"""The country of the shoppers, by the delivery fees that a feed names for several countries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from mallfeed.authoring.suggest.sample import Sample
from mallfeed.authoring.suggest.suggested_field import FoundField

USUAL = "KR"
"""A catalog's, where it says none."""
_NAMED = re.compile(r"(?:^|[,;|])\s*([A-Z]{2}):|country\"\s*:\s*\"([A-Z]{2})\"")
_CODE = re.compile(r"[A-Z]{2}")


def country_of(sample: Sample, fields: Sequence[FoundField]) -> str | None:
    """The country that most fees are for, where none is for the usual one; None where a draft needs to name none."""
    sources = [name for one in fields if one.name == "shipping_fee" for name in one.sources]
    found = Counter(code for name in sources for code in _countries(sample, name))
    if not found or USUAL in found:
        return None
    return found.most_common(1)[0][0]


def _countries(sample: Sample, source: str) -> Iterator[str]:
    values = sample[source].values if source in sample else ()
    for value in values:
        yield from (first or second for first, second in _NAMED.findall(value))
    around = source.rpartition(".")[0]
    for column in sample.columns:
        beside, _, step = column.name.rpartition(".")
        if around and beside == around and step.rpartition(":")[2] == "country":
            yield from (value for value in column.values if _CODE.fullmatch(value))
