"""What is repeated in a file are groups of products, or products with parts that are repeated in them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from mallfeed.authoring.suggest.doubts import doubts
from mallfeed.authoring.suggest.suggest import Suggestion, suggest
from mallfeed.formats.looking import NotAFeed


def xml(n: int, tag: str = "product", more: str = "") -> str:
    return f"<{tag}><no>P{n}</no><name>의자 {n}</name><price>{n}000</price><url>https://a.example/{n}</url>{more}</{tag}>"


def attributes(n: int, tag: str = "product") -> str:
    return f"<{tag} code='P{n}' name='의자 {n}' sellprice='{n}000' link='https://a.example/{n}'/>"


def groups(
    around: str, product: Callable[[int], str] = xml, own: str = "", within: str = "{}"
) -> str:
    tag = around.split()[0]
    inner = [
        within.format("".join(map(product, range(10 * g + 1, 10 * g + 5)))) for g in range(1, 5)
    ]
    return (
        f"<shop><name>가게</name>{''.join(f'<{around}>{own}{one}</{tag}>' for one in inner)}</shop>"
    )


NAMED = "<id>7</id><name>가구</name>"
IN_LIST = "<products>{}</products>"
VARIANTS = (
    "<variants>"
    + "".join(
        f"<variant><id>{k}</id><title>색 {k}</title><price>900{k}</price><sku>s{k}</sku></variant>"
        for k in "123"
    )
    + "</variants>"
)


def of(kind: str, parts: str, own: str = "") -> str:
    """Products of that name, each with such parts."""
    return (
        "<shop>"
        + "".join(
            f"<{kind}><id>{n}</id><title>의자 {n}</title><url>https://a.example/{n}</url>{own}{parts}</{kind}>"
            for n in range(12)
        )
        + "</shop>"
    )


def looked(folder: Path, name: str, text: str) -> Suggestion:
    path = folder / name
    path.write_text(text, "utf-8")
    return suggest(path)


def drafted(found: Suggestion) -> dict[str, Sequence[str]]:
    return {one.name: one.sources for one in found.fields}


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        (groups("category name='가구'", within=IN_LIST), "product"),
        (groups("category id='1' name='가구' url='https://a.example/c'"), "product"),
        (groups("category", own=NAMED), "product"),
        (groups("c name='가구'", lambda n: xml(n, "p")), "p"),
        (groups("channel", lambda n: xml(n, "item"), "<title>가게</title><link>https://a.example</link><description>좋다</description>"), "item"),
        (groups("category name='가구'", attributes), "product"),
        (groups("category name='가구'", lambda n: xml(n, more=VARIANTS)), "product"),
        (groups("category name='가구'", within="<category name='의자'>{}</category>"), "product"),
        (groups("category name='가구'", within="<category name='의자'><group>{}</group></category>"), "product"),
    ],
)  # fmt: skip
def test_products_in_groups_are_the_records(text: str, tag: str, tmp_path: Path) -> None:
    found = looked(tmp_path, "shop.xml", text)
    assert (getattr(found.spec.options, "record_tag"), found.sample.rows) == (tag, 16)  # noqa: B009
    assert not any("[" in source for sources in drafted(found).values() for source in sources)
    assert "in groups: what only the elements around it say is not read" in found.why[1]


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        (of("product", VARIANTS), "product"),
        (of("node", VARIANTS), "node"),
        (of("item", xml(1, "item") + xml(2, "item")), "item"),
        (of("product", xml(1, "option") + xml(2, "option"), "<price>9000</price>"), "product"),
        (of("listing", xml(1, "offer") + xml(2, "offer")), "listing"),  # a comparison of prices
        (of("product", "<image><url>https://a.example/1.jpg</url><title>a</title><id>1</id></image>" * 2, "<price>1</price>"), "product"),
        (of("product", "<img url='https://a.example/1.jpg' title='a' id='1'/>" * 2, "<price>1</price>"), "product"),
        (of("product", "".join(f"<param name='색' unit='x' id='{k}'>1</param>" for k in "12"), "<price>1</price>"), "product"),
        (of("product", "<info><image>https://a.example/i.jpg</image></info>" + VARIANTS).replace("<url>", "<!--").replace("</url>", "-->"), "product"),
    ],
)  # fmt: skip
def test_products_with_parts_stay_the_records(text: str, tag: str, tmp_path: Path) -> None:
    found = looked(tmp_path, "shop.xml", text)
    assert (getattr(found.spec.options, "record_tag"), found.sample.rows) == (tag, 12)  # noqa: B009


@pytest.mark.parametrize("around", ["{}", "<head><name>a</name><tel>1</tel><url>x</url></head>{}"])
def test_records_with_attributes_only_are_drafted(around: str, tmp_path: Path) -> None:
    records = "".join(map(attributes, range(1, 13)))
    found = looked(tmp_path, "goods.xml", f"<goods>{around.format(records)}</goods>")
    assert (found.sample.rows, found.sample.torn) == (12, 0)
    fields = drafted(found)
    assert [fields[one] for one in ("product_id", "title", "price", "url")] == [
        ("@code",), ("@name",), ("@sellprice",), ("@link",),
    ]  # fmt: skip


def test_text_beside_attributes_makes_no_record(tmp_path: Path) -> None:
    text = "".join(f"<c id='{n}' parent='0' rank='{n}'>가구</c>" for n in range(12))
    with pytest.raises(NotAFeed, match="without a repeated element that contains others, or has"):
        looked(tmp_path, "goods.xml", f"<goods>{text}</goods>")


def product(n: int, **more: object) -> dict[str, object]:
    return {
        "id": f"P{n}",
        "name": f"의자 {n}",
        "price": n * 1000,
        "url": f"https://a.example/{n}",
        **more,
    }


def in_groups(**own: object) -> list[Any]:
    return [{**own, "products": [product(10 * g + n) for n in range(1, 5)]} for g in range(1, 5)]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (in_groups(category="가구"), "item.products"),
        ({"categories": in_groups(id=1, name="가구", url="https://a.example/c")}, "categories.item.products"),
        ({"data": {"groups": [{"name": "x", "list": {"items": one["products"]}} for one in in_groups()]}}, "data.groups.item.list.items"),
        ({"categories": [{"name": "x", "categories": in_groups(name="y")[g : g + 2]} for g in (0, 2)]}, "categories.item.categories.item.products"),
    ],
)  # fmt: skip
def test_products_in_groups_of_json_are_the_records(
    document: object, path: str, tmp_path: Path
) -> None:
    found = looked(tmp_path, "shop.json", json.dumps(document))
    assert (getattr(found.spec.options, "records_path"), found.sample.rows) == (path, 16)  # noqa: B009
    assert drafted(found)["title"] == ("name",)
    assert not [why for name, why in doubts(found) if name == "rows"]


@pytest.mark.parametrize(
    "parts",
    [
        {"variants": [product(k, sku=f"s{k}") for k in range(3)]},
        {"offers": [{"price": 1, "shop": "a", "url": "https://b.example"}] * 3},
        {"images": [{"id": 1, "title": "a", "url": "https://a.example/1.jpg"}] * 3},
    ],
)
def test_products_with_parts_stay_the_records_of_json(
    parts: dict[str, object], tmp_path: Path
) -> None:
    found = looked(tmp_path, "shop.json", json.dumps([product(n, **parts) for n in range(12)]))
    assert (getattr(found.spec.options, "records_path"), found.sample.rows) == (None, 12)  # noqa: B009


def test_groups_a_line_are_to_be_checked(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(one) for one in in_groups(category="가구"))
    found = looked(tmp_path, "shop.jsonl", lines)
    [why] = [why for name, why in doubts(found) if name == "rows"]
    assert why.startswith("each record has a list, `products`, of which only one element is read")
