"""Files that tell of one product in several rows: drafts bring them together."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mallfeed.authoring.suggest.assumed import assumed, place_of
from mallfeed.authoring.suggest.drafted import Drafted
from mallfeed.authoring.suggest.suggest import suggest
from mallfeed.catalog.read import read_catalog
from tests.catalog_command import CatalogCommand
from tests.unit.authoring.suggest.test_feeds import HEAD

Rows = list[list[object]]


@dataclass(frozen=True)
class Export:
    """An export: how many of ten articles' rows are products, and what its draft must say."""

    header: str
    rows: Sequence[str]
    products: int
    inherit: dict[str, Any]
    id: str

    def write(self, folder: Path) -> Path:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(self.header.split("|"))
        for n in range(10):
            writer.writerows(row.replace("#", str(n)).split("|") for row in self.rows)
        path = folder / "export.csv"
        path.write_text(out.getvalue(), "utf-8")
        return path


EXPORTS = {
    "woocommerce": Export(
        "Product ID|Kind|SKU|Product name|Regular price|Product categories|Image|Link|Parent SKU|Colour",
        ["1#0|variable|S#|Shirt no. #||Wear > Shirts|https://i.ex/#.jpg|https://s.ex/#||",
         "1#1|variation|S#-r||2#.50||||S#|red", "1#2|variation|S#-b||2#.90||||S#|blue"],
        20, {"parent": {"from": "Parent SKU", "to": "SKU"}}, "Product ID",
    ),
    "woocommerce, ids": Export(
        "id|name|price|category|link|parent",
        ["1#0|Shirt no. #||Wear > Shirts|https://s.ex/#|", "1#1||2#.50|||id:1#0", "1#2||2#.50|||id:1#0"],
        20, {"parent": {"from": "parent", "to": "id"}}, "id",
    ),
    "magento": Export(
        "sku|_type|name|price|_category|image|_media_image|link",
        ["M#|simple|Vase no. #|1#.00|Home/Vases|https://i.ex/#.jpg|https://i.ex/#.jpg|https://s.ex/#",
         "||||||https://i.ex/#b.jpg|", "||||Home/Gifts|||"],
        10, {"key": "sku", "above": True}, "sku",
    ),
    "merged cells": Export(
        "번호|상품명|카테고리|색상|판매가|링크", ["10#|머그컵 세트 #|주방>컵|흰색|900#|https://s.ex/#", "|||검정|950#|"],
        20, {"key": "번호", "above": True, "variant": ["색상"]}, "번호",
    ),
    "unknown, options": Export(
        "관리코드|품명|분류|가격|사진|상품링크|옵션명|사이즈",
        ["G#|면 티셔츠 #|의류>티셔츠|1500#|https://i.ex/#.jpg|https://s.ex/#|흰색|S", "G#|||1600#|||흰색|M", "G#|||1600#|||검정|M",
         "G#||||https://i.ex/#b.jpg|||"],
        30, {"key": "관리코드", "variant": ["옵션명", "사이즈"]}, "관리코드",
    ),
    "unknown, pictures": Export(
        "ref|titre|prix|lien|catégorie|image",
        ["A#|Chaise no. #|1#,90|https://s.ex/#|Maison > Chaises|https://i.ex/#.jpg", "A#|||||https://i.ex/#b.jpg"],
        10, {"key": "ref"}, "ref",
    ),
    "rakuten": Export(
        "商品管理番号（商品URL）|商品名|ジャンル|SKU管理番号|販売価格|商品ページURL",
        ["r#|リネンシャツ #|ファッション>シャツ|||https://s.ex/#", "r#|||r#-S|298#|", "r#|||r#-M|299#|"],
        20, {"key": "商品管理番号（商品URL）"}, "SKU管理番号",
    ),
    "shopify, other names": Export(
        "URL handle|Title|Product type|Option1 value|SKU|Price|Product image URL|link",
        ["shirt-#|Linen shirt #|Wear > Shirts|S|L#S|2#.00|https://i.ex/#.jpg|https://s.ex/#", "shirt-#|||M|L#M|2#.50||",
         "shirt-#||||||https://i.ex/#b.jpg|"],
        20, {"key": "URL handle"}, "SKU",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_rows_of_one_product_are_brought_together(name: str, tmp_path: Path) -> None:
    export = EXPORTS[name]
    found = suggest(export.write(tmp_path))
    assert found.several is not None
    assert found.several.inherit == export.inherit
    assert found.several.products == export.products
    by_name = {one.name: one for one in found.fields}
    assert by_name["product_id"].sources == (export.id,)
    assert by_name["title"].level == "high"
    assert {"price", "url", "category_path"} <= by_name.keys()
    assert not found.missing


@pytest.mark.parametrize("name", EXPORTS)
def test_the_draft_says_how_and_asks_to_confirm_it(name: str, tmp_path: Path) -> None:
    found = suggest(EXPORTS[name].write(tmp_path))
    catalog = read_catalog(Drafted(found, HEAD).text, "draft.yaml")
    assert catalog.feeds["full"].inherit is not None
    taken = {one.what: one for one in assumed(found, place_of(found, None, None))}
    assert "are inherited" in taken["inherit"].why
    assert taken["duplicates"].value == "first"


@pytest.mark.parametrize("name", ["magento", "unknown, options", "rakuten", "woocommerce"])
def test_the_file_loads_with_its_draft(
    name: str, tmp_path: Path, catalog_command: CatalogCommand
) -> None:
    file = EXPORTS[name].write(tmp_path)
    out = tmp_path / "v1.yaml"
    done = catalog_command("suggest", file, "--mall", "shop", "--out", out, "--json")
    trial = json.loads(done.stdout)["trial"]
    assert (trial["held"], trial["accepted"], trial["rejected"]) == (
        None, EXPORTS[name].products, 0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("id,title,price,link,category,brand", "i{n},Chair number {n},1{n},https://s.ex/{n},{blank:Home>Chairs},B{k}"),
        ("id,title,price,link,category,brand", "i{n},{blank:Chair {n}},1{n},https://s.ex/{n},Home>Chairs,B{k}"),
        ("id,title,price,link,category,vendor", "i{n},Chair {n},1{n},https://s.ex/{n},{blank:Home},V"),
        ("id,title,price,link,category,description", "i{n},Chair {n},1{n},https://s.ex/{n},Home,{blank:About chair {n}}"),
    ],
)  # fmt: skip
def test_blanks_that_no_other_row_fills_bring_nothing_together(
    header: str, row: str, tmp_path: Path
) -> None:
    lines = [header]
    for n in range(20):
        line = row.replace("{n}", str(n)).replace("{k}", str(n % 2))
        before, _, rest = line.partition("{blank:")
        value, _, after = rest.partition("}")
        lines.append(before + ("" if n % 3 == 1 else value) + after)
    path = tmp_path / "feed.csv"
    path.write_text("\n".join([*lines, ""]), "utf-8")
    assert suggest(path).several is None


def test_changes_are_not_brought_together(tmp_path: Path) -> None:
    lines = ["op,id,title,price", *(f"U,a{n},Chair {n},1{n}\nD,a{n},," for n in range(9)), ""]
    path = tmp_path / "feed.csv"
    path.write_text("\n".join(lines), "utf-8")
    found = suggest(path)
    assert found.changes is not None
    assert found.several is None
