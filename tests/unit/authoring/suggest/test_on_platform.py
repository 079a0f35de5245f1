"""Exports of platforms with columns renamed, gone and added: recognised in proportion, and drafted as what differs."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from infra.paths import CHECKOUT
from mallfeed.authoring.platform_files import platforms_of
from mallfeed.authoring.suggest.draft import lacking
from mallfeed.authoring.suggest.drafted import Drafted, drafted
from mallfeed.authoring.suggest.moved_columns import moved
from mallfeed.authoring.suggest.recognise import recognised
from mallfeed.authoring.suggest.suggest import suggest
from tests.unit.authoring.suggest.test_feeds import HEAD

PLATFORMS = platforms_of(CHECKOUT / "catalogs")
SAMPLES = sorted((CHECKOUT / "catalogs" / "_platforms").glob("*/*.sample.*"))
Table = list[list[str]]


def table_of(path: Path) -> Table:
    """Header and rows of a platform's sample, as text."""
    sample = suggest(path).sample
    own = [one for one in sample.columns if one.element_of is None]
    return [[one.name for one in own], *([cell or "" for cell in row] for row in zip(*(one.cells for one in own), strict=True))]  # fmt: skip


def sample_of(platform: str) -> Table:
    return table_of(next(path for path in SAMPLES if path.parent.name == platform))


def without(table: Table, *names: str) -> Table:
    kept = [place for place, name in enumerate(table[0]) if name not in names]
    return [[row[place] for place in kept] for row in table]


def renamed(table: Table, **names: str) -> Table:
    return [[names.get(name, name) for name in table[0]], *table[1:]]


def added(table: Table, name: str, value: Callable[[int], str]) -> Table:
    return [[*table[0], name], *([*row, value(n)] for n, row in enumerate(table[1:]))]


def draft_of(table: Table, folder: Path, base_url: str | None = "https://shop.example") -> Drafted:
    out = io.StringIO()
    csv.writer(out).writerows(table)
    path = folder / "export.csv"
    path.write_text(out.getvalue(), "utf-8")
    head = HEAD.__class__(HEAD.mall, 1, HEAD.effective_from, base_url=base_url)
    return drafted(suggest(path, base_url), head, PLATFORMS)


def sources(made: Drafted) -> dict[str, Sequence[str]]:
    return {one.name: one.sources for one in made.found.fields}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_three_columns_renamed_gone_or_added_are_borne(path: Path) -> None:
    columns = table_of(path)[0]
    chance = random.Random(path.name)
    for _ in range(10):
        changed = set(chance.sample(columns, 3))
        one = [f"{name} (new)" if name in changed else name for name in columns]
        gone = [name for name in columns if name not in changed]
        for header in (one, [*one, "memo", "특가", "warehouse"], gone):
            if (found := recognised(header, PLATFORMS)) is not None:
                assert found.platform.reference.platform == path.parent.name
            else:  # what its rows belong together by is gone
                assert header is gone
                assert changed & {"Handle", "URL handle", "Parent", "SKU", "ID"}


def test_a_header_that_has_half_of_a_platform_s_columns_is_none_of_its() -> None:
    columns = sample_of("smartstore")[0]
    half = [name for place, name in enumerate(columns) if place % 2]
    assert recognised([*half, "code", "price"], PLATFORMS) is None
    assert recognised([], PLATFORMS) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [("카테고리명", "주방 > 컵"), ("상품분류명", "Kitchen"), ("진열 카테고리", "주방|컵")],
)
def test_names_of_categories_win_over_codes(name: str, words: str, tmp_path: Path) -> None:
    for platform in ("cafe24", "godomall"):
        made = draft_of(added(sample_of(platform), name, lambda _: words), tmp_path)
        assert made.extends is not None
        assert sources(made)["category_path"] == (name,)


def test_codes_stay_where_the_file_has_no_names(tmp_path: Path) -> None:
    made = draft_of(added(sample_of("cafe24"), "분류코드", lambda n: f"10{n}"), tmp_path)
    assert "category_path" not in sources(made)


def test_names_of_brands_that_a_platform_does_not_have_are_added(tmp_path: Path) -> None:
    made = draft_of(added(sample_of("cafe24"), "브랜드명", lambda n: f"누보 {n % 2}"), tmp_path)
    assert sources(made)["brand"] == ("브랜드명",)


def test_a_renamed_price_is_read_and_named_as_missing(tmp_path: Path) -> None:
    table = renamed(sample_of("shopify"), **{"Variant Price": "Variant Price (KRW)"})
    made = draft_of(table, tmp_path)
    assert sources(made) == {"price": ("Variant Price (KRW)",)}
    assert made.platform is not None
    assert lacking(made.platform) == " but for Variant Price (`Variant Price (KRW)`?)"
    assert "but for Variant Price (`Variant Price (KRW)`?). Here stands" in made.text
    assert made.catalog().fields["price"].sources == ("Variant Price (KRW)",)


