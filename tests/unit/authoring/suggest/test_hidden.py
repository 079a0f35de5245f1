"""Products that the mall itself does not show: left out where nothing is in doubt, asked about where something is."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mallfeed.authoring.suggest.doubts import doubts
from mallfeed.authoring.suggest.drafted import Drafted, drafted
from mallfeed.authoring.suggest.hidden_words import means_hidden, means_shown
from mallfeed.authoring.suggest.suggest import suggest
from mallfeed.authoring.suggest.surroundings import currency_of
from mallfeed.catalog.rows import Rule
from tests.unit.authoring.suggest.test_label_rows import KEYS, Table, draft_of, products
from tests.unit.authoring.suggest.test_on_platform import PLATFORMS, sample_of

KEPT = "may be products that the mall hides"


def with_column(name: str, cells: str, *more: str) -> Table:
    """Twelve products with a column more, whose values are `cells`, in turn."""
    values = cells.split("|")
    rows = products()
    return [[*KEYS, name], *([*row, values[n % len(values)]] for n, row in enumerate(rows)), *map(list, more)]  # fmt: skip


def rules_of(made: Drafted) -> tuple[Rule, ...]:
    return tuple(made.catalog().row_rules(next(iter(made.catalog().feeds))))


def checks_of(made: Drafted) -> list[str]:
    return [why for name, why in doubts(made.found) if name == "rows"]


@pytest.mark.parametrize(
    ("name", "cells", "rule"),
    [
        ("전시상태", "전시중|전시중지|전시중", "trim(`전시상태`) = '전시중지'"),
        ("진열여부", "Y|N|Y", "lower(trim(`진열여부`)) = 'n'"),
        ("상품노출여부", "노출|미노출|노출", "trim(`상품노출여부`) = '미노출'"),
        ("공개상태", "공개|비공개|공개함", "trim(`공개상태`) = '비공개'"),
        ("게시여부", "1|0|1", "trim(`게시여부`) = '0'"),
        ("판매상태", "공개|숨김|공개", "trim(`판매상태`) = '숨김'"),
        ("숨김여부", "N|Y|N", "lower(trim(`숨김여부`)) = 'y'"),
        ("비공개", "|Y|", "lower(trim(`비공개`)) = 'y'"),
        ("Published", "TRUE|FALSE|TRUE", "lower(trim(Published)) = 'false'"),
        ("Published", "1|0|-1", "trim(Published) in ('0', '-1')"),
        ("is_active", "yes|no|yes", "lower(trim(is_active)) = 'no'"),
        ("display_yn", "Y|N|Y", "lower(trim(display_yn)) = 'n'"),
        ("Visibility in catalog", "visible|hidden|search", "lower(trim(`Visibility in catalog`)) = 'hidden'"),
        ("isVisible", "true|false|true", "lower(trim(isVisible)) = 'false'"),
        ("Status", "active|draft|archived", "lower(trim(Status)) in ('draft', 'archived')"),
        ("status", "Enabled|Disabled|Enabled", "lower(trim(status)) = 'disabled'"),
        ("product_status", "Active|Inactive|Active", "lower(trim(product_status)) = 'inactive'"),
        ("archived", "false|true|false", "lower(trim(archived)) = 'true'"),
        ("公開状態", "公開|非公開|公開", "trim(`公開状態`) = '非公開'"),
        ("表示フラグ", "1|0|1", "trim(`表示フラグ`) = '0'"),
        ("倉庫指定", "0|1|0", "trim(`倉庫指定`) = '1'"),
        ("是否显示", "是|否|是", "trim(`是否显示`) = '否'"),
        ("aktiv", "ja|nein|ja", "lower(trim(aktiv)) = 'nein'"),
        ("Sichtbarkeit", "sichtbar|versteckt|sichtbar", "lower(trim(Sichtbarkeit)) = 'versteckt'"),
        ("statut", "publié|brouillon|publié", "lower(trim(statut)) = 'brouillon'"),
        ("Estado", "Activo|Borrador|Activo", "lower(trim(Estado)) = 'borrador'"),
        ("Статус", "Опубликован|Черновик|Опубликован", "lower(trim(`Статус`)) = 'черновик'"),
    ],
)  # fmt: skip
def test_what_the_mall_hides_is_left_out_and_said(
    name: str, cells: str, rule: str, tmp_path: Path
) -> None:
    made = draft_of(with_column(name, cells), tmp_path)
    assert rules_of(made) == (Rule("hidden", rule),)
    count = 8 if " in (" in rule else 4
    (said,) = checks_of(made)
    assert said.startswith(f"{count} of 12 rows are left out by `rows.drop.hidden`")
    assert all(one.name != "availability" for one in made.found.fields)
    assert f"# CHECK: rows: {count} of 12 rows are left out" in made.text


@pytest.mark.parametrize(
    ("name", "cells", "rows"),
    [
        ("Status", "1|0|1", 4),  # PrestaShop hides, others sell out
        ("상태", "Y|N|Y", 4),
        ("진열여부", "N", 12),
        ("Published", "false", 12),
        ("진열여부", "Y|N|품절", 4),
        ("Status", "active|draft|sold out", 4),
        ("판매상태", "판매중|숨김|품절", 4),
        ("visible", "1|0|2", 4),
        ("Published", "|N|", 4),
        ("display_mobile_yn", "Y|N|Y", 4),
        ("진열여부(모바일)", "Y|N|Y", 4),
    ],
)
def test_what_may_be_hidden_is_asked_about(
    name: str, cells: str, rows: int, tmp_path: Path
) -> None:
    made = draft_of(with_column(name, cells), tmp_path)
    assert rules_of(made) == ()
    (said,) = checks_of(made)
    assert f"{KEPT}: {rows} of 12 rows" in said
    assert "leave them out by `rows: {drop: {hidden:" in said


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("전시상태", "전시중|전시중|전시중"),
        ("Published", "TRUE"),
        ("판매상태", "판매중|품절|판매중지"),
        ("판매여부", "Y|N|Y"),
        ("availability", "in stock|out of stock|in stock"),
        ("stock_status", "1|0|1"),
        ("상품상태", "신상품|중고|전시"),
        ("노출순서", "0|1|2"),
        ("published_at", "2026-01-01|2026-01-02|2026-01-03"),
        ("is_gift", "0|1|0"),
        ("公開日", "2026-01-01|2026-01-02|2026-01-03"),
        ("category_status_name", "draft|active|draft"),
    ],
)
def test_nothing_is_said_of_what_hides_nothing(name: str, cells: str, tmp_path: Path) -> None:
    made = draft_of(with_column(name, cells), tmp_path)
    assert (rules_of(made), checks_of(made)) == ((), [])


def test_a_yes_or_no_of_a_status_is_no_sure_availability(tmp_path: Path) -> None:
    for cells in ("1|0|1", "1"):
        made = draft_of(with_column("Status", cells), tmp_path)
        (found,) = [one for one in made.found.fields if one.name == "availability"]
        assert found.level == "medium"
    made = draft_of(with_column("in_stock", "1|0|1"), tmp_path)
    (found,) = [one for one in made.found.fields if one.name == "availability"]
    assert found.level == "high"


def test_several_columns_hide_what_any_of_them_hides(tmp_path: Path) -> None:
    rows = [[*KEYS, "Published", "Status"]]
    rows += [
        [*row, "FALSE" if n < 3 else "TRUE", "draft" if 2 <= n < 5 else "active"]
        for n, row in enumerate(products())
    ]
    made = draft_of(rows, tmp_path)
    assert rules_of(made) == (
        Rule("hidden", "lower(trim(Published)) = 'false' or lower(trim(Status)) = 'draft'"),
    )
    assert checks_of(made)[0].startswith("5 of 12 rows are left out")
    rows = [[*row[:-2], *(["FALSE", "TRUE"] if n % 2 else ["TRUE", "FALSE"])] for n, row in enumerate(rows)]  # fmt: skip
    rows[0] = [*KEYS, "Published", "Visible"]
    made = draft_of(rows, tmp_path)
    assert rules_of(made) == ()
    assert len(checks_of(made)) == 2


def test_a_second_header_and_hidden_products_are_left_out_by_rules_of_their_own(
    tmp_path: Path,
) -> None:
    rows = [*with_column("진열여부", "Y|N|Y")]
    rows.insert(1, ["상품코드", "상품명", "판매가", "상품URL", "카테고리", "진열"])
    made = draft_of(rows, tmp_path)
    assert [one.name for one in rules_of(made)] == ["second_header", "hidden"]


def test_variants_have_it_from_their_article(tmp_path: Path) -> None:
    rows = [["Handle", "Title", "SKU", "Price", "Link", "Category", "Status"]]
    for n in range(12):
        link = f"https://shop.example/{n}"
        status = "draft" if n < 2 else "active"
        rows.append([f"h{n}", f"Mug {n}", f"S{n}A", "9,900", link, "Cups", status])
        rows.append([f"h{n}", "", f"S{n}B", "9,900", link, "", ""])
    made = draft_of(rows, tmp_path)
    assert rules_of(made) == (Rule("hidden", "lower(trim(Status)) = 'draft'"),)
    assert checks_of(made)[0].startswith("4 of 24 products are left out")
    inherit = made.catalog().feeds["full"].inherit
    assert inherit is not None
    assert inherit.columns is not None
    assert {"Title", "Category", "Status"} <= set(inherit.columns)


def test_a_hidden_parent_takes_its_variations_along(tmp_path: Path) -> None:
    rows = [["ID", "Parent", "Name", "Price", "Link", "Category", "Published"]]
    for n in range(12):
        link = f"https://shop.example/{n}"
        rows.append([f"{n}", "", f"Mug {n}", "", link, "Cups", "0" if n < 2 else "1"])
        rows += [[f"{n}00{k}", f"{n}", "", "9,900", link, "", "1"] for k in (1, 2)]
    made = draft_of(rows, tmp_path)
    assert checks_of(made)[0].startswith("4 of 24 products are left out")
    inherit = made.catalog().feeds["full"].inherit
    assert inherit is not None
    assert inherit.parent is not None
    assert inherit.parent.takes_along == ("hidden",)


def test_nested_and_typed_columns_are_compared_as_texts(tmp_path: Path) -> None:
    records = [
        {**dict(zip(KEYS, row, strict=True)), "info": {"active": n % 3 > 0}}
        for n, row in enumerate(products())
    ]
    path = tmp_path / "feed.json"
    path.write_text(json.dumps(records), "utf-8")
    made = drafted(suggest(path), draft_of(with_column("x", "1"), tmp_path).head, PLATFORMS)
    assert rules_of(made) == (Rule("hidden", "lower(trim(`info.active`)) = 'false'"),)
    path = tmp_path / "feed.parquet"
    flat = [{**dict(zip(KEYS, row, strict=True)), "active": n % 3 > 0} for n, row in enumerate(products())]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(flat), path)
    made = drafted(suggest(path), made.head, PLATFORMS)
    assert rules_of(made) == (Rule("hidden", "lower(trim(cast(active as string))) = 'false'"),)


@pytest.mark.parametrize("platform", ["woocommerce", "cafe24", "shopify"])
def test_on_a_platform_its_own_rules_hold(platform: str, tmp_path: Path) -> None:
    made = draft_of(sample_of(platform), tmp_path)
    assert made.platform is not None
    assert checks_of(made) == []
    assert "hidden" not in made.text


PUT_TOGETHER = "미진열|노출 안함|비전시|전시대기|게시 중지|not published|Un-Published|non visible|非表示|未公開|掲載終了|不显示"


@pytest.mark.parametrize("word", PUT_TOGETHER.split("|"))
def test_words_that_are_put_together_are_known_by_their_parts(word: str) -> None:
    assert means_hidden(word)
    assert not means_shown(word)


@pytest.mark.parametrize(
    "word", ["품절", "판매중지", "미사용", "단종", "sold out", "unavailable", "in stock", "no", "0"]
)
def test_what_cannot_be_bought_is_not_hidden_by_its_word(word: str) -> None:
    assert not means_hidden(word)


@pytest.mark.parametrize(
    ("words", "encoding", "host", "currency"),
    [
        ("白磁の器|磁器|陶器", "cp932", "a.example", "JPY"),
        ("白磁の器|磁器の皿|陶器の店", "euc-jp", "a.example", "JPY"),
        ("リネンシャツ|マグ|ざる", "utf-8", "a.example", "JPY"),
        ("เสื้อ|กางเกง|หมวก", "utf-8", "a.example", "THB"),
        ("חולצה|כובע|ספל", "utf-8", "a.example", "ILS"),
        ("Μπλούζα|Κούπα|Καπέλο", "utf-8", "a.example", "EUR"),
        ("衬衫|帽子|杯子", "utf-8", "a.example", "KRW"),
        ("Кружка|Чашка|Шляпа", "utf-8", "a.example", "KRW"),
        ("Mug|Cup|Hat", "utf-8", "a.example", "KRW"),
        ("器|磁器|陶器", "cp932", "a.tw", "TWD"),
    ],
)
def test_a_script_of_one_country_says_the_currency_at_low(
    words: str, encoding: str, host: str, currency: str, tmp_path: Path
) -> None:
    names = words.split("|")
    lines = ["id,title,price,link,category,memo,note"]
    lines += [f"A{n},{names[n % 3]}{n},{n + 1}00,https://{host}/{n},x{n % 3},m{n},n{n}" for n in range(30)]  # fmt: skip
    path = tmp_path / "feed.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    found = suggest(path)
    code, sure, _ = currency_of(found.sample, found.fields)
    assert code == currency
    assert sure < 0.85
