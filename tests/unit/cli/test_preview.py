"""What `mallfeed catalog preview` says beside its tables."""

from __future__ import annotations

import pytest

from mallfeed.authoring.preview import Preview
from mallfeed.cli import preview
from mallfeed.table.counts import Counts


@pytest.mark.parametrize("merges", [True, False])
def test_a_delta_is_said_to_show_only_when_it_is_loaded(
    merges: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    preview._show(Preview(Counts(), {}, (), (), (), (), None, merges), "shop v1, feed delta")
    shown = " ".join(capsys.readouterr().out.split())
    assert "Guards: the feed would load." in shown
    assert ("Which products the shop lacks (product_unknown)" in shown) is merges
