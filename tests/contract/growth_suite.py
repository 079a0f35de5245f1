"""How a sink passes from one release to the next, as a suite to inherit: a new field, and the previous release again."""

from __future__ import annotations

from typing import Any, Protocol

from mallfeed.kinds.field import CanonicalField
from mallfeed.sinks.port import Sink
from tests.sink_rows import delete, load, upsert

LATER = CanonicalField("colour", "text", max_length=50)
"""The field that the next release has more."""


class Growing(Protocol):
    """A sink of its own, as this release and the next one open it."""

    def bootstrap(self, later: bool = False) -> None:
        """Does what a deployment of that release does."""

    def sink(self, later: bool = False) -> Sink:
        """The sink as a new process of that release opens it."""

    def values(self, field: str) -> dict[str, Any]:
        """Product id → what readers see in the field; None where it has no value."""

    def fields(self) -> set[str]:
        """The fields that the sink has room for."""


def held() -> None:
    """A claim that is held."""


def p(product_id: str, price: int = 100, **more: Any) -> dict[str, Any]:
    """A product of the only mall."""
    return upsert("alpha", product_id, price, **more)


def seq(sink: Sink) -> int | None:
    """Where the mall's cursor stands."""
    cursor = sink.cursors(["alpha"])["alpha"]
    return None if cursor is None else cursor.seq


class GrowthContract:
    """`growing` is a fixture of the inheriting class, as this release has bootstrapped it."""

    def test_a_new_field_is_loaded_into_what_the_previous_release_has_made(
        self, growing: Growing
    ) -> None:
        growing.sink().load([load("alpha", 1, p("p1"), p("p2"))], 0, held)
        assert "colour" not in growing.fields()

        second = load("alpha", 2, p("p1", colour="빨강"), p("p3", colour="blue"))
        result = growing.sink(later=True).load([second], 0, held)
        assert result.written == {"alpha": 2}
        assert growing.values("colour") == {"p1": "빨강", "p2": None, "p3": "blue"}
        again = growing.sink(later=True).load([second], 0, held)
        assert again.written == {}
        assert seq(growing.sink(later=True)) == 2

    def test_the_previous_release_loads_into_what_a_later_one_has_extended(
        self, growing: Growing
    ) -> None:
        later = load("alpha", 1, p("p1", colour="red"), p("p2"), p("p3", colour="blue"))
        growing.sink(later=True).load([later], 0, held)

        back = load("alpha", 2, p("p2", 90), p("p4"), delete("alpha", "p1"))
        result = growing.sink().load([back], 0, held)
        assert (result.written, result.deleted) == ({"alpha": 2}, {"alpha": 1})
        assert growing.values("colour") == {"p2": None, "p3": "blue", "p4": None}
        prices = {product: int(price) for product, price in growing.values("price").items()}
        assert prices == {"p2": 90, "p3": 100, "p4": 100}
        assert seq(growing.sink()) == 2

        growing.sink(later=True).load([load("alpha", 3, p("p4", colour="green"))], 0, held)
        assert growing.values("colour") == {"p2": None, "p3": "blue", "p4": "green"}

    def test_what_the_release_before_writes_again_loses_what_only_the_later_one_knows(
        self, growing: Growing
    ) -> None:
        later = load("alpha", 1, p("p1", colour="red"), p("p2", colour="blue"))
        growing.sink(later=True).load([later], 0, held)
        growing.sink().load([load("alpha", 2, p("p1", 90))], 0, held)
        assert growing.values("colour") == {"p1": None, "p2": "blue"}

    def test_a_deployment_adds_the_field_and_a_repeated_one_changes_nothing(
        self, growing: Growing
    ) -> None:
        before = growing.fields()
        for later in (True, True, False):
            growing.bootstrap(later)
            assert growing.fields() == before | {"colour"}
