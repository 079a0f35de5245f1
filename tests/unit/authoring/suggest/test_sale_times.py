"""When a sale holds, where the columns are not called so, or only together tell how they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from mallfeed.authoring.suggest.doubts import doubts
from tests.unit.authoring.suggest.test_in_time import SALES, draft_of, read


def where_on_sale(*times: str) -> list[str]:
    return [times[n % len(times)] if sale else "" for n, sale in enumerate(SALES)]


NAMES = [
    ("Inizio sconto", "Fine sconto"), ("Aktion gültig von", "Aktion gültig bis"), ("特価開始", "特価終了"),
    ("販売期間開始", "販売期間終了"), ("행사1", "행사2"), ("col_17", "col_18"),
]  # fmt: skip


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize(
    ("first", "last", "formats"),
    [
        ("2026-11-01", "2026-12-31", None),
        ("01/11/2026", "31/12/2026", ["dd/MM/yyyy"]),
        ("46327", "46387", ["spreadsheet_days"]),
    ],
)
def test_two_times_filled_where_the_sale_is_are_its_window(
    names: tuple[str, str], first: str, last: str, formats: list[str] | None, tmp_path: Path
) -> None:
    columns = {names[0]: where_on_sale(first), names[1]: where_on_sale(last)}
    made = draft_of(tmp_path, sale_price=SALES, **columns)
    found = read(made)
    assert found["sale_starts_at"] == (names[0],)
    assert found["sale_ends_at"] == (names[1],)
    assert found["sale_price"] == ("sale_price",)
    ends = [one for one in made.found.fields if one.name in ("sale_starts_at", "sale_ends_at")]
    assert {one.level for one in ends} == {"medium"}
    assert [one.options.get("formats") for one in ends] == [formats] * 2


def test_the_order_of_the_columns_does_not_matter(tmp_path: Path) -> None:
    columns = {"b": where_on_sale("2026-12-31"), "a": where_on_sale("2026-11-01", "2026-11-11")}
    found = read(draft_of(tmp_path, sale_price=SALES, **columns))
    assert (found["sale_starts_at"], found["sale_ends_at"]) == (("a",), ("b",))


def test_an_interval_of_unknown_name_is_the_window(tmp_path: Path) -> None:
    when = where_on_sale("2026.11.01 ~ 2026.12.31")
    found = read(draft_of(tmp_path, sale_price=SALES, 비고2=when))
    assert found["sale_window"] == ("비고2",)


@pytest.mark.parametrize(
    "columns",
    [
        {"x": where_on_sale("2026-12-31")},
        {"x": where_on_sale("2026-11-01"), "y": where_on_sale("2026-11-01")},
        {n: where_on_sale(f"2026-1{k}-01") for k, n in enumerate("xyz")},
    ],
)
def test_times_that_tell_no_window_are_asked_for(
    columns: dict[str, list[str]], tmp_path: Path
) -> None:
    made = draft_of(tmp_path, sale_price=SALES, **columns)
    assert not {"sale_starts_at", "sale_ends_at", "sale_window"} & set(read(made))
    told = [why for name, why in doubts(made.found) if name == "sale_price"]
    assert len(told) == len(columns)
    assert {one.level for one in made.found.fields if one.name == "price"} == {"medium"}


def test_times_of_every_row_are_those_of_anything(tmp_path: Path) -> None:
    columns = {"x": ["2026-11-01"] * 30, "y": ["2026-12-31"] * 30}
    made = draft_of(tmp_path, sale_price=SALES, **columns)
    assert not {"sale_starts_at", "sale_ends_at"} & set(read(made))
    assert "sale_price" not in dict(doubts(made.found))


@pytest.mark.parametrize(
    ("start", "end", "formats"),
    [
        ("11/1/26", "12/31/26", ["M/d/yy"]),
        ("26.11.01", "26.12.31", ["yy.MM.dd"]),
        ("01.02.26", "31.12.26", ["dd.MM.yy"]),
    ],
)
def test_the_ends_tell_of_each_other_how_they_are_written(
    start: str, end: str, formats: list[str], tmp_path: Path
) -> None:
    columns = {"sale_start_date": where_on_sale(start), "sale_end_date": where_on_sale(end)}
    made = draft_of(tmp_path, sale_price=SALES, **columns)
    ends = {one.name: one.options["formats"] for one in made.found.fields if "_at" in one.name}
    assert ends == {"sale_starts_at": formats, "sale_ends_at": formats}
    assert not {"sale_starts_at", "sale_ends_at"} & set(dict(doubts(made.found)))


def test_a_day_that_may_be_a_month_is_to_be_confirmed(tmp_path: Path) -> None:
    columns = {
        "sale_start_date": where_on_sale("01/02/2026"),
        "sale_end_date": where_on_sale("03/04/2026"),
    }
    told = dict(doubts(draft_of(tmp_path, sale_price=SALES, **columns).found))
    assert "confirm it with the mall" in told["sale_starts_at"]


def test_single_values_that_are_not_read_are_named(tmp_path: Path) -> None:
    ends = [*["2026-12-31"] * 28, "next week", "next week"]
    told = dict(doubts(draft_of(tmp_path, sale_price=SALES, sale_end_date=ends).found))
    assert "`next week` and the like in 2 rows, which are in no form" in told["sale_ends_at"]


def test_always_is_kept_out_of_the_times_and_told(tmp_path: Path) -> None:
    ends = [*["2026-12-31"] * 20, *["상시"] * 10]
    made = draft_of(tmp_path, sale_price=SALES, sale_end_date=ends)
    [field] = [one for one in made.found.fields if one.name == "sale_ends_at"]
    assert field.options == {"blank_words": ["usual", "상시"]}
    assert "`상시` in `sale_end_date` means none" in [one.value for one in made.assumed]


@pytest.mark.parametrize("when", ["2026.11.01~12.31", "11/1 ~ 11/30"])
def test_a_window_without_its_year_is_asked_for(when: str, tmp_path: Path) -> None:
    told = dict(doubts(draft_of(tmp_path, 할인가=SALES, 할인기간=[when] * 30).found))
    assert f"`{when}` is no form of a time" in told["sale_window"]
    assert "2026-11-01/2026-12-31" in told["sale_window"]
