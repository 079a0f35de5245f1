"""How a file is written, determined by examining it."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from mallfeed.authoring.suggest.encoding import encoding_of
from mallfeed.authoring.suggest.examine_file import HEAD_BYTES, look
from mallfeed.authoring.suggest.header import KnownNames
from mallfeed.authoring.suggest.options import options_of
from mallfeed.authoring.suggest.prices import comma_marks
from mallfeed.authoring.suggest.profile import profile
from mallfeed.authoring.suggest.sample import sampled
from mallfeed.authoring.suggest.suggest import suggest
from mallfeed.authoring.suggest.yaml_words import flow, scalar
from mallfeed.catalog.names import level_of, roles_of
from mallfeed.errors import FeedHeld
from mallfeed.formats.csv.look import separated
from mallfeed.formats.looking import NotAFeed

KOREAN = "상품코드,상품명\nA1,똠양꿍 라면\nA2,펲시 뷁\nA3,무선 블루투스 이어폰\n"


@pytest.mark.parametrize(
    ("data", "label"),
    [
        (KOREAN.encode(), "utf-8"),
        (KOREAN.encode("cp949"), "cp949"),
        (KOREAN.encode("utf-16"), "utf-16"),
        (KOREAN.encode("utf-16-le"), "utf-16"),
        (b"\xef\xbb\xbf" + KOREAN.encode(), "utf-8"),
        (
            "상품코드,상품명\nA1,가방\n".encode()
            + "A2,구두\n".encode("cp949")
            + "A3,모자\n".encode(),
            "utf-8",
        ),
        ("名前,価格\nノートパソコン,あいう\n".encode("shift_jis"), "cp932"),
        ("id,name\n0,Levi’s jean–s\n1,Levi’s “501”\n".encode("cp1252"), "cp1252"),
        ("Größe,Café,Crème\nfür draußen,naïve,à côté\n".encode("cp1252"), "cp1252"),
        ("한글".encode()[:-1], "utf-8"),
        (b"id,name\n1,a\n", "utf-8"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_encoding(data: bytes, label: str) -> None:
    assert encoding_of(data).label == label


@pytest.mark.parametrize(
    ("text", "separator", "quote", "escape"),
    [
        ("id\tname\n1\ta, b\n2\tc, d, e\n", "\t", None, None),
        ('id,name\n1,"a, b"\n2,"c ""d"""\n', ",", '"', None),
        ('id;name\n1;"a; \\"b\\""\n2;"c"\n3;"d \\"e\\" f"\n', ";", '"', "\\"),
        ("id,name\n1,'a, b'\n2,'c'\n", ",", "'", None),
        ('id\tname\n1\t27" monitor\n2\tb\n', "\t", None, None),
        ("id^name^price\n1^a|b^3\n2^c|d^4\n", "^", None, None),
        ("id\x01name\n1\x01a\n2\x01b\n", "\x01", None, None),
        ("id,name\n1,a\n2,b\n", ",", '"', None),
    ],
)
def test_separator_and_quotes(
    text: str, separator: str, quote: str | None, escape: str | None
) -> None:
    found = separated(text, "utf-8", KnownNames())
    assert found is not None
    assert (found.options.separator, found.options.quote, found.options.escape) == (
        separator, quote, escape,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "header"),
    [
        ("상품코드,상품명,판매가", True),
        ("A0,무선 이어폰,12000", False),
        ("kol1,kol2,kol3", True),
        ("A0,무선 이어폰,\"12,000원\"", False),
        ("sku,titre,prix", True),
    ],
)  # fmt: skip
def test_header_or_none(first: str, header: bool) -> None:
    rows = "".join(f"A{n},무선 마우스 {n},{n}000\n" for n in range(1, 9))
    found = separated(f"{first}\n{rows}", "utf-8", KnownNames())
    assert found is not None
    assert found.options.header is header


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("salePrice", "sale_price"),
        ("price.sale", "sale_price"),
        ("SALE_PRICE", "sale_price"),
        ("prices.regular", "list_price"),
        ("Variant Compare At Price", "list_price"),
        ("g:price", "price"),
        ("offers.price", "price"),
        ("온라인판매가", "price"),
        ("할인가(PC)", "sale_price"),
        ("상품 코드", "product_id"),
        ("goodsNm", "title"),
        ("brand.name", "brand"),
        ("additional_image_links", "extra_image_urls"),
        ("상품URL", "url"),
        ("mobileUrl", "mobile_url"),
        ("최종수정일시", "mall_updated_at"),
        ("g:sale_price_effective_date", "sale_window"),
        ("Date sale price starts", "sale_starts_at"),
        ("specialPriceToDate", "sale_ends_at"),
        ("판매종료일", "expires_at"),
        ("Variant Inventory Qty", "stock_quantity"),
        ("재고 수량(개)", "stock_quantity"),
        ("Lagerbestand", "stock_quantity"),
        ("minimumOrderQuantity", "least_quantity"),
        ("unit_pricing_base_measure", "base_measure"),
        ("카드 할인가", "card_price"),
    ],
)
def test_names_mean_fields_however_they_are_written(name: str, role: str) -> None:
    assert next(iter(roles_of(name))) == role


