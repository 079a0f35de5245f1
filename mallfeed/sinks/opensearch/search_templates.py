"""The search templates, stored beside the index: the files in definition/, with weights filled in.

A template is a query in Mustache. `<<name>>` in a file stands for a weight in ranking.json, or for one of
the parts that are made here (`<<filters>>`, `<<facets>>`, `<<fields>>`). Changing them needs no reindex.
"""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any

from mallfeed.errors import SettingsInvalid
from mallfeed.sinks.opensearch.index_template import lines

TEMPLATES = ("product_search", "product_suggest", "product_spelling")
_PART = re.compile(r"<<([a-z_.]+)>>")

_FILTERS = {
    "category": '{{#category}},{"term": {"category_tree": "{{category}}"}}{{/category}}',
    "brand": '{{#brand.0}},{"terms": {"brand.folded": {{#toJson}}brand{{/toJson}}}}{{/brand.0}}',
    "mall": '{{#mall.0}},{"terms": {"mall_id": {{#toJson}}mall{{/toJson}}}}{{/mall.0}}',
    "price": '{{#price_in_shop}},{"bool": {"should": [{"match_none": {}}{{#currencies}},{"bool": {"filter": ['
    '{"term": {"currency": "{{code}}"}}, {"range": {"price": {{#toJson}}range{{/toJson}}}}]}}{{/currencies}}]}}'
    "{{/price_in_shop}}"
    '{{#price_min}},{"range": {"price": {"gte": {{price_min}}}}}{{/price_min}}'
    '{{#price_max}},{"range": {"price": {"lte": {{price_max}}}}}{{/price_max}}',
    "availability": '{{#availability.0}},{"terms": {"availability": '
    "{{#toJson}}availability{{/toJson}}}}{{/availability.0}}",
    "free_shipping": '{{#free_shipping}},{"term": {"free_shipping": {{free_shipping}}}}'
    "{{/free_shipping}}",
    "adult": '{{#adults_only}},{"term": {"adult": true}}{{/adults_only}}'
    '{{#no_adult}},{"bool": {"must_not": {"term": {"adult": true}}}}{{/no_adult}}',
}
PRICE_STEPS = (10_000, 30_000, 50_000, 100_000, 300_000, 1_000_000)
"""The bounds of the price ranges that shoppers choose from, in won."""
_RANGES = [
    {"to": PRICE_STEPS[0]},
    *({"from": a, "to": b} for a, b in itertools.pairwise(PRICE_STEPS)),
    {"from": PRICE_STEPS[-1]},
]
_FACETS: dict[str, Any] = {
    "category": {"terms": {"field": "category_tree", "size": 200}},
    "brand": {"terms": {"field": "brand", "size": 50}},
    "mall": {"terms": {"field": "mall_id", "size": 100}},
    "availability": {"terms": {"field": "availability"}},
    "free_shipping": {"terms": {"field": "free_shipping"}},
}
_BY_PRICE = json.dumps({"by": {"range": {"field": "price", "ranges": _RANGES}}})[1:-1]
_BY_SHOP_PRICE = (
    '"shop_currency": {"missing": {"field": "price"}}{{#currencies}}, "in_{{code}}": {"filter": '
    '{"term": {"currency": "{{code}}"}}, "aggs": {"by": {"range": {"field": "price", "ranges": '
    "{{#toJson}}ranges{{/toJson}}}}}}{{/currencies}}"
)
_PRICE_FACET = (
    f"{{{{#currencies.0}}}}{_BY_SHOP_PRICE}{{{{/currencies.0}}}}"
    f"{{{{^currencies.0}}}}{_BY_PRICE}{{{{/currencies.0}}}}"
)
"""Ranges of prices: of each currency those that are the shop's ranges, or as the numbers stand."""


def build(directory: Path) -> dict[str, str]:
    """Template name → its source. Raises SettingsInvalid if a part is not defined."""
    ranking = json.loads((directory / "ranking.json").read_text("utf-8"))
    parts = {**_flat(ranking), **_made(ranking)}
    parts["shop_price"] = json.dumps(_script(directory / "shop_price.painless"))
    parts["accessories"] = " ".join(lines(directory / "accessories.txt"))
    return {name: _filled(directory / f"{name}.mustache", parts) for name in TEMPLATES}


def put(client: Any, directory: Path) -> None:
    """Store the templates in the cluster."""
    for name, source in build(directory).items():
        client.put_script(id=name, body={"script": {"lang": "mustache", "source": source}})


def sane_prices(directory: Path) -> tuple[int, int]:
    """The lowest and the highest price that is believed, in won (or another currency without decimals)."""
    sane = json.loads((directory / "ranking.json").read_text("utf-8"))["sane_price"]
    return sane["at_least"], sane["at_most"]


def _script(path: Path) -> str:
    """Without its comments, in one line."""
    code = (line.strip() for line in path.read_text("utf-8").splitlines())
    return " ".join(line for line in code if not line.startswith("//"))


def _filled(path: Path, parts: dict[str, str]) -> str:
    def part(found: re.Match[str]) -> str:
        if found[1] not in parts:
            raise SettingsInvalid(f"{path}: <<{found[1]}>> is not defined: see ranking.json")
        return parts[found[1]]

    return _PART.sub(part, path.read_text("utf-8"))


def _flat(ranking: dict[str, Any]) -> dict[str, str]:
    flat = {}
    for name, value in ranking.items():
        if isinstance(value, dict):
            flat.update({f"{name}.{key}": str(one) for key, one in value.items()})
        else:
            flat[name] = str(value)
    return flat


def _made(ranking: dict[str, Any]) -> dict[str, str]:
    return {
        "fields": _boosted(ranking["fields"]),
        "filters": "".join(_FILTERS.values()),
        "facets": ", ".join(
            [
                *(_facet(name, f'"by": {json.dumps(count)}') for name, count in _FACETS.items()),
                _facet("price", _PRICE_FACET),
            ]
        ),
        **{
            f"suggest.{kind}": _boosted(
                {f"{field}.{kind}": boost for field, boost in ranking["suggest"].items()}
            )
            for kind in ("jamo", "chosung")
        },
    }


def _boosted(fields: dict[str, float]) -> str:
    return json.dumps([f"{name}^{boost}" for name, boost in fields.items()])


def _facet(name: str, counted: str) -> str:
    others = "".join(clause for field, clause in _FILTERS.items() if field != name)
    return (
        f'"{name}": {{"filter": {{"bool": {{"filter": [{{"match_all": {{}}}}{others}]}}}}, '
        f'"aggs": {{ {counted} }}}}'
    )
