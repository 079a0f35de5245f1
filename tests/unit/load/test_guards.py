"""Guards hold a feed before anything of it is published, and say why."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mallfeed.catalog.feed_spec import FeedSpec, Guards, Limit
from mallfeed.catalog.inherit import Inherit
from mallfeed.errors import FeedHeld
from mallfeed.load.guards import check_guards
from mallfeed.table.counts import Counts

FULL = FeedSpec(format="csv")
DELTA = FeedSpec(format="csv", mode="delta", operation={"from": "op"})


def held(counts: Counts, spec: FeedSpec = FULL) -> FeedHeld:
    with pytest.raises(FeedHeld) as caught:
        check_guards(counts, spec, "KRW")
    return in_both_languages(caught.value)


def in_both_languages(found: FeedHeld) -> FeedHeld:
    """What holds a feed, whose Korean figures are those of the message."""
    korean = re.sub(r"지난 전체 피드 \d+개", "", found.figures_ko)
    assert re.search("[가-힣]", korean)
    numbers = re.findall(r"\d[\d,.]*\d|\d", korean)
    assert numbers
    assert [one for one in numbers if one not in found.message] == []
    return found


def test_a_feed_that_was_cut_off_is_held_for_what_would_vanish() -> None:
    counts = Counts(rows_read=600, accepted=600, products_before=1000, vanished=400)
    found = held(counts)
    assert found.code == "guard_vanished"
    assert "400 of 1,000 products would vanish (40%" in found.message
    assert "release the feed" in found.message


def test_a_large_share_of_a_small_mall_may_vanish() -> None:
    check_guards(Counts(rows_read=11, accepted=11, products_before=100, vanished=89), FULL, "KRW")


@pytest.mark.parametrize(("before", "vanished"), [(100, 100), (100, 90), (3, 3), (1, 1)])
def test_nearly_all_products_of_a_small_mall_may_not_vanish(before: int, vanished: int) -> None:
    counts = Counts(rows_read=50, accepted=50, products_before=before, vanished=vanished)
    found = held(counts)
    assert found.code == "guard_vanished"
    assert f"{vanished} of {before} products would vanish" in found.message


def test_a_catalog_that_allows_all_products_to_vanish_is_obeyed() -> None:
    spec = FeedSpec(format="csv", guards=Guards(vanished=Limit(ratio=1, count=0)))
    check_guards(Counts(rows_read=1, accepted=1, products_before=40, vanished=40), spec, "KRW")


def test_a_first_feed_makes_nothing_vanish() -> None:
    check_guards(Counts(rows_read=1, accepted=1), FULL, "KRW")


def test_a_large_count_of_a_huge_mall_may_vanish() -> None:
    counts = Counts(
        rows_read=900_000, accepted=900_000, products_before=1_000_000, vanished=100_000
    )
    check_guards(counts, FULL, "KRW")


def test_many_refused_rows_hold_a_full_feed_and_a_delta() -> None:
    counts = Counts(rows_read=50, accepted=35, rejected=15)
    assert held(counts).code == "guard_rejected"
    assert held(counts, DELTA).code == "guard_rejected"
    assert "15 of 50 rows are refused (30%)" in held(counts).message


LEFT_OUT = Counts(rows_read=1000, dropped=900, drop_rules={"hidden": 300, "merged": 600})


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"accepted": 5, "rejected": 95}, "guard_rejected"),
        ({"accepted": 4, "duplicates": 96, "duplicate_ids": ("8.8E+12",)}, "guard_duplicates"),
        ({"accepted": 100, "warning_codes": {"price_rounded": 90}}, "guard_rounded"),
    ],
)
def test_rows_that_are_left_out_make_no_fault_look_rare(fault: dict[str, Any], code: str) -> None:
    found = held(LEFT_OUT.model_copy(update=fault))
    assert found.code == code
    assert " of 100 " in found.message
    assert ("without the 900 that rules leave out" in found.message) == (code != "guard_rounded")


def test_deletes_have_no_prices_that_could_be_rounded() -> None:
    counts = Counts(rows_read=1000, accepted=100, deletes=900, warning_codes={"price_rounded": 100})
    assert held(counts, DELTA).code == "guard_rounded"


def test_a_share_is_unusual_among_the_rows_that_are_not_left_out() -> None:
    usual = Counts(rows_read=1000, dropped=900, accepted=90, rejected=10)
    check_guards(usual, FULL, "KRW", [usual])
    check_guards(usual.model_copy(update={"rows_read": 100, "dropped": 0}), FULL, "KRW", [usual])


def test_a_feed_whose_rows_are_all_left_out_is_held_with_the_rules_that_do_it() -> None:
    counts = Counts(rows_read=10, dropped=10, drop_rules={"gifts": 2, "hidden": 8})
    told = held(counts)
    assert told.code == "guard_fewest_rows"
    assert (
        "rules leave out 10 (`hidden` 8, `gifts` 2): are the conditions under `rows`"
        in told.message
    )
    merged = counts.model_copy(update={"drop_rules": {"merged": 10}})
    assert "rules" not in held(merged).message


def test_a_few_refused_rows_of_a_tiny_feed_pass() -> None:
    check_guards(Counts(rows_read=12, accepted=3, rejected=9), FULL, "KRW")


def test_a_full_feed_without_a_good_row_is_held_and_a_delta_may_be_empty() -> None:
    assert held(Counts()).code == "guard_fewest_rows"
    check_guards(Counts(), DELTA, "KRW")


def test_rows_that_end_with_a_separator_are_held_with_the_option_that_takes_them() -> None:
    counts = Counts(rows_read=40, rejected=40, reject_codes={"trailing_separator": 40})
    for found in (
        held(counts),
        held(
            counts.model_copy(
                update={"rejected": 3, "rows_read": 3, "reject_codes": {"trailing_separator": 3}}
            )
        ),
    ):
        assert "refused rows end with a separator" in found.message
        assert "say `trailing_separator: true` under csv: in a new catalog version" in found.message
    other = counts.model_copy(
        update={"reject_codes": {"trailing_separator": 20, "price_missing": 20}}
    )
    assert "trailing_separator" not in held(other).message


def test_rows_that_lack_what_others_have_are_held_with_the_option_that_inherits_it() -> None:
    counts = Counts(
        rows_read=90,
        accepted=30,
        rejected=60,
        reject_codes={"title_missing": 60, "price_missing": 20},
    )
    told = held(counts).message
    assert "60 of the refused rows have no title: if the file has several rows per product" in told
    assert "say `inherit` in a new catalog version" in told
    nothing_at_all = counts.model_copy(update={"rows_read": 60, "accepted": 0})
    several_things = counts.model_copy(
        update={"reject_codes": {"title_missing": 30, "price_missing": 30}}
    )
    for other in (nothing_at_all, several_things):
        assert "inherit" not in held(other).message
    brought_together = FULL.model_copy(update={"inherit": Inherit(key="id")})
    assert "inherit" not in held(counts, brought_together).message


def test_changes_of_products_that_the_mall_does_not_have_are_held_with_what_to_look_at() -> None:
    counts = Counts(rows_read=40, rejected=40, reject_codes={"product_unknown": 40})
    told = held(counts, DELTA)
    assert told.code == "guard_rejected"
    assert "40 of the refused rows change products that the mall does not have" in told.message
    assert "do both feeds read the id from the same column?" in told.message


def test_a_delta_may_delete_as_much_as_it_likes() -> None:
    check_guards(
        Counts(rows_read=900, deletes=900, products_before=1000, vanished=900), DELTA, "KRW"
    )


def test_thresholds_are_the_catalogs() -> None:
    strict = FeedSpec(format="csv", guards=Guards(vanished=Limit(ratio=0.01, count=0)))
    counts = Counts(rows_read=98, accepted=98, products_before=100, vanished=2)
    assert held(counts, strict).code == "guard_vanished"
    check_guards(counts, FULL, "KRW")


def test_ids_that_a_spreadsheet_has_shortened_are_held_even_in_a_tiny_feed_and_in_a_delta() -> None:
    counts = Counts(rows_read=4, accepted=2, duplicates=2, duplicate_ids=("8.80123E+12",))
    for spec in (FULL, DELTA):
        found = held(counts, spec)
        assert found.code == "guard_duplicates"
        assert (
            "2 of 4 rows have the product id of another row (50%; for example '8.80123E+12')"
            in (found.message)
        )
        assert "A spreadsheet has written long numbers in scientific notation" in found.message
        assert "format the column of ids as text" in found.message


def test_the_wrong_column_for_an_id_is_held() -> None:
    counts = Counts(rows_read=100, accepted=3, duplicates=97, duplicate_ids=("가전", "패션"))
    assert (
        "(97%; for example '가전', '패션'); at most 30% may. Is this the column"
        in held(counts).message
    )


def test_some_repeated_rows_load_and_a_delta_may_tell_of_a_product_several_times() -> None:
    check_guards(
        Counts(rows_read=100, accepted=70, duplicates=30, duplicate_ids=("1", "9")), FULL, "KRW"
    )
    check_guards(Counts(rows_read=3, accepted=2, duplicates=1, duplicate_ids=("1",)), FULL, "KRW")
    check_guards(Counts(rows_read=9, accepted=1, duplicates=8, duplicate_ids=("1",)), DELTA, "KRW")
    several = FeedSpec(format="csv", guards=Guards(duplicates=Limit(ratio=0.8, count=0)))
    check_guards(
        Counts(rows_read=4, accepted=1, duplicates=3, duplicate_ids=("7",)), several, "KRW"
    )


def test_prices_in_cents_are_held_where_the_currency_has_none() -> None:
    counts = Counts(rows_read=39, accepted=39, warning_codes={"price_rounded": 39})
    found = held(counts)
    assert found.code == "guard_rounded"
    assert "39 of 39 prices would be rounded (100%); at most 20% may be" in found.message
    assert "KRW, the catalog's currency, has none" in found.message
    assert "such as USD, EUR or CNY: name it as `currency`" in found.message


def test_prices_that_were_rounded_to_nothing_count_as_rounded() -> None:
    codes = {"price_rounded_to_nothing": 6, "price_missing": 30}
    few = Counts(rows_read=50, accepted=44, rejected=6, warning_codes={"price_rounded": 5})
    assert held(few.model_copy(update={"reject_codes": codes})).code == "guard_rounded"


def test_some_rounded_prices_load_and_a_catalog_may_allow_more() -> None:
    check_guards(
        Counts(rows_read=39, accepted=39, warning_codes={"price_rounded": 10}), FULL, "KRW"
    )
    half = Counts(rows_read=200, accepted=200, warning_codes={"price_rounded": 100})
    assert held(half, DELTA).code == "guard_rounded"
    allowed = FeedSpec(format="csv", guards=Guards(rounded=Limit(ratio=0.5, count=0)))
    check_guards(half, allowed, "KRW")


def test_more_decimals_than_are_kept_are_told_as_that() -> None:
    counts = Counts(rows_read=39, accepted=39, warning_codes={"price_rounded": 39})
    with pytest.raises(FeedHeld, match="more decimals than the two that are kept of USD"):
        check_guards(counts, FULL, "USD")


def usual(**changed: int | None) -> Counts:
    """The last full feed of a mall of 100."""
    counts = {"rows_read": 100, "accepted": 100, "products_before": 100, "median_price": 1_290_000}
    return Counts.model_validate(counts | changed)


@pytest.mark.parametrize(
    ("median", "words"),
    [
        (
            129_000_000,
            "The middle price is 1,290,000 KRW; in the mall's last full feed it was 12,900 KRW",
        ),
        (129_000_000, "so prices are 100 times what they were"),
        (2_580_000, "so prices are 2 times what they were"),
        (12_900, "The middle price is 129 KRW"),
        (12_900, "so prices are one 100th of what they were"),
        (12_950, "The middle price is 129.50 KRW"),
    ],
)
def test_prices_that_are_another_kind_of_number_hold_the_feed(median: int, words: str) -> None:
    with pytest.raises(FeedHeld) as caught:
        check_guards(usual(median_price=median), FULL, "KRW", [usual()])
    assert in_both_languages(caught.value).code == "guard_prices"
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (usual(median_price=2_200_000), usual()),
        (usual(median_price=800_000), usual()),
        (usual(median_price=99), usual(median_price=None)),
        (usual(median_price=None), usual()),
        (usual(median_price=99, accepted=9), usual(accepted=9)),
    ],
)
def test_prices_that_may_well_be_right_hold_nothing(now: Counts, before: Counts) -> None:
    check_guards(now, FULL, "KRW", [before])


def test_how_far_prices_may_be_is_the_catalogs() -> None:
    spec = FeedSpec.model_validate(
        {"format": "csv", "guards": {"prices": {"factor": 1.1, "count": 0}}}
    )
    with pytest.raises(FeedHeld, match=r"1\.1 times as high or as low is too far"):
        check_guards(usual(median_price=1_500_000), spec, "KRW", [usual()])
    loose = FeedSpec.model_validate({"format": "csv", "guards": {"prices": {"factor": 1000}}})
    check_guards(usual(median_price=12_900), loose, "KRW", [usual()])


def test_prices_of_a_delta_are_those_of_whatever_changed() -> None:
    check_guards(usual(median_price=12_900), DELTA, "KRW", [usual()])


def test_a_shop_of_which_half_is_missing_is_held_though_little_vanishes() -> None:
    with pytest.raises(FeedHeld) as caught:
        check_guards(usual(accepted=49, rows_read=49), FULL, "KRW", [usual()])
    assert in_both_languages(caught.value).code == "guard_unusual"
    assert "49 products; the mall's last full feed had 100" in caught.value.message
    check_guards(usual(accepted=50, rows_read=50), FULL, "KRW", [usual()])
    check_guards(usual(accepted=4, rows_read=4), FULL, "KRW", [usual(accepted=10, rows_read=10)])


def test_rows_that_are_refused_where_none_were_before_hold_the_feed() -> None:
    now = usual(rows_read=1_000, accepted=940, rejected=60)
    before = usual(rows_read=1_000, accepted=1_000)
    with pytest.raises(FeedHeld) as caught:
        check_guards(now, FULL, "KRW", [before])
    assert in_both_languages(caught.value).code == "guard_unusual"
    assert "60 of 1,000 rows are refused (6%); in the mall's last full feed it was 0.0%" in (
        caught.value.message
    )
    check_guards(now, FULL, "KRW", [usual(rows_read=1_000, accepted=980, rejected=20)])
    check_guards(now.model_copy(update={"rejected": 40}), FULL, "KRW", [before])
    silent = FeedSpec.model_validate({"format": "csv", "guards": {"unusual": False}})
    check_guards(now, silent, "KRW", [before])


def test_what_any_of_the_last_full_feeds_was_like_holds_nothing() -> None:
    """A sale ends: prices are those of the week before."""
    week = [usual(median_price=645_000), usual(), usual(accepted=40, rows_read=50, rejected=10)]
    check_guards(usual(), FULL, "KRW", week)
    check_guards(usual(accepted=25, rows_read=25), FULL, "KRW", week)
    check_guards(usual(rows_read=100, accepted=85, rejected=15), FULL, "KRW", week)
    with pytest.raises(FeedHeld) as caught:
        check_guards(usual(median_price=12_900), FULL, "KRW", week)
    assert "in the mall's last 3 full feeds it was 6,450 to 12,900 KRW" in caught.value.message
    with pytest.raises(FeedHeld, match="the mall's last 3 full feeds had 40 to 100"):
        check_guards(usual(accepted=19, rows_read=19), FULL, "KRW", week)


def test_more_products_vanish_than_ever_at_this_mall() -> None:
    now = usual(vanished=20, accepted=80, rows_read=80)
    steady = [usual(vanished=1), usual(vanished=2), usual(vanished=0)]
    with pytest.raises(FeedHeld) as caught:
        check_guards(now, FULL, "KRW", steady)
    assert in_both_languages(caught.value).code == "guard_unusual"
    assert (
        "20 of 100 products would vanish (20%); in the mall's last 3 full feeds it was 0.0% to 2.0%"
        in caught.value.message
    )
    check_guards(now, FULL, "KRW", steady[:2])
    check_guards(now, FULL, "KRW", [*steady, usual(vanished=5)])
    check_guards(now.model_copy(update={"vanished": 9}), FULL, "KRW", steady)
    silent = FeedSpec.model_validate({"format": "csv", "guards": {"unusual": False}})
    check_guards(now, silent, "KRW", steady)
