"""Kinds of files that drafts once took wrongly: one product of a feed, tagged headers, JSON in cells, prices as 1e+04."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from mallfeed.authoring.suggest.assumed import assumed, place_of
from mallfeed.authoring.suggest.doubts import doubts
from mallfeed.authoring.suggest.drafted import Drafted
from mallfeed.authoring.suggest.drafted import drafted as drafted_of
from mallfeed.authoring.suggest.profile import profile
from mallfeed.authoring.suggest.suggest import Suggestion, suggest
from mallfeed.authoring.suggest.suggested_field import calibrated
from mallfeed.catalog.names import roles_of
from mallfeed.errors import FeedHeld
from mallfeed.formats.looking import NotAFeed
from tests.unit.authoring.suggest.test_feeds import HEAD
from tests.unit.feed.workbook import workbook

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
    drafted_as = {"shift_jis": "cp932"}.get(encoding, encoding)  # which holds all of it
    assert getattr(found.spec.options, "encoding") == drafted_as  # noqa: B009
    assert found.sample["title"].values[0] == f"{words} 1"


@pytest.mark.parametrize(
    ("amounts", "options"),
    [
        (("12.000", "13.700", "9.900"), {}),  # twelve thousand won
        (("12.000", "1.212.000", "9.900"), {"decimal_mark": ","}),
        (("12,000", "12.000", "9,900"), {}),
        (("12000.000", "900.000", "9900.000"), {"decimal_mark": "."}),
        (("12.5", "13.700", "9.900"), {"decimal_mark": "."}),
        (("1,212.50", "13.700", "9.900"), {}),  # nearer to 1,212 as thousands
        (("5000.5", "12.000", "9.900"), {}),
        (("5000,5", "12,000", "9,900"), {}),
        (("5,5", "12,000", "9,5"), {"decimal_mark": ","}),
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
        "`category` has codes, not names; write them with their paths in categories.csv"
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


ITEM = "<item><id>{n}</id><name>&shop; 컵 {n}</name><price>{n}000</price><link>https://a.example/{n}</link></item>"
MANY = "".join(ITEM.format(n=n) for n in ROWS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig", "cp949"])
@pytest.mark.parametrize(
    "document_type",
    [
        '<!DOCTYPE p [<!ENTITY shop "두루">]>', '<!-- x --><!doctype p [\n<!ELEMENT p ANY>\n<!ENTITY shop SYSTEM "file:///x">\n]>',
        '<!DOCTYPE p [<!ENTITY % all SYSTEM "https://a.example/p.dtd"> %all;]>', '<!DOCTYPE p [<!ENTITY shop "두루">',
        '<!DOCTYPE p [<!ENTITY a "&b;&b;&b;"><!ENTITY b "&shop;&shop;"><!ENTITY shop "aaaaaaaaaa">]>',
    ],
)  # fmt: skip
def test_entities_of_a_doctype_are_named_not_the_structure(
    document_type: str, encoding: str, tmp_path: Path
) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>\n'
    with pytest.raises(FeedHeld, match="declares entities in a DOCTYPE") as held:
        looked(tmp_path, "shop.xml", f"{declared}{document_type}\n<p>{MANY}</p>", encoding)
    assert "Write the text itself instead of `&name;`." in held.value.message


def test_a_document_that_a_doctype_would_fill_is_not_blamed_for_its_structure(
    tmp_path: Path,
) -> None:
    with pytest.raises(NotAFeed, match=r"It begins with a DOCTYPE: .* Send one document"):
        looked(tmp_path, "shop.xml", '<!DOCTYPE p SYSTEM "https://a.example/p.dtd">\n<p>&all;</p>')


def test_entities_that_nothing_declares_are_to_be_checked(tmp_path: Path) -> None:
    found = looked(tmp_path, "shop.xml", f'<!DOCTYPE p SYSTEM "p.dtd">\n<p>{MANY}</p>')
    [(_, doubt)] = [one for one in doubts(found) if one[0] == "title"]
    assert doubt.startswith("its text has &shop;, which nothing in the file declares")


@pytest.mark.parametrize(
    "before",
    [
        "",
        "<!DOCTYPE p>",
        "<!DOCTYPE p [<!ELEMENT p ANY>]>",
        "<!-- <!DOCTYPE p [<!ENTITY a 'b'>]> -->",
    ],
)
def test_a_document_type_without_entities_does_no_harm(before: str, tmp_path: Path) -> None:
    found = looked(
        tmp_path, "shop.xml", f"{before}<p>{MANY.replace('&shop;', '두루')}</p>", "utf-16"
    )
    assert found.sample.rows == len(ROWS)


def test_a_title_may_be_composed_of_brand_and_model(tmp_path: Path) -> None:
    offers = "".join(
        f"<offer id='{n}'><url>https://a.example/{n}</url><price>{n}00</price><vendor>Дом</vendor><model>К-{n}</model>"
        "<description>Белая</description></offer>"
        for n in ROWS
    )
    found = looked(tmp_path, "shop.xml", f"<shop><offers>{offers}</offers></shop>")
    assert drafted(found)["title"] == ("vendor", "model")
    assert drafted(found)["description"] == ("description",)


@pytest.mark.parametrize(
    ("title", "host", "currency"),
    [
        ("リネンシャツ", "a.example", "JPY"),
        ("Кружка", "a.ru", "RUB"),
        ("Kubek", "a.pl", "PLN"),
        ("Hrnek", "a.cz", "CZK"),
        ("면 셔츠", "a.de", "KRW"),
    ],
)
def test_a_currency_that_nothing_names_follows_language_and_site(
    title: str, host: str, currency: str, tmp_path: Path
) -> None:
    text = table(
        "id;title;price;link;category", f"{{n}};{title} {{n}};{{n}}00;https://{host}/{{n}};x"
    )
    found = looked(tmp_path, "shop.csv", text)
    assert place_of(found, None, None).currency[0] == currency


def test_lists_called_a_path_are_categories_and_addresses_are_not(tmp_path: Path) -> None:
    records = [
        {
            "id": f"X{n}",
            "name": f"선반 {n}",
            "price": n * 100,
            "page": f"https://a.example/{n}",
            "path": ["가구", "선반"],
        }
        for n in ROWS
    ]
    found = looked(tmp_path, "own.json", json.dumps(records))
    assert drafted(found)["category_path"] == ("path",)
    short = [{**one, "path": f"/p/{one['id']}"} for one in records]
    found = looked(tmp_path, "own.json", json.dumps(short))
    assert "category_path" not in drafted(found)


def test_of_two_header_rows_the_one_for_programs_names_the_columns(tmp_path: Path) -> None:
    head = ["Template;Version=2026;;;;", "SKU;Product Name;Standard Price;Brand;Link;Category",
            "item_sku;item_name;standard_price;brand_name;product_url;product_category"]  # fmt: skip
    rows = [f"AM-{n};Bottle {n};1{n}.99;Nuvo;https://a.example/{n};Home > Bottles" for n in ROWS]
    text = "\n".join([*head, *rows, ""]).replace(";", "\t")
    found = looked(tmp_path, "flat.tsv", text)
    assert getattr(found.spec.options, "header_row") == 3  # noqa: B009
    assert (drafted(found)["title"], found.sample.rows) == (("item_name",), len(ROWS))


def test_words_in_the_first_record_are_no_second_header(tmp_path: Path) -> None:
    rows = [f"{n},title,blue,https://a.example/{n},home_category,1{n}" for n in ROWS]
    found = looked(
        tmp_path, "shop.csv", "\n".join(["id,name,color,link,category,price", *rows, ""])
    )
    assert found.sample.rows == len(ROWS)


@pytest.mark.parametrize(
    ("below", "count"),
    [
        ([], 0),
        ([["합계", "", "", "480,000"]], 1),
        ([[], ["이하 여백"], ["Total", "24"]], 2),
        ([["P99", "의자", "9900"]], 0),
    ],
)
def test_rows_below_the_products_of_a_workbook_are_left_out(
    below: list[list[str]], count: int, tmp_path: Path
) -> None:
    rows = [[f"P{n}", f"의자 {n}", f"{n}000", f"https://a.example/{n}", "가구"] for n in ROWS]
    sheet = [
        ["상품 목록"],
        [],
        ["상품코드", "상품명", "판매가", "상품URL", "카테고리"],
        *rows,
        *below,
    ]
    path = tmp_path / "shop.xlsx"
    path.write_bytes(workbook({"목록": sheet}))
    found = suggest(path)
    options = found.spec.options
    assert (getattr(options, "header_row"), getattr(options, "footer_rows")) == (3, count)  # noqa: B009


def test_the_comma_between_two_prices_of_one_record_marks_no_decimals(tmp_path: Path) -> None:
    items = "".join(
        f"<item><id>P{n}</id><title>의자 {n}</title><price>{n}2,000 KRW</price>"
        + ("<price>9 KRW</price>" if n % 2 else "")
        + f"<link>https://shop.example/{n}</link><category>가구</category></item>"
        for n in ROWS
    )
    found = looked(tmp_path, "shop.xml", f"<items>{items}</items>")
    amounts = [one for one in found.fields if one.name in ("price", "list_price")]
    assert all(one.options.get("decimal_mark") != "," for one in amounts)


KOREAN_SHOP = "상품코드,상품명,판매가,상품URL,카테고리"


def priced(
    folder: Path, amounts: Sequence[str], header: str = KOREAN_SHOP, more: str = ""
) -> Drafted:
    korean = header == KOREAN_SHOP
    lines = [
        f'P{n},{"의자" if korean else "Chair"} {n},"{amounts[n % len(amounts)]}",https://shop.example/{n},'
        f"{'가구' if korean else 'Chairs'}{more.format(n=n)}"
        for n in ROWS
    ]
    path = folder / "shop.csv"
    path.write_text("\n".join([header, *lines, ""]), "utf-8")
    return drafted_of(suggest(path), HEAD, None)


@pytest.mark.parametrize(
    ("amounts", "currency", "said"),
    [
        (("12,000",), "KRW", ""),
        (("12,000", "9,900원", "₩8,800"), "KRW", ""),
        (("12,000",) * 5 + ("USD 12.50",), "KRW", "of 24 rows it names USD in 4, none in 20, which are taken for KRW"),
        (("12,000",) * 3 + ("USD 12.50", "EUR 9,00", "12,000"), "KRW",
         "of 24 rows it names USD in 4, EUR in 4, none in 16, which are taken for KRW"),
        (("USD 12.50", "$13.20", "12.00"), "USD", ""),
        (("12,000",) * 5 + ("$12.50",), "KRW", "of 24 rows it names USD in 4, none in 20, which are taken for KRW"),
        (("$12.50", "$ 7.00"), "USD", ""),
        (("¥1250", "￥700"), "JPY", ""),
        (("USD 12.50", "13.20 USD", "12,000원"), "USD", "of 24 rows it names USD in 16, KRW in 8"),
        (("USD 12.50",), "USD", ""),
    ],
)  # fmt: skip
def test_the_share_of_amounts_that_name_a_currency_decides(
    amounts: tuple[str, ...], currency: str, said: str, tmp_path: Path
) -> None:
    made = priced(tmp_path, amounts)
    assert f"\ncurrency: {currency} " in made.text
    checks = [why for name, why in doubts(made.found) if name == "price"]
    assert checks == (
        [f"`판매가`: {said}; each product keeps the one that it names"] if said else []
    )


def test_a_few_amounts_that_name_a_currency_are_a_guess_where_nothing_else_says_it(
    tmp_path: Path,
) -> None:
    made = priced(tmp_path, ("12.50",) * 5 + ("USD 12.50",), "id,title,price,link,category")
    [one] = [one for one in made.assumed if one.what == "currency"]
    assert (one.value, one.why) == (
        "USD", "low: 4 of 24 prices name it, and nothing says what the others are in",
    )  # fmt: skip


def test_a_column_of_currencies_that_is_blank_in_most_rows_decides_for_none_of_them(
    tmp_path: Path,
) -> None:
    header = f"{KOREAN_SHOP},통화"
    lines = [
        f"P{n},의자 {n},12000,https://shop.example/{n},가구,{'' if n % 6 else 'USD'}" for n in ROWS
    ]
    path = tmp_path / "shop.csv"
    path.write_text("\n".join([header, *lines, ""]), "utf-8")
    made = drafted_of(suggest(path), HEAD, None)
    assert "\ncurrency: KRW " in made.text
    assert (
        "currency",
        "`통화` is blank in 83% of the rows, whose prices are taken for KRW",
    ) in doubts(made.found)


def test_currencies_of_a_full_column_are_said_too(tmp_path: Path) -> None:
    lines = [
        f"P{n},의자 {n},12000,https://shop.example/{n},가구,{'KRW' if n % 6 else 'USD'}"
        for n in ROWS
    ]
    path = tmp_path / "shop.csv"
    path.write_text("\n".join([f"{KOREAN_SHOP},통화", *lines, ""]), "utf-8")
    made = drafted_of(suggest(path), HEAD, None)
    assert "\ncurrency: KRW " in made.text
    [(_, why)] = [one for one in doubts(made.found) if one[0] == "currency"]
    assert (
        why
        == "`통화`: of 24 rows it names KRW in 20, USD in 4; each product keeps the one that it names"
    )


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        (("5000.5", "12.000", "9000"), "`12.000` can be read in two ways, and `5000.5` beside it has decimals; it is read as thousands, "
         "and amounts like `5000.5` are rounded, or rejected as price_unclear. Have the mall write amounts in one way"),
        (("12.5", "13.700", "9.900"), "`13.700` can be read in two ways, and `12.5` beside it has decimals; it is read as decimals. "
         "Have the mall write amounts in one way"),
        (("12000.000", "900.000", "9900.000"), ""),  # three decimals throughout
        (("12.000", "13.700", "1.212.000"), ""),
        (("USD 999.99", "USD 1.250", "USD 12.99"), ""),  # amounts that say whose they are
    ],
)  # fmt: skip
def test_amounts_of_both_readings_are_said(
    amounts: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    made = priced(tmp_path, amounts)
    assert [why for name, why in doubts(made.found) if "two ways" in why] == (
        [said] if said else []
    )


def test_cents_beside_thousands_of_another_mark_are_said_in_any_currency(tmp_path: Path) -> None:
    made = priced(tmp_path, ("999.99", "1.250", "120.49"), "id,title,price (USD),link,category")
    [price] = [one for one in made.found.fields if one.name == "price"]
    assert price.options == {}
    [(_, why)] = [one for one in doubts(made.found) if "two ways" in one[1]]
    assert why.startswith(
        "`1.250` can be read in two ways, and `120.49` beside it has decimals; it is read as thousands."
    )