@pytest.mark.parametrize(
    "name",
    [
        "price_mobile", "배송비 결제방식", "공급가", "shipping_weight", "seller_name", "쇼핑몰명", "할인율",
        "price_valid_until", "안전재고", "sold_quantity", "최대구매수량", "option_price_difference", "cost per item",
    ],
)  # fmt: skip
def test_names_that_only_sound_like_fields_mean_none(name: str) -> None:
    assert [role for role, sure in roles_of(name).items() if sure >= 0.6] == []


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("대분류", 1), ("카테고리2", 2), ("category_name3", 3), ("cate1", 1), ("CategoryMiddle", 2),
        ("categories[0].name", 1), ("1차분류", 1), ("소카테고리명", 3), ("분류", None), ("image1", None),
    ],
)  # fmt: skip
def test_levels_of_categories(name: str, number: int | None) -> None:
    level = level_of(name)
    assert (level.number if level else None) == number


@pytest.mark.parametrize(
    ("values", "comma"),
    [
        (["12,900", "1,200,000"], False),
        (["99,99", "1.144.000", "2.499"], True),
        (["1.234,56", "10,00"], True),
        (["1,234.56", "9.99"], False),
        (["12900"], False),
    ],
)
def test_decimal_mark(values: list[str], comma: bool) -> None:
    assert comma_marks([profile("price", values)]) is comma


@pytest.mark.parametrize(
    ("values", "formats"),
    [
        (["2026-11-22 09:00:00"], None),
        (["20261122"], None),
        (["1763769600000"], ["epoch_millis"]),
        (["1763769600"], ["epoch_seconds"]),
        (["22/11/2026", "01/02/2026"], ["dd/MM/yyyy"]),
        (["11/22/2026", "01/02/2026"], ["MM/dd/yyyy"]),
        (["2026.11.22 09:00"], ["yyyy.MM.dd HH:mm"]),
        (["2026년 1월 2일"], ["yyyy년 M월 d일"]),
    ],
)
def test_formats_of_time(values: list[str], formats: list[str] | None) -> None:
    assert options_of("mall_updated_at", profile("updated", values)).get("formats") == formats