def test_what_belongs_together_by_a_renamed_column_does_so_still(tmp_path: Path) -> None:
    made = draft_of(renamed(sample_of("shopify"), Handle="Handle (ID)", Vendor="Maker"), tmp_path)
    catalog = made.catalog()
    inherit = catalog.feeds["full"].inherit
    assert inherit is not None
    assert (inherit.key, catalog.fields["product_id"].sources) == ("Handle (ID)", ("Handle (ID)",))
    assert "Vendor" not in (inherit.columns or ())
    assert "concat('/products/', `Handle (ID)`)" in made.text


def test_a_rule_without_its_column_is_left_out_and_said(tmp_path: Path) -> None:
    made = draft_of(without(sample_of("shopify"), "Status"), tmp_path)
    assert [rule.name for rule in made.catalog().row_rules("full")] == ["unpublished"]
    assert (
        "rows.drop.draft",
        "this file lacks `Status`, so no row is left out for it",
    ) in made.found.doubts
    assert "# CHECK: rows.drop.draft: this file lacks `Status`" in made.text


@pytest.mark.parametrize(
    ("gone", "more", "expected"),
    [
        (("대분류",), None, ("중분류", "소분류", "세분류")),
        (("대분류", "중분류"), None, ("소분류", "세분류")),
        (("대분류", "중분류", "소분류", "세분류"), "카테고리", ("카테고리",)),
        (("대분류", "중분류"), "카테고리명", ("카테고리명",)),
    ],
)
def test_categories_without_their_first_level(
    gone: tuple[str, ...], more: str | None, expected: tuple[str, ...], tmp_path: Path
) -> None:
    table = without(sample_of("smartstore"), *gone)
    table = added(table, more, lambda _: "가전>청소기") if more else table
    made = draft_of(table, tmp_path)
    assert made.extends is not None
    assert sources(made)["category_path"] == expected
    assert made.found.missing == ()


def test_no_optional_field_takes_a_column_that_the_platform_reads_as_another(
    tmp_path: Path,
) -> None:
    made = draft_of(without(sample_of("godomall"), "soldout_yn"), tmp_path)
    assert "availability" not in sources(made)
    assert "  availability: null     # its column is not in this file" in made.text


def test_another_currency_of_the_file_stands_in_the_draft(tmp_path: Path) -> None:
    table = added(sample_of("shopify"), "Currency", lambda _: "USD")
    made = draft_of(table, tmp_path)
    assert sources(made)["currency"] == ("Currency",)
    assert made.catalog().currency == "USD"
    unknown = draft_of(added(sample_of("shopify"), "Currency", lambda _: "Zorkmid"), tmp_path)
    assert "currency" in dict(unknown.found.missing)
    assert 'currency: "?" ' in unknown.text


def test_columns_that_nothing_reads_are_named(tmp_path: Path) -> None:
    made = draft_of(added(sample_of("shopify"), "warehouse \x1b[1m", lambda _: "A"), tmp_path)
    text = made.text.partition("# other columns of the file, which nothing reads:")[2]
    assert "warehouse \\x1b[1m" in text
    assert "Status" not in text  # a rule reads it


def test_the_shop_s_address_is_missing_where_addresses_are_built_on_it(tmp_path: Path) -> None:
    made = draft_of(sample_of("shopify"), tmp_path, base_url=None)
    assert list(dict(made.found.missing)) == ["base_url"]
    assert not made.complete


def test_expressions_read_columns_under_their_new_names() -> None:
    names = {"Handle": "Handle (ID)", "판매가": "가격", "trim": "x"}
    assert moved("concat('Handle', trim(Handle), `판매가`)", names) == (
        "concat('Handle', trim(`Handle (ID)`), `가격`)"
    )


def test_a_draft_of_each_sample_is_a_catalog(tmp_path: Path) -> None:
    for path in SAMPLES:
        made = drafted(suggest(path, "https://shop.example"), HEAD.__class__(
            HEAD.mall, 1, HEAD.effective_from, base_url="https://shop.example"), PLATFORMS)  # fmt: skip
        assert made.platform is not None
        if made.complete:
            assert made.catalog().extends == str(made.extends)


def test_the_platform_s_own_way_to_the_price_is_kept_under_the_new_name(tmp_path: Path) -> None:
    table = renamed(sample_of("smartstore"), 판매가="판매가(EUR)")
    price = table[0].index("할인가(PC)")
    made = draft_of(
        [table[0], *([*row[:price], "", *row[price + 1 :]] for row in table[1:])], tmp_path
    )
    assert sources(made)["price"] == ("할인가(PC)", "판매가(EUR)")
    assert made.catalog().currency == "EUR"
    assert not [one for one in made.assumed if one.what == "currency"]


def test_what_is_in_stock_is_left_to_whoever_knows_the_platform(tmp_path: Path) -> None:
    """Shopify exports 0 of what it does not count."""
    made = draft_of(sample_of("shopify"), tmp_path)
    assert "Variant Inventory Qty" in made.found.sample
    assert "stock_quantity" not in sources(made)


