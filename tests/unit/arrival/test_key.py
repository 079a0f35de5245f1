"""What a key says, for any key."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallfeed.arrival.key import place_of
from mallfeed.ledger.identity import UNKNOWN_MALL


@given(st.text(max_size=100))
def test_no_key_is_too_odd(key: str) -> None:
    place = place_of(key)
    assert place.mall_id == UNKNOWN_MALL or re.fullmatch(r"[a-z][a-z0-9_]{1,30}", place.mall_id)
    assert place.folder + place.last_name == place.name


@given(
    st.from_regex(r"[a-z][a-z0-9_]{1,30}", fullmatch=True),
    st.text(st.characters(exclude_characters="/._$", exclude_categories=["Cs"]), min_size=1),
)
def test_mall_and_name_come_out_as_they_went_in(mall: str, name: str) -> None:
    place = place_of(f"feeds/{mall}/{name}")
    assert (place.mall_id, place.name, place.ignored) == (mall, name, None)


@pytest.mark.parametrize(
    "mall", ["mall_a\n", "Mall", "1mall", "m", "", "mall-a", "m" * 32, " mall"]
)
def test_an_invalid_mall_id_belongs_to_nobody(mall: str) -> None:
    assert place_of(f"feeds/{mall}/x.csv").mall_id == UNKNOWN_MALL


def test_folder_and_last_name() -> None:
    place = place_of("feeds/mall_a/daily/2026/_SUCCESS")
    assert (place.folder, place.last_name) == ("daily/2026/", "_SUCCESS")