def feed(folder: Path, text: str, name: str = "feed.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


ROWS = "".join(
    f"{n},상품 {n},{n}00,{n}50,https://a.example/{n},가전,{'IUD'[n % 3]}\n" for n in range(1, 31)
)


def sources(path: Path) -> dict[str, list[str]]:
    return {one.name: list(one.sources) for one in suggest(path).fields}


def test_amounts_decide_which_price_is_paid_where_names_are_the_wrong_way_round(
    tmp_path: Path,
) -> None:
    path = feed(tmp_path, "id,name,selling_price,list_price,url,category,x\n" + ROWS)
    assert sources(path)["price"] == ["selling_price"]
    swapped = feed(tmp_path, "id,name,list_price,selling_price,url,category,x\n" + ROWS)
    found = {one.name: one for one in suggest(swapped).fields}
    assert (found["price"].sources, found["price"].level) == (("list_price",), "medium")


def test_operation_column_makes_a_delta(tmp_path: Path) -> None:
    path = feed(tmp_path, "id,name,price,list_price,url,category,class\n" + ROWS)
    changes = suggest(path).changes
    assert changes is not None
    assert (changes.column, set(changes.upsert), changes.delete) == ("class", {"I", "U"}, ("D",))
    full = feed(
        tmp_path,
        "id,name,price,list_price,url,category,class\n"
        + ROWS.replace(",U", ",I").replace(",D", ",I"),
    )
    assert suggest(full).changes is None


def test_row_numbers_and_what_repeats_are_no_sure_ids(tmp_path: Path) -> None:
    rows = "".join(f"{n},같은 이름,{n}00,https://a.example/,가전\n" for n in range(1, 31))
    found = {
        one.name: one
        for one in suggest(feed(tmp_path, "no,name,price,url,category\n" + rows)).fields
    }
    assert found["product_id"].level == "low"
    assert found["title"].level != "high"
    assert found["url"].level != "high"


def test_a_name_that_occurs_twice_is_left_out_and_reported(tmp_path: Path) -> None:
    text = "id,name,price,price,url,category\n" + "".join(
        f"{n},상품 {n},{n}00,{n}50,https://a.example/{n},가전\n" for n in range(9)
    )
    found = suggest(feed(tmp_path, text))
    why = "its name occurs twice in the header, so no catalog can name it"
    assert dict(found.left_out) == {"price": why, "price (4)": why}
    assert [one.sources for one in found.fields if one.name == "price"] == []
    assert dict(found.missing)["price"] == (
        "`price` stands twice in the header, so this file cannot be loaded as it is; "
        "have the mall name each column once"
    )


@pytest.mark.parametrize("packing", ["gz", "zip", "tar"])
def test_packed_files_are_unpacked(packing: str, tmp_path: Path) -> None:
    path = tmp_path / f"feed.{packing}"
    if packing == "gz":
        path.write_bytes(gzip.compress(KOREAN.encode()))
    elif packing == "tar":
        with tarfile.open(path, "w") as archive:
            info = tarfile.TarInfo("feed.csv")
            info.size = len(KOREAN.encode())
            archive.addfile(info, io.BytesIO(KOREAN.encode()))
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("feed.csv", KOREAN)
    looked = look(path)
    assert (looked.packing, looked.spec.format) == (packing, "csv")
    assert sampled(path, looked.spec).rows == 3


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "odd has no content. Choose a file with products"),
        (b"   \n\n", r"holds nothing but blanks and line ends \(5 bytes\)"),
        (b"\n\r\n", r"holds nothing but line ends"),
        (
            b"\0" * 5000,
            r"holds nothing but NUL bytes \(5,000 bytes\): the export or the upload has failed",
        ),
        (b"\xef\xbb\xbf", "holds a byte order mark and nothing else"),
        (
            gzip.compress(b"\0" * 9),
            r"odd is packed \(gz\), and what is in it holds nothing but NUL bytes",
        ),
        (
            b'[{"id": 1, "name": "a"}]' + b"\0" * 99,
            "stands behind its end that is no text, such as the NUL bytes of a copy",
        ),
        ("한 줄의 글뿐이다\n다음 줄\n".encode(), "no separator splits its lines into columns"),
        (b"<html><body><p>502</p></body></html>", r"is a web page \(HTML\), and holds no table"),
    ],
)
def test_a_file_that_is_no_feed_is_refused_with_the_reason(
    data: bytes, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "odd"
    path.write_bytes(data)
    with pytest.raises((NotAFeed, FeedHeld), match=message):
        suggest(path)


def test_broken_archive_is_refused_as_loading_it_would_be(tmp_path: Path) -> None:
    path = tmp_path / "feed.gz"
    path.write_bytes(gzip.compress(KOREAN.encode() * 1000)[:-20])
    with pytest.raises(FeedHeld, match="ends in the middle of its archive"):
        suggest(path)


@pytest.mark.parametrize(
    "value",
    [
        "no",
        "12",
        "g:id",
        "a, b",
        "상품 코드",
        "",
        "x: y",
        "#1",
        "y",
        "-",
        "null",
        "a\x8db",
        "이모지 😀",
    ],
)
def test_yaml_words_come_back_as_they_were(value: str) -> None:
    from mallfeed.yaml_files.yaml_tree import read_tree

    assert read_tree(f"a: {scalar(value)}\nb: {flow([value, {value: value}])}\n").data == {
        "a": value, "b": [value, {value: value}],
    }  # fmt: skip


HEADED = "상품코드,상품명,판매가\n"
PRODUCTS = "A1,가방,1000\nA2,구두,2000\nA3,모자,3000\n"


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("sep=,\n" + HEADED + PRODUCTS, {}),
        ("sep=;\n" + (HEADED + PRODUCTS).replace(",", ";"), {"separator": ";"}),
        ("상품 목록\n2026-11-29 기준\n\n" + HEADED + PRODUCTS, {"header_row": 4}),
        ("상품 목록,,\n" + HEADED + PRODUCTS, {"header_row": 2}),
        ("\n\n" + HEADED + PRODUCTS, {}),
        # What a template says of its columns, whose words may be names themselves (Meta's catalogs).
        ("# Required | 상품코드,# Required,# Optional | 판매가\n" + HEADED + PRODUCTS, {"header_row": 2}),
        ("# 상품코드,# 상품명,# 판매가\n" + HEADED + PRODUCTS, {"header_row": 2}),
        ("필수,필수,가격\n" + HEADED + PRODUCTS, {"header_row": 2}),  # one name, by chance
        ("#상품코드,상품명,판매가\n" + PRODUCTS, {}),  # a name that begins so
        ("sep=,\n상품 목록,,\n" + HEADED + PRODUCTS, {"header_row": 3}),
        (HEADED + PRODUCTS.replace("\n", ",\n"), {"trailing_separator": True}),
        (HEADED.replace("\n", ",\n") + PRODUCTS.replace("\n", ",\n"), {}),
        (HEADED + PRODUCTS + "합계,3,6000\n", {"footer_rows": 1}),
        (HEADED + PRODUCTS + "\nTotal: 3 rows\n\n", {"footer_rows": 1}),
        ("Shop\n" + HEADED + PRODUCTS.replace("\n", ",\n") + "3 rows\n",
         {"header_row": 2, "trailing_separator": True, "footer_rows": 1}),
        ("Shop\n" + PRODUCTS, {"header": False, "skip_lines": 1}),
    ],
)  # fmt: skip
def test_what_stands_around_the_records_is_found_and_the_draft_reads_its_file(
    text: str, options: dict[str, object], tmp_path: Path
) -> None:
    path = tmp_path / "feed.csv"
    path.write_text(text, "utf-8")
    spec = look(path).spec
    assert spec.options is not None
    found = spec.options.model_dump(exclude_defaults=True, exclude={"columns", "encoding"})
    assert found == options
    sample = sampled(path, spec)
    assert (sample.rows, sample.torn) == (3, 0)
    assert [column.example for column in sample.columns][1] == "가방"


