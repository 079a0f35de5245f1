"""The sample malls: what each one sends, fault by fault."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sample_feeds import full_products
from sample_feeds.goods import Goods, goods
from sample_feeds.mall import Expected, Feed, Mall

Row = list[str]


def table(rows: list[Row], separator: str = ",") -> str:
    """The rows as delimited text."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
    return out.getvalue()


def shown(one: Goods, **changes: Any) -> dict[str, Any]:
    """What both sinks must contain of a product."""
    values = {"title": one.title, "price": one.price, "brand": one.brand, "category_path": one.path}
    return {**values, **changes}


def hanbit_mart() -> Mall:
    """CSV in CP949 that calls itself EUC-KR, Korean headers, money as people write it."""
    made, expected = goods(120, 1), Expected()
    rows = [["상품코드", "상품명", "판매가", "정가", "상품URL", "이미지", "대분류", "중분류", "소분류", "브랜드", "바코드", "판매상태", "배송비"]]  # fmt: skip
    products: dict[str, dict[str, Any]] = {}

    def row(one: Goods, **cells: str) -> Row:
        levels = [*one.path, "", ""][:3]
        known = {
            "code": f"HB{one.number:05d}", "title": one.title, "price": f"{one.price:,}원",
            "list_price": f"{one.list_price:,}", "url": f"//www.hanbit.example/goods/{one.number}",
            "image": f"/img/상품 {one.number}.jpg", "gtin": one.gtin, "state": "판매중", "fee": "3000",
        }  # fmt: skip
        known |= cells
        return [known["code"], known["title"], known["price"], known["list_price"], known["url"],
                known["image"], *levels, one.brand, known["gtin"], known["state"], known["fee"]]  # fmt: skip

    for one in made[:110]:
        rows.append(row(one))
        expected.good()
        products[f"HB{one.number:05d}"] = {}
    rows[1][1] = "똠양꿍 라면 펲시 뷁 세트"
    products["HB00000"] = shown(
        made[0], title="똠양꿍 라면 펲시 뷁 세트", currency="KRW", shipping_fee=3000,
        url="https://www.hanbit.example/goods/0", availability="in_stock",
        image_url="https://www.hanbit.example/img/%EC%83%81%ED%92%88%200.jpg",
    )  # fmt: skip
    rows += [row(made[110], price="문의"), row(made[111], price=""), row(made[112], price="0")]
    rows += [row(made[113], title=" "), row(made[114], code="")]
    for code in ("price_not_a_number", "price_missing", "price_not_positive", "title_missing", "product_id_missing"):  # fmt: skip
        expected.reject(code)
    rows.append(row(made[115])[:7])
    expected.reject("malformed_row")
    rows.append(row(made[116], gtin="8801234567890"))
    expected.good(True, "gtin_invalid")
    rows.append(row(made[117], list_price="1"))
    expected.good(True, "list_price_below_price")
    rows.append(row(made[118], state="품절"))
    expected.good()
    products |= {
        "HB00116": shown(made[116], gtin=None),
        "HB00117": shown(made[117], list_price=None),
    }
    products["HB00118"] = shown(made[118], availability="out_of_stock")
    rows.append(row(made[5], price="7,700원", list_price="9,000"))  # the last row of an id wins
    expected.duplicate()
    products["HB00005"] = shown(made[5], price=7700, list_price=9000)
    body = table(rows).encode("cp949")
    full = [
        full_products.hanbit_mart(made[0], title="똠양꿍 라면 펲시 뷁 세트"),
        full_products.hanbit_mart(made[5], price=7700, list_price=9000),
        full_products.hanbit_mart(made[118], availability="out_of_stock"),
    ]
    return Mall("hanbit_mart", [Feed({"goods.csv": body}, "", "csv", 1, expected)], products, full)