@pytest.mark.parametrize("name", ["판매가(원)", "판매가 (KRW)", "판매 가"])
def test_a_column_of_nearly_the_old_name_wins_over_another_that_fits(
    tmp_path: Path, name: str
) -> None:
    """The export has 상품가, too, an amount without tax: it is not what the buyer pays."""
    made = draft_of(renamed(sample_of("cafe24"), 판매가=name), tmp_path)
    assert sources(made)["price"] == (name,)


def test_a_platform_s_prices_in_several_currencies_are_said(tmp_path: Path) -> None:
    table = sample_of("cafe24")
    price = table[0].index("판매가")
    table = [table[0], *([*row[:price], "USD 9.90" if not n else row[price], *row[price + 1 :]]
                         for n, row in enumerate(table[1:]))]  # fmt: skip
    made = draft_of(table, tmp_path)
    assert made.catalog().currency == "KRW"
    assert (
        "price",
        "`판매가`: of 3 rows it names USD in 1, none in 2, which are taken for KRW; "
        "each product keeps the one that it names",
    ) in made.found.doubts


def priced(table: Table, *amounts: str, columns: Sequence[str] = ("Variant Price",)) -> Table:
    """The table, with these amounts in turn wherever a price is filled."""
    places = [table[0].index(name) for name in columns]
    return [table[0], *([amounts[n % len(amounts)] if place in places and cell else cell for place, cell in enumerate(row)]
                        for n, row in enumerate(table[1:]))]  # fmt: skip


def romanised(table: Table) -> Table:
    return [[cell.encode("ascii", "ignore").decode() or "x" if cell else "" for cell in row] for row in table]  # fmt: skip


@pytest.mark.parametrize(
    ("platform", "columns"),
    [
        ("shopify", ("Variant Price", "Variant Compare At Price")),
        ("woocommerce", ("Regular price", "Sale price")),
    ],
)
def test_a_platform_s_currency_that_its_prices_cannot_be_in_is_a_question(
    platform: str, columns: Sequence[str], tmp_path: Path
) -> None:
    table = romanised(sample_of(platform))
    made = draft_of(priced(table, "10.99", "24.50", columns=columns), tmp_path)
    assert made.catalog().currency == "USD"
    assert "# low 0.40: prices have cents, such as " in made.text
    assert [one.value for one in made.assumed if one.what == "currency"] == ["USD"]
    assert "confirm it, or write another one" in dict(made.found.doubts)["currency"]


@pytest.mark.parametrize(("amounts", "asked"), [
    (("12900.00", "8,900", "1,234,000"), False),
    (("1.255",), False),  # of three digits, which may be thousands
    (("12900", "12900", "12900.5"), True),
])  # fmt: skip
def test_a_platform_s_currency_stays_where_most_prices_can_be_in_it(
    amounts: Sequence[str], asked: bool, tmp_path: Path
) -> None:
    made = draft_of(priced(sample_of("shopify"), *amounts), tmp_path)
    assert made.catalog().currency == "KRW"
    assert ("currency" in dict(made.found.doubts)) == asked


def test_a_korean_file_s_prices_with_cents_are_won_to_be_checked(tmp_path: Path) -> None:
    made = draft_of(priced(sample_of("shopify"), "12900.99"), tmp_path)
    assert made.catalog().currency == "KRW"
    assert "they would be rounded" in dict(made.found.doubts)["currency"]


def test_what_the_platform_leaves_to_malls_is_never_a_column_that_it_knows(tmp_path: Path) -> None:
    table = sample_of("woocommerce")
    place = table[0].index("External URL")
    link = "https://other.example/p/"
    every = [table[0], *([*row[:place], f"{link}{n}", *row[place + 1 :]] for n, row in enumerate(table[1:]))]  # fmt: skip
    for one in (table, every):
        made = draft_of(one, tmp_path)
        assert "url" not in sources(made)
        assert dict(made.found.missing)["url"].startswith("woocommerce does not export it")


@pytest.mark.parametrize(("share", "taken"), [(1, True), (3, False)])
def test_what_the_platform_leaves_to_malls_is_a_column_that_most_products_fill(
    share: int, taken: bool, tmp_path: Path
) -> None:
    own = added(sample_of("woocommerce"), "Permalink", lambda n: "" if n % share else f"https://shop.example/p/{n}")  # fmt: skip
    assert ("url" in sources(draft_of(own, tmp_path))) == taken


def test_the_price_of_a_listing_is_a_price(tmp_path: Path) -> None:
    path = tmp_path / "listings.csv"
    rows = "".join(f"S{n},Tee number {n},{n + 10}.99,https://i.example/{n}.jpg\n" for n in range(20))  # fmt: skip
    path.write_text(f"CustomLabel,*Title,*StartPrice,PicURL\n{rows}", "utf-8")
    found = {one.name: one.sources for one in suggest(path).fields}
    assert found["price"] == ("*StartPrice",)
