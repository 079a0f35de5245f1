"""Kinds of files that drafts once took wrongly: one product of a feed, tagged headers, JSON in cells, prices as 1e+04."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from mallfeed.authoring.suggest.assumed import assumed, place_of
from mallfeed.authoring.suggest.profile import profile
from mallfeed.authoring.suggest.suggest import Suggestion, suggest
from mallfeed.authoring.suggest.suggested_field import calibrated
from mallfeed.catalog.names import roles_of

ROWS = range(1, 25)


def looked(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Suggestion:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return suggest(path)


def drafted(found: Suggestion) -> dict[str, Sequence[str]]:
    return {one.name: one.sources for one in found.fields}


def table(header: str, row: str, mark: str = ",") -> str:
    return "\n".join([header, *(row.format(n=n, k=n % 3) for n in ROWS)]).replace(";", mark) + "\n"


@pytest.mark.parametrize("tag", ["item", "product", "offer"])
def test_one_product_is_not_the_shop_around_it(tag: str, tmp_path: Path) -> None:
    record = f"<{tag}><id>7</id><name>의자 7</name><price>9900</price><link>https://a.example/7</link></{tag}>"
    text = f"<shop><title>우리 가게</title><link>https://a.example</link><about>좋다</about>{record}</shop>"
    found = looked(tmp_path, "one.xml", text)
    assert getattr(found.spec.options, "record_tag") == tag  # noqa: B009
    assert drafted(found)["title"] == ("name",)


@pytest.mark.parametrize("declared", ["EUC-KR", "ks_c_5601-1987", "CP949", "johab", "UTF-8"])
def test_xml_is_looked_at_in_the_encoding_in_which_it_is_read(
    declared: str, tmp_path: Path
) -> None:
    items = "".join(
        f"<item><id>{n}</id><name>똠양꿍 라면 {n}</name><price>9900</price></item>" for n in ROWS
    )
    text = f'<?xml version="1.0" encoding="{declared}"?>\n<shop>{items}</shop>'
    codec = "cp949" if declared in ("EUC-KR", "ks_c_5601-1987") else declared
    found = looked(tmp_path, "shop.xml", text, codec)
    assert getattr(found.spec.options, "record_tag") == "item"  # noqa: B009
    assert found.sample["name"].values[0] == "똠양꿍 라면 1"


@pytest.mark.parametrize("encoding", ["cp949", "johab", "shift_jis", "cp1252", "utf-16", "utf-8"])
def test_encodings_of_old_files_are_told_apart(encoding: str, tmp_path: Path) -> None:
    words = {"shift_jis": "メイン商品 マグカップ", "cp1252": "Über-Größe Müller"}.get(
        encoding, "두루 컵 값싼 머그잔"
    )
    text = table(
        "id,title,price,link,category", f"{{n}},{words} {{n}},9900,https://a.example/{{n}},x"
    )
    found = looked(tmp_path, "shop.csv", text, encoding)
    assert getattr(found.spec.options, "encoding") == encoding  # noqa: B009
    assert found.sample["title"].values[0] == f"{words} 1"


@pytest.mark.parametrize(
    ("amounts", "options"),
    [
        (("12.000", "13.700", "9.900"), {}),  # twelve thousand won
        (("12.000", "1.212.000", "9.900"), {"decimal_mark": ","}),
        (("12,000", "12.000", "9,900"), {}),
        (("12000.000", "900.000", "9900.000"), {"decimal_mark": "."}),
        (("12.5", "13.700", "9.900"), {"decimal_mark": "."}),
        (("1,212.50", "13.700", "9.900"), {"decimal_mark": "."}),
    ],
)
def test_a_point_before_three_digits_groups_won(
    amounts: tuple[str, ...], options: dict[str, str], tmp_path: Path
) -> None:
    lines = [f'P{n},의자 {n},"{amounts[n % 3]}",https://shop.example/{n},가구' for n in ROWS]
    text = "\n".join(["상품코드,상품명,판매가,상품URL,카테고리", *lines, ""])
    found = looked(tmp_path, "shop.csv", text)
    [price] = [one for one in found.fields if one.name == "price"]
    assert price.options == options


def test_a_point_before_three_digits_stays_what_it_was_where_there_are_cents(
    tmp_path: Path,
) -> None:
    text = table(
        "id,title,price,currency,link,category",
        "{n},Oil {n},1.{n}99,USD,https://a.example/{n},Fuel",
    )
    found = looked(tmp_path, "shop.csv", text.replace(".1099", ".109"))
    [price] = [one for one in found.fields if one.name == "price"]
    assert price.options == {"decimal_mark": "."}


def test_header_in_tags_is_a_table(tmp_path: Path) -> None:
    head = "<<<mapid>>>;<<<pname>>>;<<<price>>>;<<<pgurl>>>;<<<cate1>>>"
    found = looked(
        tmp_path, "ep.tsv", table(head, "{n};의자 {n};{n}000;https://a.example/{n};가구", "\t")
    )
    assert found.spec.format == "csv"
    assert drafted(found)["product_id"] == ("<<<mapid>>>",)
    assert [name for name, _ in found.missing] == []


def test_json_in_cells_is_read_by_its_path(tmp_path: Path) -> None:
    lines = ["id\tname\tprice\turl\timages\tcategory"]
    for n in ROWS:
        pictures = json.dumps([f"https://i.example/{n}.jpg", f"https://i.example/{n}b.jpg"])
        path = json.dumps([{"name": "Home"}, {"name": f"Room {n % 3}"}])
        lines.append(f"{n}\tChair {n}\t{n}.50\thttps://a.example/{n}\t{pictures}\t{path}")
    found = looked(tmp_path, "cells.tsv", "\n".join(lines))
    options = {one.name: one.options for one in found.fields}
    assert drafted(found)["image_url"] == ("images",)
    assert options["image_url"] == {"type": "json_path", "path": "$[0]"}
    assert options["category_path"] == {"type": "json_path", "path": "$[*].name"}
    assert "regexp_replace" in options["extra_image_urls"]["sql"]


def test_scientific_notation_is_a_price(tmp_path: Path) -> None:
    text = table(
        "상품코드;상품명;판매가;정가;상품URL;카테고리",
        "P{n};의자 {n};{n}.5e+03;90000;https://a.example/{n};가구",
    )
    assert drafted(looked(tmp_path, "sci.csv", text))["price"] == ("판매가",)


def test_ratings_and_weights_are_no_prices(tmp_path: Path) -> None:
    text = table("a;b;c;d;e", "P{n};wide chair {n};4.{k}0;0.{k}00;https://a.example/{n}")
    found = looked(tmp_path, "ratings.csv", text)
    assert "price" not in drafted(found)
    assert "price" in dict(found.missing)


def test_codes_are_no_names(tmp_path: Path) -> None:
    text = table(
        "id;name;price;url;category;brand",
        "P{n};chair {n};{n}.50;https://a.example/{n};5000{k};{k}01",
    )
    found = looked(tmp_path, "codes.csv", text)
    assert "brand" not in drafted(found)
    assert dict(found.missing)["category_path"].startswith(
        "`category` has codes, not names; a lookup table"
    )


def test_cp1252_is_no_cp949(tmp_path: Path) -> None:
    text = table(
        "id;name;price;link;category",
        "{n};Levi’s jean’s {n};1{n}.99;https://a.example/{n};Men > Jeans",
    )
    found = looked(tmp_path, "west.csv", text, "cp1252")
    assert getattr(found.spec.options, "encoding") == "cp1252"  # noqa: B009


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Artikelnummer", "product_id"), ("Produktbezeichnung", "title"), ("Catégorie", "category_path"), ("Prix barré", "list_price"),
        ("Descripción", "description"), ("Precio promocional", "sale_price"), ("Descrizione", "description"), ("Afbeelding URL", "image_url"),
        ("Varumärke", "brand"), ("Nazwa produktu", "title"), ("цена", "price"), ("販売価格", "price"), ("メイン商品画像", "image_url"),
        ("商品链接", "url"), ("Τιμή", "price"), ("Image URLs", "image_url"), ("IMAGEURL", "image_url"), ("SALEPRICE", "sale_price"),
    ],
)  # fmt: skip
def test_names_in_other_languages_and_written_together(name: str, role: str) -> None:
    assert next(iter(roles_of(name))) == role


def test_words_of_availability_are_known_in_other_languages() -> None:
    column = profile("Verfügbarkeit", ["auf Lager", "nicht auf Lager"])
    assert column.share("availability") == 1.0


def test_what_no_file_says_is_in_one_list(tmp_path: Path) -> None:
    text = table(
        "id;name;price;url;category", "{n};Chair {n};{n},50;https://a.example/{n};Home > {k}", ";"
    )
    again = "1;Chair 1;2,50;https://a.example/1;Home > 1\n"
    found = looked(tmp_path, "shop.csv", text + again)
    taken = {one.what: one for one in assumed(found, place_of(found, None, None))}
    assert list(taken) == [
        "currency",
        "timezone",
        "decimal mark",
        "mode",
        "duplicates",
        "condition",
    ]
    assert taken["decimal mark"].value == ","
    assert (
        taken["duplicates"].why
        == "sampled rows whose id an earlier row has: 1; the last row counts"
    )
    given = {one.what for one in assumed(found, place_of(found, "EUR", "Europe/Berlin"))}
    assert given.isdisjoint({"currency", "timezone"})


def test_confidence_never_falls_where_the_score_rises() -> None:
    steps = [calibrated(n / 100) for n in range(101)]
    assert steps == sorted(steps)
    assert (calibrated(0.84) < 0.9, calibrated(0.85), calibrated(1.0)) == (True, 0.9, 1.0)