GOODS = {
    f"P{n}": {
        "id": f"P{n}",
        "name": f"가방 {n}",
        "price": 1000,
        "options": {"a": {"x": 1}, "b": {"x": 1}},
    }
    for n in range(40)
}


@pytest.mark.parametrize(
    ("document", "options", "rows"),
    [
        (GOODS, {"layout": "object"}, 40),
        ({"status": "ok", "data": {"page": 1, "products": GOODS}}, {"layout": "object", "records_path": "data.products"}, 40),
        ({"items": list(GOODS.values()), "shops": {k: {"id": k, "name": k} for k in "abc"}}, {"layout": "array", "records_path": "items"}, 40),
        ({"id": "1", "price": {"now": 1, "was": 2}, "shipping": {"now": 1, "was": 2}, "tax": {"x": 1}}, {}, 1),
    ],
)  # fmt: skip
@pytest.mark.parametrize("indent", [None, 1])
def test_an_object_of_products_is_told_from_one_product(
    document: object, options: dict[str, object], rows: int, indent: int | None, tmp_path: Path
) -> None:
    path = tmp_path / "feed.json"
    path.write_text(
        json.dumps(document, ensure_ascii=False, indent=indent if rows > 1 else None), "utf-8"
    )
    spec = look(path).spec
    assert spec.options is not None
    assert spec.options.model_dump(exclude_defaults=True) == options
    assert sampled(path, spec).rows == rows


