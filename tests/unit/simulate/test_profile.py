"""Profiles: what is wrong, where, what was expected; and the arrivals of valid ones."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from mallfeed.simulate.arrivals import DAY_S, arrivals, mall_classes
from mallfeed.simulate.profile import (
    ProfileInvalid,
    bundled_profile,
    read_profile,
    read_profile_file,
)
from tests.unit.simulate.worlds import nightly, profile

GOOD = """\
name: good
limits: {max_runs: 3}
malls:
  - name: all
    share: 1
    window: "22:00-05:00"
    feeds:
      - name: full
        a_day: 1
        arrives: nightly
        at: "02:00"
        size: {median_mb: 1}
"""


@pytest.mark.parametrize(
    ("what", "instead", "told"),
    [
        (
            "arrives: nightly",
            "arrives: nigthly",
            "p.yaml:10:18: `malls[0].feeds[0].arrives` is `nigthly`; expected `nightly`, "
            "`through_the_day` or `bursts`; did you mean `nightly`?",
        ),
        (
            "share: 1",
            "share: 0.7",
            "p.yaml:3:1: the shares of `malls` sum to 0.7; expected 1",
        ),
        (
            "share: 1",
            "share: 1.5",
            "p.yaml:5:12: `malls[0].share` is `1.5`; expected 1 or less",
        ),
        (
            "a_day: 1",
            "a_dya: 1",
            "p.yaml:8:9: `malls[0].feeds[0].a_day` is missing; expected `a_day:` (feeds per day and "
            "mall)\np.yaml:9:9: `a_dya` is not a key here; did you mean `a_day`?",
        ),
        (
            "a_day: 1",
            "a_day: often",
            "p.yaml:9:16: `malls[0].feeds[0].a_day` is `often`; expected a number",
        ),
        (
            "{median_mb: 1}",
            "{median_mb: 0}",
            "p.yaml:12:27: `malls[0].feeds[0].size.median_mb` is `0`; expected more than 0",
        ),
        (
            "{median_mb: 1}",
            "1 MB",
            "p.yaml:12:15: `malls[0].feeds[0].size` is `1 MB`; expected a mapping",
        ),
        (
            'at: "02:00"',
            "at: 2",
            "p.yaml:11:13: `malls[0].feeds[0].at` is `2`; expected text",
        ),
        (
            'at: "02:00"',
            'at: "25:00"',
            "p.yaml:11:13: `malls[0].feeds[0].at` is `25:00`; expected a time of day, `HH:MM` in "
            "quotes",
        ),
        (
            '"22:00-05:00"',
            "nights",
            "p.yaml:6:13: `malls[0].window` is `nights`; expected `HH:MM-HH:MM` in quotes",
        ),
        (
            "{max_runs: 3}",
            "{max_runs: 0}",
            "p.yaml:2:20: `limits.max_runs` is `0`; expected 1 or more",
        ),
        (
            "{max_runs: 3}",
            "{runs: 3}",
            "p.yaml:2:10: `runs` is not a limit; expected one of max_runs, max_workers, gather_seconds, "
            "max_tries, backoff_seconds, backoff_most_seconds, lost_start_seconds, max_feeds",
        ),
        (
            "name: good\n",
            "",
            "p.yaml:1:1: `name` is missing; expected `name:` (for the heading of the output)",
        ),
        (
            "name: good\n",
            "name: good\nname: bad\n",
            "p.yaml:2:1: `name` is here twice; the first is at 1:1, keep one",
        ),
    ],
)
def test_each_fault_is_reported_with_its_place(what: str, instead: str, told: str) -> None:
    assert read_profile(GOOD, "p.yaml").limits == {"max_runs": 3}
    with pytest.raises(ProfileInvalid) as caught:
        read_profile(GOOD.replace(what, instead), "p.yaml")
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "p.yaml:1:1: the file is empty; expected a profile: `name:`, `malls:` "
             "(mallfeed/simulate/default_profile.yaml is one)"),
        ("- 1\n", "p.yaml:1:1: the file is a list; expected a profile: `name:`, `malls:` "
                  "(mallfeed/simulate/default_profile.yaml is one)"),
        ("name: a\nmalls: []\n", "p.yaml:2:8: `malls` is a list; expected a list with one entry or "
                                 "more"),
        ("name: a\nmalls: 7\n", "p.yaml:2:8: `malls` is `7`; expected a list with one entry or more"),
        ("name: [\n", None),
        ("name: &a b\nmalls: *a\n", None),
    ],
)  # fmt: skip
def test_a_file_that_is_not_a_profile_is_reported_too(text: str, told: str | None) -> None:
    with pytest.raises(ProfileInvalid) as caught:
        read_profile(text, "p.yaml")
    assert caught.value.faults
    assert all(line.startswith("p.yaml:") for line in caught.value.faults)
    if told is not None:
        assert str(caught.value) == told


def test_a_file_that_is_not_utf8_is_reported_by_its_byte(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_bytes("name: 쇼핑".encode("cp949"))
    with pytest.raises(ProfileInvalid, match=r"p.yaml:1:1: byte 6 is not UTF-8; expected YAML in"):
        read_profile_file(file)


def test_malls_are_divided_by_their_shares_to_the_last_one() -> None:
    known = bundled_profile("default")
    for malls in (1, 7, 100, 1000):
        kinds = Counter(kind.name for _, kind in mall_classes(known, malls))
        assert kinds.total() == malls
        for kind in known.malls:
            assert abs(kinds[kind.name] - kind.share * malls) < 1


def test_arrivals_come_in_order_within_the_days_and_as_often_as_given() -> None:
    known = profile("""
name: three ways
malls:
  - {name: all, share: 1, feeds: [
      {name: n, a_day: 1, arrives: nightly, at: "00:05", spread_minutes: 30, size: {median_mb: 1}},
      {name: t, a_day: 6, arrives: through_the_day, size: {median_mb: 1}},
      {name: b, a_day: 4, arrives: bursts, burst: 2, burst_minutes: 1, size: {median_mb: 1}}]}
""")
    sent = arrivals(known, 50, 3, seed=1)
    assert [one.at_s for one in sent] == sorted(one.at_s for one in sent)
    assert 0 <= sent[0].at_s <= sent[-1].at_s < 3 * DAY_S
    names = Counter(one.record.feed_name for one in sent)
    assert (names["n"], names["t"]) == (150, 900)
    assert names["b"] == pytest.approx(600, rel=0.05)
    assert len({one.record.feed_id for one in sent}) == len(sent)


def test_sizes_have_the_given_median_and_a_mall_keeps_its_own() -> None:
    known = profile("""
name: sizes
malls:
  - {name: all, share: 1, feeds: [{name: full, a_day: 2, arrives: through_the_day,
     size: {median_mb: 4, sigma: 1}}]}
""")
    sizes: dict[str, list[int]] = {}
    for one in arrivals(known, 999, 1, seed=1):
        sizes.setdefault(one.record.mall_id, []).append(one.record.size_bytes)
    middle = sorted(first for first, _ in sizes.values())[499]
    assert middle == pytest.approx(4_000_000, rel=0.1)
    assert all(first == pytest.approx(second, rel=0.4) for first, second in sizes.values())
    assert max(max(pair) for pair in sizes.values()) > 20 * middle / 2


def test_a_mall_sends_the_same_whatever_other_malls_there_are() -> None:
    few, many = (
        {one.record.feed_id: one.at_s for one in arrivals(nightly(), malls, 2, seed=5)}
        for malls in (3, 30)
    )
    assert few.items() <= many.items()
