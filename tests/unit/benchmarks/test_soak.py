"""What a soak makes of its measurements."""

from __future__ import annotations

import pytest

from benchmarks.soak import SHOWN, Change, Gathered, Soaked, _ends, _ratio, _table


@pytest.mark.parametrize(("deltas", "each"), [(300, SHOWN), (100, SHOWN), (11, 5), (1, 1)])
def test_the_first_and_the_last_do_not_overlap_where_there_are_two(deltas: int, each: int) -> None:
    changes = [Change(str(n), float(n)) for n in range(deltas)]
    first, last = _ends(changes)
    assert (len(first), len(last)) == (each, each)
    assert (first[0], last[-1]) == (changes[0], changes[-1])


def test_the_ratio_is_that_of_the_medians() -> None:
    changes = [Change(str(n), 10.0 if n < 60 else 13.0, {"commit": 1.0}) for n in range(120)]
    assert _ratio(changes, lambda one: one.searchable_s) == pytest.approx(1.3)
    assert _ratio(changes, lambda one: one.step("commit")) == pytest.approx(1.0)


def test_the_table_says_what_has_gathered() -> None:
    found = Soaked([Change("a", 10.0), Change("b", 12.0)], Gathered(1, 0, 9), Gathered(3, 2, 99))
    assert _table(found, "t").row_count == 12