def test_one_record_with_an_object_makes_no_column(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    lines = [{"id": str(n), "name": "가방", "price": 1000} for n in range(9)]
    lines += [{"id": "9", "name": {"ko": "가방"}, "price": {"sale": 1}}]
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    found = {one.name: one.sources for one in suggest(path).fields}
    assert (found["title"], found["price"]) == (("name",), ("price",))


@pytest.mark.parametrize("side", ["utf-16-le", "utf-16-be"])
def test_korean_text_in_utf16_without_a_mark_is_recognised(tmp_path: Path, side: str) -> None:
    rows = [
        f"상품{n},무선 이어폰 검정 고급형,{n}9000,https://가게.한국/상품/{n}" for n in range(1, 9)
    ]
    path = tmp_path / "feed.csv"
    path.write_bytes("\n".join(["상품코드,상품명,판매가,주소", *rows, ""]).encode(side))
    found = suggest(path)
    assert found.spec.options.encoding == "utf-16"  # type: ignore[union-attr]
    assert {one.name for one in found.fields} >= {"product_id", "title", "price", "url"}


def test_a_header_alone_is_called_that(tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    path.write_text("id,title,price,link,category\n")
    told = dict(suggest(path).missing)
    assert "the file has no record, and a name alone does not tell" in told["product_id"]


def _with_zeros(text: str, encoding: str, packed: bool) -> bytes:
    data = text.encode(encoding) + b"\0" * 3000
    return gzip.compress(data) if packed else data


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", ""])
def test_zeros_behind_the_end_are_named(
    ending: str, encoding: str, packed: bool, tmp_path: Path
) -> None:
    path = tmp_path / "feed.csv"
    path.write_bytes(_with_zeros(KOREAN.rstrip("\n") + ending, encoding, packed))
    found = suggest(path)
    assert (found.spec.format, getattr(found.spec.options, "footer_rows")) == ("csv", 0)  # noqa: B009
    [why] = [why for name, why in found.doubts if name == "file"]
    assert "NUL bytes stand behind its end, as where a copy was cut short" in why


def test_zeros_behind_the_end_of_a_long_file_are_named(tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    row = f"7,의자,9000,https://a.example/7,{'가' * 500}\n"
    path.write_bytes(("id,title,price,url,category\n" + row * 4000).encode() + b"\0" * 70_000)
    assert path.stat().st_size > HEAD_BYTES
    [why] = [why for name, why in suggest(path).doubts if name == "file"]
    assert why.startswith("70,000 NUL bytes")


def test_a_text_in_utf16_ends_with_no_zeros(tmp_path: Path) -> None:
    for encoding in ("utf-16-le", "utf-16-be", "utf-16", "utf-32"):
        path = tmp_path / "feed.csv"
        path.write_bytes(KOREAN.encode(encoding))
        with contextlib.suppress(NotAFeed, FeedHeld):  # no UTF-32 is read
            assert not [one for one in suggest(path).doubts if one[0] == "file"]