def saebom_shop() -> Mall:
    """Naver-like EP: a full TSV and, later the same day, a summary with I, U and D."""
    made, first, second = goods(100, 2), Expected(), Expected()
    columns = ["id", "title", "price_pc", "normal_price", "link", "mobile_link", "image_link",
               "category_name1", "category_name2", "category_name3", "brand", "condition",
               "review_count", "shipping", "class", "update_time"]  # fmt: skip
    products: dict[str, dict[str, Any]] = {}

    def row(one: Goods, kind: str = "", **cells: str) -> Row:
        link = f"https://saebom.example/p/{one.number}"
        known = {
            "id": f"SB-{one.number}", "title": one.title, "price_pc": str(one.price),
            "normal_price": str(one.list_price), "link": link, "mobile_link": link.replace("//", "//m."),
            "image_link": f"https://img.saebom.example/{one.number}.jpg", "brand": one.brand,
            "condition": "신상품", "review_count": str(one.reviews), "shipping": "0",
            "class": kind, "update_time": "2026-11-22 09:00:00",
        }  # fmt: skip
        for level, name in enumerate([*one.path, "", ""][:3], 1):
            known[f"category_name{level}"] = name
        known |= cells
        return [known[column] for column in columns]

    rows = [columns]
    for one in made[:92]:
        rows.append(row(one))
        first.good()
        products[f"SB-{one.number}"] = {}
    rows.append(row(made[92], title="에어 프라이어 &amp;amp; 오븐 <b>5L</b>&nbsp;"))
    first.good()
    products["SB-92"] = shown(made[92], title="에어 프라이어 & 오븐 5L", condition="new")
    rows.append(row(made[93], link="javascript:alert(1)"))
    first.reject("url_invalid")
    rows.append(row(made[94], link=""))
    first.reject("url_missing")
    rows.append(row(made[95], category_name1="", category_name2="", category_name3=""))
    first.reject("category_path_missing")
    rows.append(row(made[96], review_count="많음"))
    first.good(True, "review_count_not_a_number")
    products["SB-96"] = shown(made[96], review_count=None)
    shifted = row(made[99])
    shifted.insert(2, "1+1")  # an unescaped tab in the title
    rows.append(shifted)
    first.reject("malformed_row")
    full = table(rows, "\t").encode()

    rows = [columns]
    rows.append(row(made[0], "U", price_pc="990"))
    second.good()
    products["SB-0"] = shown(made[0], price=990)
    rows.append(row(made[1], "U"))  # nothing new in it
    second.good(False)
    rows.append(row(made[97], "I"))
    second.good()
    products["SB-97"] = shown(made[97])
    rows.append([f"SB-{made[2].number}", *[""] * 13, "D", ""])
    second.delete()
    del products["SB-2"]
    rows.append(["SB-999", *[""] * 13, "D", ""])
    second.delete(False)
    rows.append(row(made[98], "X"))
    second.reject("op_unknown")
    summary = table(rows, "\t").encode()
    feeds = [
        Feed({"full.tsv": full}, "ep", "csv", 1, first),
        Feed({"summary.tsv": summary}, "ep", "csv", 1, second),
    ]
    told = [
        full_products.saebom_shop(made[0], price=990),
        full_products.saebom_shop(made[92], title="에어 프라이어 & 오븐 5L"),
        full_products.saebom_shop(made[97]),
    ]
    return Mall("saebom_shop", feeds, products, told)


def nuri_digital() -> Mall:
    """JSON, gzipped, the records under a key, prices nested, images as a list."""
    made, expected = goods(90, 3), Expected()
    items: list[Any] = []
    products: dict[str, dict[str, Any]] = {}

    def item(one: Goods, **changes: Any) -> dict[str, Any]:
        images = [f"https://cdn.nuri.example/{one.number}-{n}.webp" for n in range(3)]
        return {
            "sku": f"N{one.number:04d}", "name": one.title,
            "price": {"sale": one.price, "list": one.list_price, "currency": "KRW"},
            "link": f"https://nuri.example/상품/{one.number}", "images": images,
            "category": one.category.replace(">", " > "), "maker": {"brand": one.brand},
            "stock": one.number % 9 > 0, "rating": 4.5, "tags": ["특가", "무료배송"], **changes,
        }  # fmt: skip

    for one in made[:80]:
        items.append(item(one))
        expected.good()
        products[f"N{one.number:04d}"] = {}
    products["N0000"] = shown(
        made[0], availability="out_of_stock", rating=4.5, tags=["특가", "무료배송"],
        url="https://nuri.example/%EC%83%81%ED%92%88/0",
        image_url="https://cdn.nuri.example/0-0.webp",
        extra_image_urls=["https://cdn.nuri.example/0-1.webp", "https://cdn.nuri.example/0-2.webp"],
    )  # fmt: skip
    items.append(item(made[80], price={"list": 1000, "currency": "KRW"}))
    expected.reject("price_missing")
    items.append(item(made[81], name=None))
    expected.reject("title_missing")
    items.append("not an object")
    expected.reject("malformed_row")
    items.append(item(made[82], price={"sale": "19.99", "list": "25.00", "currency": "USD"}))
    expected.good()
    products["N0082"] = shown(made[82], price="19.99", list_price="25.00", currency="USD")
    items.append(item(made[83], rating=7))
    expected.good(True, "rating_out_of_range")
    products["N0083"] = shown(made[83], rating=None)
    document = {"generated": "2026-11-22T09:00:00+09:00", "data": {"items": items}}
    body = gzip.compress(json.dumps(document, ensure_ascii=False).encode(), mtime=0)
    full = [
        full_products.nuri_digital(made[0]),
        full_products.nuri_digital(made[1]),
        full_products.nuri_digital(made[82], price="19.99", list_price=25, currency="USD"),
    ]
    feed = Feed({"items.json.gz": body}, "", "json", 1, expected)
    return Mall("nuri_digital", [feed], products, full)


