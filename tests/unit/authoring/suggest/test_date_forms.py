"""How times are written: one way to their formats, whatever column they stand in."""

from __future__ import annotations

import pytest

from mallfeed.authoring.suggest.date_forms import forms_of, intervals, order_of


@pytest.mark.parametrize(
    ("values", "formats"),
    [
        (["2026-11-01", "2026-12-31"], ["iso8601"]),
        (["2026-11-01", "2026/12/31"], ["iso8601", "yyyy/MM/dd"]),
        (["2026/11/01 9:00", "2026/11/01 23:59"], ["yyyy/MM/dd H:mm"]),
        (["2026/11/01 09:00"], ["yyyy/MM/dd HH:mm"]),
        (["2026. 11. 1.", "2026. 12. 31."], ["yyyy. M. d."]),
        (["2026년 11월 1일", "2026년 12월 31일 23:59"], ["yyyy년 M월 d일", "yyyy년 M월 d일 H:mm"]),
        (["2026年11月01日 00:00"], ["yyyy年M月d日 H:mm"]),
        (["46327", "46387"], ["spreadsheet_days"]),
        (["46327.5", "46387"], ["spreadsheet_days"]),
        (["1798675199", "1798761599"], ["epoch_seconds"]),
        (["01.02.26", "31.12.26"], ["dd.MM.yy"]),
        (["12345", "99999"], []),
        (["11/1", "11/30"], []),
        (["Tue, 24 Nov 2026 09:00:00 +0900"], []),
    ],
)
def test_times_have_their_formats(values: list[str], formats: list[str]) -> None:
    found = forms_of(values)
    assert sorted(found.formats) == sorted(formats)
    assert bool(found.unread) == (not formats)


@pytest.mark.parametrize("word", ["상시", "무기한", "always", "unbefristet", "常時", "0"])
def test_a_word_for_always_is_no_time_and_spoils_none(word: str) -> None:
    found = forms_of(["2026.11.01", word, "2026.12.31"])
    assert (found.formats, found.without, found.share) == (("yyyy.MM.dd",), (word,), 1.0)


@pytest.mark.parametrize("zero", ["0000-00-00", "0000-00-00 00:00:00", "0000/00/00"])
def test_what_the_reader_takes_for_blank_says_nothing(zero: str) -> None:
    assert forms_of(["2026-11-01", zero]).without == ()
    assert forms_of([zero]).formats == ()


def test_other_values_are_named_and_the_rest_is_read() -> None:
    found = forms_of(["2026-11-01", "2026-12-31", "soon", "2026-12-24", "2026-12-25"])
    assert (found.formats, found.unread, found.share) == (("iso8601",), ("soon",), 0.8)


@pytest.mark.parametrize(
    ("values", "either"),
    [
        (["02/03/2026", "04/05/2026"], "02/03/2026"),
        (["02/03/2026", "24/05/2026"], None),
        (["2026/03/02"], None),
    ],
)
def test_a_day_that_may_be_a_month_is_told(values: list[str], either: str | None) -> None:
    assert forms_of(values).either == either


@pytest.mark.parametrize(
    ("value", "formats"),
    [
        ("2026-11-01/2026-12-31", ("iso8601",)),
        ("2026-11-01T00:00+09:00/2026-12-31T23:59+09:00", ("iso8601",)),
        ("2026-11-01 - 2026-12-31", ("iso8601",)),
        ("2026-11-01 – 2026-12-31", ("iso8601",)),
        ("2026.11.01~2026.12.31", ("yyyy.MM.dd",)),
        ("2026.11.01 〜 2026.12.31", ("yyyy.MM.dd",)),
        ("2026/11/01 ~ 2026/12/31", ("yyyy/MM/dd",)),
        ("2026/11/01 - 2026/12/31", ("yyyy/MM/dd",)),
        ("2026-11-01 ~", ("iso8601",)),
        ("2026-11-01/0000-00-00", ("iso8601",)),
        ("2026.11.01~12.31", ()),
        ("11/1 ~ 11/30", ()),
        ("2026-11-01", ()),
        ("2026-11-01 ~ 상시", ()),
    ],
)
def test_intervals_are_read_as_the_job_splits_them(value: str, formats: tuple[str, ...]) -> None:
    found = intervals([value] * 2)
    assert found.formats == formats
    assert found.share == bool(formats)


def test_a_word_for_always_is_no_interval_and_spoils_none() -> None:
    found = intervals(["2026.11.01~2026.12.31", "상시"])
    assert (found.formats, found.without, found.share) == (("yyyy.MM.dd",), ("상시",), 1.0)


@pytest.mark.parametrize(
    "times",
    [
        ["2026-11-01", "2026-12-31", "2027-01-01"],
        ["01/11/2026", "31/12/2026", "01/01/2027"],
        ["11/1/26", "12/31/26", "1/1/27"],
        ["2026年11月1日", "2026年12月31日", "2027年1月1日"],
        ["46327", "46387", "46388"],
    ],
)
def test_times_of_a_column_are_compared(times: list[str]) -> None:
    keys = order_of([*times, None])
    assert keys[:3] == sorted(key for key in keys if key)
    assert keys[3] is None
