"""docs/search.md, made of the mapping, with an example query per field.

A test runs every example: each must find `EXAMPLE_PRODUCT`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mallfeed.sinks.opensearch import index_template
from mallfeed.sinks.opensearch.index_template import DEFINITION

EXAMPLE_PRODUCT: dict[str, Any] = {
    "mall_id": "gaon_mall",
    "product_id": "A-1",
    "title": "소니 WH-1000XM5 무선 헤드폰 블랙",
    "description": "소음을 지우는 블루투스 헤드폰",
    "price": 389000,
    "list_price": 479000,
    "currency": "KRW",
    "shipping_fee": 0,
    "category_path": ["디지털", "음향기기", "헤드폰"],
    "brand": "소니",
    "maker": "소니코리아",
    "origin": "말레이시아",
    "model_number": "WH-1000XM5",
    "gtin": "4548736132610",
    "gtins": ["4548736132610", "4548736132627"],
    "availability": "in_stock",
    "condition": "new",
    "item_group_id": "WH",
    "review_count": 1204,
    "rating": 4.8,
    "adult": False,
    "imported": True,
    "parallel_import": False,
    "made_to_order": False,
    "tags": ["노이즈캔슬링"],
    "attributes": {"color": "블랙"},
    "mall_updated_at": "2026-11-01T00:00:00.000Z",
    "available_at": "2026-11-15T00:00:00.000Z",
    "base_price": 479000,
    "sale_price": 399000,
    "sale_starts_at": "2026-11-20T15:00:00.000Z",
    "sale_ends_at": "2026-12-26T15:00:00.000Z",
    "expires_at": "2027-01-31T15:00:00.000Z",
    "pack_size": 2,
    "least_quantity": 1,
    "measure": "750 ml",
    "base_measure": "100 ml",
    "free_shipping_over": 30000,
    "card_price": 379000,
    "card_price_condition": "가온카드 5% 청구 할인",
    "coupon_price": 384000,
    "coupon_price_condition": "첫 구매 쿠폰",
    "stock_quantity": 12,
    "loaded_at": "2026-11-02T00:00:00.000Z",
    "url": "https://gaon.example/A-1",
    "content_hash": "0",
}

_TYPED: dict[str, Any] = {
    "category_tree": "디지털>음향기기",
    "discount_rate": 10,
    "free_shipping": True,
    "variant_key": "group:gaon_mall:WH",
    "product_group_key": "gtin:04548736132610#x2",
    "unit_price": 51866.67,
    "unit_price_measure": "100 ml",
    "title": "sony 헤드폰",
    "title.sort": "소니 wh-1000xm5 무선 헤드폰 블랙",
    "title.jamo": "헤ㄷ",
    "title.chosung": "ㅎㄷㅍ",
    "title.code": "1000xm5",
    "title.pairs": "무선헤드폰",
    "description": "블루투스",
    "category_path": "헤드폰",
    "category_path.text": "음향 기기",
    "category_path.squeezed": "헤드 폰",
    "category_path.jamo": "음햐",
    "category_path.chosung": "ㅇㅎㄱㄱ",
    "brand.folded": "소니",
    "brand.text": "sony",
    "brand.squeezed": "소 니",
    "brand.jamo": "손",  # on the way to 소니
    "brand.chosung": "ㅅㄴ",
    "maker.text": "소니코리아",
    "model_number.folded": "wh-1000xm5",
    "model_number.code": "wh1000xm5",
    "model_number.text": "wh 1000xm5",
    "tags": "노이즈캔슬링",
    "tags.text": "노이즈 캔슬링",
    "spelling": "헤드폰",
    "spelling.jamo": "헤드폰",
}
"""What the example queries, if it is not the product's own value."""