def duru_fashion() -> Mall:
    """JSON Lines: a full feed, then a delta with I, U and D."""
    made, first, second = goods(80, 4), Expected(), Expected()
    products: dict[str, dict[str, Any]] = {}

    def line(one: Goods, **changes: Any) -> str:
        known = {
            "product_id": f"D{one.number}", "title": one.title, "price": one.price,
            "was": one.list_price, "url": f"https://duru.example/{one.number}",
            "category": one.category, "brand": one.brand, "group": f"G{one.number // 3}",
            "updated": 1_795_000_000 + one.number, "color": ["검정", "흰색", "빨강"][one.number % 3],
        }  # fmt: skip
        return json.dumps({**known, **changes}, ensure_ascii=False)

    lines = []
    for one in made[:70]:
        lines.append(line(one))
        first.good()
        products[f"D{one.number}"] = {}
    lines.append('{"product_id": "D70", "title": "잘린 줄')
    first.reject("malformed_row")
    lines.append(line(made[71], price=-5000))
    first.reject("price_not_positive")
    lines.append(line(made[72], updated="어제"))
    first.good(True, "mall_updated_at_invalid")
    products["D72"] = shown(made[72], mall_updated_at=None)
    full = ("\n".join(lines) + "\n").encode()

    lines = [line(made[3], op="U", price=made[3].price + 500)]
    second.good()
    products["D3"] = shown(made[3], price=made[3].price + 500)
    lines.append(line(made[73], op="I"))
    second.good()
    products["D73"] = shown(made[73], item_group_id="G24", attributes={"color": "흰색"})
    lines.append(json.dumps({"op": "D", "product_id": "D4"}))
    second.delete()
    del products["D4"]
    lines.append(line(made[5], op="U", price=1))
    second.duplicate()
    lines.append(json.dumps({"op": "D", "product_id": "D5"}))
    second.delete()
    del products["D5"]
    lines.append(line(made[74], op="I", title=""))
    second.reject("title_missing")
    delta = ("\n".join(lines) + "\n").encode()
    feeds = [
        Feed({"full.jsonl": full}, "", "json", 1, first),
        Feed({"changes.jsonl": delta}, "", "json", 1, second),
    ]
    told = [
        full_products.duru_fashion(made[0], updated="2026-11-18T11:06:40+00:00"),
        full_products.duru_fashion(
            made[3], updated="2026-11-18T11:06:43+00:00", price=made[3].price + 500
        ),
        full_products.duru_fashion(made[73], updated="2026-11-18T11:07:53+00:00"),
    ]
    return Mall("duru_fashion", feeds, products, told)


