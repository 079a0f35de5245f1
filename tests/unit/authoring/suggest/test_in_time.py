"""What a draft reads of a sale's time, of a product's end, and of what is in stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from mallfeed.authoring.suggest.doubts import doubts
from mallfeed.authoring.suggest.drafted import Drafted, drafted
from mallfeed.authoring.suggest.suggest import suggest
from tests.unit.authoring.suggest.test_feeds import HEAD

BASE = {
    "id": [f"A{n}" for n in range(1, 31)],
    "title": [f"산들 머그컵 {n}호" for n in range(1, 31)],
    "price": [f"{n}0000" for n in range(1, 31)],
    "link": [f"https://shop.example/{n}" for n in range(1, 31)],
    "category": ["주방 > 컵"] * 30,
}
SALES = [f"{n * 7}000" if n % 3 == 0 else "" for n in range(1, 31)]


def draft_of(tmp_path: Path, **columns: Sequence[str]) -> Drafted:
    table: Mapping[str, Sequence[str]] = BASE | columns
    rows = zip(*table.values(), strict=True)
    text = "\n".join("\t".join(row) for row in [tuple(table), *rows])
    path = tmp_path / "feed.tsv"
    path.write_text(text + "\n", "utf-8")
    return drafted(suggest(path), HEAD, None)


def read(made: Drafted) -> dict[str, tuple[str, ...]]:
    return {one.name: one.sources for one in made.found.fields if one.name not in ("title", "url")}


@pytest.mark.parametrize(
    ("times", "fields"),
    [
        ({"sale_price_effective_date": "2026-12-01/2026-12-26"}, ["sale_window"]),
        ({"sale_price_effective_date": "2026-12-01T00:00+0900/"}, ["sale_window"]),
        ({"sale_period": ""}, ["sale_window"]),
        ({"할인시작일": "2026.12.01", "할인종료일": "2026.12.26"}, ["sale_starts_at", "sale_ends_at"]),
        ({"special_price_to_date": "12/26/2026"}, ["sale_ends_at"]),
        (
            {"date_on_sale_to": "2026-12-26", "sale_price_effective_date": "2026-12-01/2026-12-26"},
            ["sale_window"],
        ),
    ],
)  # fmt: skip
def test_a_sale_whose_time_is_told_is_a_field_of_its_own(
    tmp_path: Path, times: dict[str, str], fields: list[str]
) -> None:
    made = draft_of(
        tmp_path, sale_price=SALES, **{name: [value] * 30 for name, value in times.items()}
    )
    found = read(made)
    assert (found["price"], found["sale_price"]) == (("price",), ("sale_price",))
    assert "list_price" not in found
    assert [name for name in found if name in ("sale_window", "sale_starts_at", "sale_ends_at")] == fields  # fmt: skip
    [told] = [one for one in made.assumed if one.what == "sale"]
    assert "a last day without a time counts to its end" in told.why
    assert made.catalog().fields["sale_price"].sources == ("sale_price",)


def test_the_price_before_stands_beside_a_sale_in_its_time(tmp_path: Path) -> None:
    listed = [f"{n}5000" for n in range(1, 31)]
    made = draft_of(tmp_path, sale_price=SALES, sale_end_date=["2026-12-26"] * 30, msrp=listed)
    assert read(made)["list_price"] == ("msrp",)


@pytest.mark.parametrize("sales", [[""] * 30, ["0"] * 30, ["0.00"] * 29 + [""]])
def test_a_column_of_sales_without_one_today_is_read(tmp_path: Path, sales: list[str]) -> None:
    found = read(draft_of(tmp_path, sale_price=sales))
    assert found["price"] == ("sale_price", "price")
    assert found["list_price"] == ("price",)


def test_times_of_a_sale_without_a_sale_say_nothing(tmp_path: Path) -> None:
    made = draft_of(tmp_path, sale_end_date=["2026-12-26"] * 30)
    assert "sale_ends_at" not in read(made)
    assert "sale_end_date" in [one.name for one in made.found.attributes]


def test_the_end_of_a_product_is_said_to_be_one(tmp_path: Path) -> None:
    made = draft_of(tmp_path, expiration_date=["2027-01-31"] * 30)
    assert read(made)["expires_at"] == ("expiration_date",)
    assert ("end", "a product ends at its `expiration_date`") in [
        (one.what, one.value) for one in made.assumed
    ]


@pytest.mark.parametrize("name", ["안전재고", "safety_stock", "min_stock", "last_stock_date"])
def test_other_numbers_of_pieces_are_not_the_stock(tmp_path: Path, name: str) -> None:
    assert "stock_quantity" not in read(draft_of(tmp_path, **{name: [str(n) for n in range(30)]}))


def test_a_number_in_stock_says_what_can_be_bought(tmp_path: Path) -> None:
    made = draft_of(tmp_path, 재고수량=[str(n % 7) for n in range(30)])
    assert read(made)["stock_quantity"] == ("재고수량",)
    assert ("availability", "in stock while `재고수량` is above 0") in [
        (one.what, one.value) for one in made.assumed
    ]
    assert not [one for one in doubts(made.found) if one[0] == "stock_quantity"]


def test_a_stock_of_nothing_at_all_is_to_be_checked(tmp_path: Path) -> None:
    """As in exports of shops that do not count it."""
    made = draft_of(tmp_path, stock_qty=["0"] * 29 + ["3"])
    [told] = [why for name, why in doubts(made.found) if name == "stock_quantity"]
    assert told.startswith("`stock_qty` is 0 in 97% of the rows, which will be out of stock")
    said = draft_of(tmp_path, stock_qty=["0"] * 30, availability=["in stock"] * 30)
    assert not [one for one in doubts(said.found) if one[0] == "stock_quantity"]


def test_a_condition_belongs_to_its_price(tmp_path: Path) -> None:
    names = ["누보카드 5%"] * 30
    assert "card_price_condition" not in read(draft_of(tmp_path, 카드명=names))
    found = read(draft_of(tmp_path, 카드명=names, 카드할인가=[f"{n}9000" for n in range(1, 31)]))
    assert (found["card_price"], found["card_price_condition"]) == (("카드할인가",), ("카드명",))
    assert found["price"] == ("price",)


def test_measures_packs_and_least_quantities_are_read(tmp_path: Path) -> None:
    made = draft_of(
        tmp_path, unit_pricing_measure=["750 ml"] * 30, unit_pricing_base_measure=["100ml"] * 30,
        multipack=["6", "1", "12"] * 10, minimum_purchase_quantity=["2"] * 30,
    )  # fmt: skip
    found = read(made)
    assert found["measure"] == ("unit_pricing_measure",)
    assert found["base_measure"] == ("unit_pricing_base_measure",)
    assert found["pack_size"] == ("multipack",)
    assert found["least_quantity"] == ("minimum_purchase_quantity",)
    assert made.catalog()


@pytest.mark.parametrize(
    ("ends", "formats"),
    [
        (["12/31/2026 11:59 PM", "1/2/2027 12:00 AM"], ["M/d/yyyy h:mm a"]),
        (["12/31/26", "1/2/27"], ["M/d/yy"]),
        (["31/12/26", "01/02/26"], ["dd/MM/yy"]),
        (["26.12.31", "26.11.30"], ["yy.MM.dd"]),
        (["31.12.26", "30.11.26"], ["dd.MM.yy"]),
        (["31/1/2026", "1/11/2026"], ["d/M/yyyy"]),
        (["Nov 1, 2026", "Dec 31, 2026"], ["MMM d, yyyy"]),
        (["1 November 2026", "31 December 2026"], ["d MMMM yyyy"]),
        (["2026-12-31", "0000-00-00"], None),
        (["1798675199", "0"], ["epoch_seconds"]),
        (["31-12-2026 23:59", "01-11-2026 00:00"], ["dd-MM-yyyy HH:mm"]),
    ],
)
def test_times_are_read_in_the_forms_that_malls_write(
    tmp_path: Path, ends: list[str], formats: list[str] | None
) -> None:
    made = draft_of(tmp_path, sale_price=SALES, sale_end_date=ends * 15)
    [field] = [one for one in made.found.fields if one.name == "sale_ends_at"]
    assert field.options.get("formats") == formats
    assert made.catalog().fields["sale_ends_at"]
    none = ["usual", "0"] if "0" in ends else None  # the reader knows 0000-00-00 itself
    assert field.options.get("blank_words") == none


def test_both_ends_of_a_sale_are_read_alike(tmp_path: Path) -> None:
    starts = [f"{n}/11/2026" for n in range(1, 11)] * 3
    made = draft_of(
        tmp_path, sale_price=SALES, sale_start_date=starts, sale_end_date=["31/12/2026"] * 30
    )
    read = {
        one.name: one.options["formats"]
        for one in made.found.fields
        if "sale_" in one.name and one.options
    }
    assert read == {"sale_starts_at": ["d/M/yyyy"], "sale_ends_at": ["d/M/yyyy"]}


def test_a_window_with_a_tilde_is_read(tmp_path: Path) -> None:
    made = draft_of(tmp_path, 할인가=SALES, 할인기간=["2026.11.01 ~ 2026.12.31"] * 30)
    [field] = [one for one in made.found.fields if one.name == "sale_window"]
    assert field.options == {"formats": ["yyyy.MM.dd"]}


@pytest.mark.parametrize("ends", ["01.02.26", "02/03/26", "until further notice", "상시"])
def test_a_time_that_cannot_be_read_is_to_be_checked(tmp_path: Path, ends: str) -> None:
    made = draft_of(tmp_path, sale_price=SALES, sale_end_date=[ends] * 30)
    [told] = [why for name, why in doubts(made.found) if name == "sale_ends_at"]
    assert f"`{ends}` is no form of a time" in told
    assert "the sale holds whenever its price is filled" in told
    assert {one.level for one in made.found.fields if one.name == "price"} == {"medium"}


def test_half_of_a_window_is_not_taken_for_all_of_it(tmp_path: Path) -> None:
    starts = ["Q4 26"] * 30
    made = draft_of(
        tmp_path, sale_price=SALES, sale_start_date=starts, sale_end_date=["2026-12-31"] * 30
    )
    assert "sale_starts_at" in dict(doubts(made.found))


def test_a_sale_without_a_time_is_assumed_to_hold(tmp_path: Path) -> None:
    made = draft_of(tmp_path, sale_price=SALES)
    assert ("sale", "`sale_price` holds whenever it is filled") in [
        (one.what, one.value) for one in made.assumed
    ]
    assert not [one for one in draft_of(tmp_path).assumed if one.what == "sale"]


def test_todays_price_is_not_the_usual_one(tmp_path: Path) -> None:
    """As WooCommerce's API writes them: `price` is the sale's while there is one."""
    today = [sale or price for sale, price in zip(SALES, BASE["price"], strict=True)]
    made = draft_of(
        tmp_path, price=today, regular_price=BASE["price"], sale_price=SALES,
        date_on_sale_to=["2026-12-31T23:59:59"] * 30,
    )  # fmt: skip
    found = read(made)
    assert (found["price"], found["sale_price"]) == (("regular_price",), ("sale_price",))
    assert "list_price" not in found


def test_no_sale_may_be_written_with_a_currency(tmp_path: Path) -> None:
    table = {name: cells for name, cells in BASE.items() if name != "price"}
    sales = [f"${n}.00" if n % 3 == 0 else "$0.00" for n in range(30)]
    usual = [f"${n + 5}.99" for n in range(30)]
    rows = zip(*table.values(), usual, sales, strict=True)
    text = "\n".join("\t".join(row) for row in [(*table, "Regular Price", "Sale Price"), *rows])
    (tmp_path / "feed.tsv").write_text(text + "\n", "utf-8")
    found = read(drafted(suggest(tmp_path / "feed.tsv"), HEAD, None))
    assert found["price"] == ("Sale Price", "Regular Price")


def test_an_amount_that_all_rows_have_is_no_price(tmp_path: Path) -> None:
    table = {name: cells for name, cells in BASE.items() if name != "price"}
    usual, same = [f"{n}0,980円" for n in range(1, 31)], ["5,500円"] * 30
    rows = zip(*table.values(), usual, SALES, same, strict=True)
    header = (*table, "通常価格", "セール価格", "送料無料ライン")
    text = "\n".join("\t".join(row) for row in [header, *rows])
    (tmp_path / "feed.tsv").write_text(text + "\n", "utf-8")
    found = read(drafted(suggest(tmp_path / "feed.tsv"), HEAD, None))
    assert found["price"] == ("セール価格", "通常価格")
