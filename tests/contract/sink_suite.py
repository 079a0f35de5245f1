"""What every sink must do, as a suite to inherit: for our sinks, and those of packages (docs/sinks.md).

>>> class TestMySink(SinkContract):
...     @pytest.fixture
...     def twin(self) -> Twin: ...
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Protocol

import pytest

from mallfeed.errors import ClaimLost
from mallfeed.product.fields import PRODUCT_FIELDS
from mallfeed.sinks.cursors import TableReplaced
from mallfeed.sinks.port import Sink
from mallfeed.table.digest import differing, digest_of
from tests.sink_rows import delete, load, upsert


class Twin(Protocol):
    """A sink, and a look into it.

    Attributes
    ----------
    transactional : a load is applied as a whole or not at all, so that what is older than the sink is
        dropped unseen; other sinks count each such document as stale
    """

    sink: Sink
    transactional: bool

    def prices(self, mall_id: str) -> dict[str, int]:
        """Product id → price, as readers see it."""


def held() -> None:
    """A claim that is held."""


def lost() -> None:
    raise ClaimLost("another run has taken this feed over")


def blind(twin: Twin) -> Twin:
    """Let the sink behave as for a zombie, which read the cursors before its successor moved them."""
    twin.sink.cursors = lambda malls: dict.fromkeys(malls)  # type: ignore[method-assign]
    return twin


def seeing(twin: Twin) -> Twin:
    """Undo `blind`."""
    del twin.sink.cursors  # type: ignore[method-assign]
    return twin


def _longest(character: str) -> dict[str, Any]:
    """Each text as long as its field allows; attributes of 8 KB."""
    values: dict[str, Any] = {"attributes": {"k": character * (8_000 // len(character.encode()))}}
    for field in PRODUCT_FIELDS:
        length = field.max_length
        if length is None or field.name == "product_id":
            continue
        is_url = field.kind in ("url", "list_url")
        start = "https://a.kr/" if is_url else ""
        filler = "x" if is_url else character
        items = [
            f"{start}{n:03d}{filler * (length - len(start) - 3)}"
            for n in range(field.max_items or 1)
        ]
        values[field.name] = items if field.max_items else items[0]
    return values


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


class SinkContract:
    """`twin` is a fixture of the inheriting class: a sink without products, and a look into it."""

    def test_a_difference_is_applied_and_the_cursor_stands_at_its_snapshot(
        self, twin: Twin
    ) -> None:
        twin.sink.load([load("alpha", 1, upsert("alpha", "p1"), upsert("alpha", "p2"))], 0, held)
        result = twin.sink.load(
            [load("alpha", 2, upsert("alpha", "p1", 9900), delete("alpha", "p2"))], 0, held
        )
        assert twin.prices("alpha") == {"p1": 9900}
        assert (result.written, result.deleted) == ({"alpha": 1}, {"alpha": 1})
        cursor = twin.sink.cursors(["alpha"])["alpha"]
        assert cursor is not None
        assert (cursor.seq, cursor.snapshot_id, cursor.feed_id) == (
            2,
            1002,
            "alpha-0000000000000002",
        )

    def test_a_repeat_changes_nothing(self, twin: Twin) -> None:
        first = load("alpha", 1, upsert("alpha", "p1"))
        twin.sink.load([first], 0, held)
        assert twin.sink.load([first], 0, held).written == {}
        assert twin.prices("alpha") == {"p1": 12900}

    def test_reapplying_repairs_what_was_damaged(self, twin: Twin) -> None:
        twin.sink.load([load("alpha", 3, upsert("alpha", "p1"))], 0, held)
        twin.sink.load([load("alpha", 3, upsert("alpha", "p1", 500))], 0, held, reapply=True)
        assert twin.prices("alpha") == {"p1": 500}

    def test_an_older_load_after_a_newer_one_changes_nothing(self, twin: Twin) -> None:
        newer = load("alpha", 5, upsert("alpha", "p1", 500), upsert("alpha", "p2", 500))
        twin.sink.load([newer], 0, held)
        twin.sink.load(
            [load("alpha", 4, upsert("alpha", "p1", 400), delete("alpha", "p2"))], 0, held
        )
        assert twin.prices("alpha") == {"p1": 500, "p2": 500}

    def test_a_zombie_that_knows_no_cursor_overwrites_nothing_newer(self, twin: Twin) -> None:
        newer = load("alpha", 5, upsert("alpha", "p1", 500), upsert("alpha", "p2", 500))
        twin.sink.load([newer], 0, held)
        older = load("alpha", 4, upsert("alpha", "p1", 400), delete("alpha", "p2"))
        result = blind(twin).sink.load([older], 0, held)
        assert twin.prices("alpha") == {"p1": 500, "p2": 500}
        cursor = seeing(twin).sink.cursors(["alpha"])["alpha"]
        assert cursor is not None
        assert cursor.seq == 5
        assert result.stale == ({} if twin.transactional else {"alpha": 2})

    def test_an_older_upsert_does_not_resurrect_what_was_deleted(self, twin: Twin) -> None:
        twin.sink.load([load("alpha", 1, upsert("alpha", "p1"))], 0, held)
        twin.sink.load([load("alpha", 5, delete("alpha", "p1"))], 0, held)
        older = load("alpha", 4, upsert("alpha", "p1", 400))
        twin.sink.load([older], 0, held)
        blind(twin).sink.load([older], 0, held)
        assert twin.prices("alpha") == {}

    def test_a_full_synchronisation_removes_the_extras(self, twin: Twin) -> None:
        rows = [upsert("alpha", f"p{n}") for n in range(30)]
        twin.sink.load([load("alpha", 1, *rows), load("beta", 1, upsert("beta", "b1"))], 0, held)
        full = load("alpha", 2, *rows[5:], upsert("alpha", "q1"), kind="contents")
        result = twin.sink.load([full], 0, held)
        assert set(twin.prices("alpha")) == {f"p{n}" for n in range(5, 30)} | {"q1"}
        assert twin.prices("beta") == {"b1": 12900}
        assert result.deleted.get("alpha") == 5

    def test_a_full_synchronisation_to_nothing_empties_the_mall(self, twin: Twin) -> None:
        twin.sink.load([load("alpha", 1, upsert("alpha", "p1"))], 0, held)
        twin.sink.load([load("alpha", 2, kind="contents")], 0, held)
        assert twin.prices("alpha") == {}

    def test_each_mall_has_its_own_cursor(self, twin: Twin) -> None:
        twin.sink.load([load("alpha", 1, upsert("alpha", "p1"))], 0, held)
        both = [load("alpha", 1, upsert("alpha", "p1", 1)), load("beta", 1, upsert("beta", "b1"))]
        twin.sink.load(both, 0, held)
        assert twin.prices("alpha") == {"p1": 12900}
        assert twin.prices("beta") == {"b1": 12900}
        assert twin.sink.cursors(["gamma"]) == {"gamma": None}

    def test_several_malls_share_a_load(self, twin: Twin) -> None:
        malls = [f"mall{n}" for n in range(8)]
        loads = [load(mall, 3, upsert(mall, "p1", 100), delete(mall, "p2")) for mall in malls]
        result = twin.sink.load(loads, 0, held)
        assert all(twin.prices(mall) == {"p1": 100} for mall in malls)
        assert result.written == dict.fromkeys(malls, 1)

    def test_an_empty_change_set_moves_the_cursor(self, twin: Twin) -> None:
        twin.sink.load([load("alpha", 7)], 0, held)
        cursor = twin.sink.cursors(["alpha"])["alpha"]
        assert cursor is not None
        assert cursor.seq == 7

    def test_a_run_without_claim_writes_nothing(self, twin: Twin) -> None:
        with pytest.raises(ClaimLost):
            twin.sink.load([load("alpha", 1, upsert("alpha", "p1"))], 0, lost)
        assert twin.prices("alpha") == {}
        assert twin.sink.cursors(["alpha"]) == {"alpha": None}

    def test_a_claim_lost_midway_leaves_the_cursor_where_it_was(self, twin: Twin) -> None:
        calls = iter([held])
        with pytest.raises(ClaimLost):
            twin.sink.load(
                [load("alpha", 1, upsert("alpha", "p1"))], 0, lambda: next(calls, lost)()
            )
        assert twin.sink.cursors(["alpha"]) == {"alpha": None}
        twin.sink.load([load("alpha", 2, upsert("alpha", "p1", 2), kind="contents")], 0, held)
        assert twin.prices("alpha") == {"p1": 2}

    def test_another_table_is_refused_until_the_epoch_is_raised(self, twin: Twin) -> None:
        twin.sink.load([load("alpha", 9, upsert("alpha", "p1"), upsert("alpha", "p2"))], 0, held)
        anew = load("alpha", 1, upsert("alpha", "p1", 1), kind="contents", table="another")
        with pytest.raises(TableReplaced, match="raise the parameter table/epoch above 0"):
            twin.sink.load([anew], 0, held)
        twin.sink.load([anew], 1, held)
        assert twin.prices("alpha") == {"p1": 1}

    def test_all_fields_and_awkward_texts_arrive(self, twin: Twin) -> None:
        row = upsert(
            "alpha",
            'it\'s "a\\b" 똠 🎧:1',
            title='O\'Reilly \\ "quoted"\n줄바꿈 <b>',
            attributes={"색상": "검정\\'", "a.b": "1"},
            tags=["하나", "O'둘"],
        )
        twin.sink.load([load("alpha", 1, row)], 0, held)
        assert twin.prices("alpha") == {row["product_id"]: 12900}

    @pytest.mark.parametrize("character", ["가", "🎧", "a", '"', "\\"])
    def test_the_longest_product_that_can_be_committed_is_accepted(
        self, twin: Twin, character: str
    ) -> None:
        row = upsert("alpha", character * 100, content_hash=_hash("x"), **_longest(character))
        twin.sink.load([load("alpha", 1, row, upsert("alpha", "p2"))], 0, held)
        assert twin.prices("alpha") == {row["product_id"]: 12900, "p2": 12900}

    def test_digests_are_those_of_the_rows_and_find_what_was_damaged(self, twin: Twin) -> None:
        rows = [upsert("alpha", f"p{n}", content_hash=_hash(f"p{n}")) for n in range(40)]
        other = [upsert("beta", f"p{n}", content_hash=_hash(f"p{n}")) for n in range(3)]
        twin.sink.load([load("alpha", 1, *rows), load("beta", 1, *other)], 0, held)
        ours = digest_of(row["content_hash"] for row in rows)
        assert twin.sink.digest("alpha") == ours
        assert twin.sink.digest("nobody") == {}
        assert twin.sink.malls() == {"alpha", "beta"}
        changed = upsert("alpha", "p7", content_hash=_hash("p7 changed"))
        gone = delete("alpha", "p9")
        twin.sink.load([load("alpha", 2, changed, gone)], 0, held)
        buckets = differing(ours, twin.sink.digest("alpha"))
        touched = {_hash(text)[:2] for text in ("p7", "p7 changed", "p9")}
        assert buckets == touched
        found = twin.sink.hashes("alpha", buckets)
        assert found["p7"] == _hash("p7 changed")
        assert "p9" not in found
        assert found.keys() <= {row["product_id"] for row in rows}
        assert all(one[:2] in buckets for one in found.values())

    def test_damaged_hashes_differ_and_break_nothing(self, twin: Twin) -> None:
        rows = [
            upsert("alpha", "p1", content_hash="x"),
            upsert("alpha", "p2", content_hash="zz" * 32),
        ]
        twin.sink.load([load("alpha", 1, *rows)], 0, held)
        assert twin.sink.digest("alpha") == digest_of(["x", "zz" * 32])
        assert twin.sink.hashes("alpha", {"x", "zz"}) == {"p1": "x", "p2": "zz" * 32}