def gaon_books() -> Mall:
    """Parquet: a folder of parts, complete once `_SUCCESS` arrives; typed and nested values."""
    made, expected = goods(90, 5), Expected()
    products: dict[str, dict[str, Any]] = {}

    def record(one: Goods, **changes: Any) -> dict[str, Any]:
        known = {
            "id": one.number + 1, "name": one.title, "sale_price": Decimal(one.price),
            "url": f"https://gaon.example/b/{one.number}", "shop": {"brand": one.brand},
            "category": one.category, "in_stock": True, "isbn": one.gtin,
            "updated_at": datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC),
        }  # fmt: skip
        return {**known, **changes}

    records = []
    for one in made[:84]:
        records.append(record(one))
        expected.good()
        products[str(one.number + 1)] = {}
    products["1"] = shown(made[0], gtin=made[0].gtin, availability="in_stock")
    records.append(record(made[84], sale_price=None))
    expected.reject("price_missing")
    records.append(record(made[85], url="not a url"))
    expected.reject("url_invalid")
    records.append(record(made[86], id=None))
    expected.reject("product_id_missing")
    records.append(record(made[87], isbn="8801234567890"))
    expected.good(True, "gtin_invalid")
    products["88"] = shown(made[87], gtin=None)
    records.append(record(made[3], sale_price=Decimal("9900.00")))  # in another part than the first
    expected.duplicate()
    products["4"] = shown(made[3], price=9900)
    schema = pa.schema([
        ("id", pa.int64()), ("name", pa.string()), ("sale_price", pa.decimal128(12, 2)),
        ("url", pa.string()), ("shop", pa.struct([("brand", pa.string())])),
        ("category", pa.string()), ("in_stock", pa.bool_()), ("isbn", pa.string()),
        ("updated_at", pa.timestamp("us", "UTC")),
    ])  # fmt: skip
    files = {}
    for number, start in enumerate(range(0, len(records), 30)):
        out = io.BytesIO()
        part = pa.Table.from_pylist(records[start : start + 30], schema=schema)
        pq.write_table(part, out, compression="snappy")
        files[f"part-{number:05d}.parquet"] = out.getvalue()
    files["_SUCCESS"] = b""
    feed = Feed(files, "2026-11-22", "parquet", 1, expected)
    full = [
        full_products.gaon_books(made[0]),
        full_products.gaon_books(made[3], price=9900),
        full_products.gaon_books(made[87], gtin=None),
    ]
    return Mall("gaon_books", [feed], products, full)


def mirae_living() -> Mall:
    """CSV whose columns are renamed from a date on: the feed's time picks the catalog version."""
    made, first, second = goods(100, 6), Expected(), Expected()
    products: dict[str, dict[str, Any]] = {}

    def row(one: Goods, price: int | str | None = None) -> Row:
        told = one.price if price is None else price
        return [
            f"M{one.number}",
            one.title,
            str(told),
            f"/item/{one.number}",
            one.category,
            one.brand,
        ]

    rows = [["goods_no", "goods_name", "price", "path", "cate", "brand"]]
    for one in made[:95]:
        rows.append(row(one))
        first.good()
    rows.append(row(made[95], "12.345.6"))
    first.reject("price_not_a_number")
    old = table(rows).encode("utf-8-sig")
    rows = [["상품번호", "상품명", "판매가격", "경로", "카테고리", "브랜드명"]]
    for one in made[10:94]:  # M0 to M9 are gone, M94 too; M10 is dearer
        rows.append(row(one, one.price + 100 if one.number == 10 else None))
        second.good(one.number in (10, 11))
        products[f"M{one.number}"] = {}
    second.vanished = 11
    products["M10"] = shown(
        made[10], price=made[10].price + 100, url="https://mirae.example/item/10"
    )
    rows.append(row(made[96]))
    second.good()
    products["M96"] = shown(made[96])
    rows.append(row(made[11], made[11].price + 200))  # the last row of an id wins
    second.duplicate()
    products["M11"] = shown(made[11], price=made[11].price + 200)
    rows.append([f"M{made[97].number}", "", *row(made[97])[2:]])
    second.reject("title_missing")
    new = table(rows).encode("utf-8-sig")
    feeds = [
        Feed({"2026-10-31.csv": old}, "", "csv", 1, first, {"feed-time": "2026-10-31T06:00:00+09:00"}),
        Feed({"2026-11-01.csv": new}, "", "csv", 2, second, {"feed-time": "2026-11-01T06:00:00+09:00"}),
    ]  # fmt: skip
    told = [
        full_products.mirae_living(made[10], price=made[10].price + 100),
        full_products.mirae_living(made[11], price=made[11].price + 200),
        full_products.mirae_living(made[96]),
    ]
    return Mall("mirae_living", feeds, products, told)


ALL = (hanbit_mart, saebom_shop, nuri_digital, duru_fashion, gaon_books, mirae_living)