_RANGES = {"scaled_float", "integer", "byte", "date"}
_OF_TEMPLATES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("product_search", {"q": "소니 1000xm5", "collapse": "product_group_key", "facets": True}),
    ("product_search", {"q": "sony 헤드폰", "category": "디지털", "brand": ["소니"], "price_max": "400000"}),
    ("product_search", {"q": "무선헤드폰", "words": [{"text": "무선헤드폰", "long": True}], "names": ["무선헤드폰"]}),
    ("product_search", {"q": "4548736132627", "gtin": ["4548736132627", "04548736132627"]}),
    ("product_search", {"typed": "ㅎㄷㅍ", "free_shipping": "true", "no_adult": True}),
    ("product_search", {"all": True, "field": "price", "order": "asc", "after": [1000, "a_mall", "1"]}),
    ("product_search", {
        "all": True, "shop_order": "asc", "rates": {"KRW": 1, "USD": 1390.5}, "step": 1, "no_price": 1e300,
        "currencies": [{
            "code": "KRW", "range": {"lte": "400000"}, "sane": {"gte": "1001"}, "ranges": [{"from": 300000}],
        }], "price_in_shop": True,
    }),
    ("product_search", {"loose": "소니 핑크 무선 헤드폰"}),
    ("product_suggest", {"q": "헤ㄷ"}),
    ("product_suggest", {"q": "gpem", "other": "헤드"}),
    ("product_spelling", {"q": "해드폰", "probes": ["해드폰"]}),
)  # fmt: skip


def template_examples() -> Iterator[dict[str, Any]]:
    """Bodies for POST products/_search/template."""
    for name, params in _OF_TEMPLATES:
        yield {"id": name, "params": params}


def field_examples() -> Iterator[tuple[str, dict[str, Any]]]:
    """(field, body for POST products/_search) of every searchable field and sub-field."""
    for name, spec in _fields():
        if spec.get("index", True):
            yield name, {"query": _query(name, spec)}


def page(directory: Path = DEFINITION) -> str:
    """The whole page."""
    head = Path(__file__).with_name("search_head.md").read_text("utf-8")
    ranking = json.loads((directory / "ranking.json").read_text("utf-8"))
    return (
        head.replace("{most}", str(ranking["most_factor"]))
        .replace("{templates}", "\n\n".join(map(_block, template_examples())))
        .replace("{analysers}", "\n".join(_analysers(directory)))
        .replace("{fields}", "\n".join(_table()))
    )


def _fields() -> Iterator[tuple[str, dict[str, Any]]]:
    mapping = index_template.build(DEFINITION)["template"]["mappings"]["properties"]
    for name, spec in mapping.items():
        yield name, spec
        for sub, inner in spec.get("fields", {}).items():
            yield f"{name}.{sub}", inner


def _query(name: str, spec: dict[str, Any]) -> dict[str, Any]:
    if spec["type"] == "flat_object":
        return {"term": {f"{name}.color": EXAMPLE_PRODUCT[name]["color"]}}
    value = _TYPED[name] if name in _TYPED else EXAMPLE_PRODUCT[name]
    value = value[-1] if isinstance(value, list) else value
    if spec["type"] in _RANGES:
        return {"range": {name: {"gte": value}}}
    if spec["type"] == "text":
        return {"match": {name: {"query": value, "operator": "and"}}}
    return {"term": {name: value}}


def _table() -> Iterator[str]:
    yield "| field | type | analysis (index / search) | example |"
    yield "|---|---|---|---|"
    examples = dict(field_examples())
    for name, spec in _fields():
        example = f"`{_text(examples[name]['query'])}`" if name in examples else "–"
        yield f"| `{name}` | {_type(spec)} | {_analysis(spec)} | {example} |"


def _type(spec: dict[str, Any]) -> str:
    return f"{spec['type']}" + ("" if spec.get("index", True) else ", index: false")


def _analysis(spec: dict[str, Any]) -> str:
    if "normalizer" in spec:
        return f"normalizer `{spec['normalizer']}`"
    if "analyzer" not in spec:
        return ""
    search = spec.get("search_analyzer", spec["analyzer"])
    return f"`{spec['analyzer']}`" + (f" / `{search}`" if search != spec["analyzer"] else "")


def _analysers(directory: Path) -> Iterator[str]:
    analysis = json.loads((directory / "settings.json").read_text("utf-8"))["analysis"]
    yield "| analyser | character filters | tokenizer | token filters |"
    yield "|---|---|---|---|"
    for name, made in {**analysis["analyzer"], **analysis["normalizer"]}.items():
        chars = made.get("char_filter", [])
        if len(chars) > 1:
            chars = ["amounts in one unit"]
        yield (
            f"| `{name}` | {', '.join(chars)} | {made.get('tokenizer', '')} "
            f"| {', '.join(made['filter'])} |"
        )


def _block(body: dict[str, Any]) -> str:
    return f"```json\n{_text(body)}\n```"


def _text(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False)
