"""Two full feeds of one mall, each for its part of the shop, through S3 into both sinks."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from mallfeed.ledger.states import State
from tests.local.stories import Ends, Story, loaded, story_of
from tests.local.test_partial_rows import jsonl
from tests.local.walk import MALLS, Way

pytestmark = [pytest.mark.stack, pytest.mark.meaning, pytest.mark.timeout(2400)]

SHOP, DEPARTMENTS = "sliced_shop", "departments_shop"


def product(name: str, price: int = 10000, **more: str) -> dict[str, str]:
    return {
        "id": name, "title": f"슬라이스 {name}", "price": str(price),
        "url": f"https://s.example/{name}", "cat": "생활 > 잡화", **more,
    }  # fmt: skip


def part(letter: str, many: int = 12) -> dict[str, dict[str, str]]:
    return {f"{letter}{n}": product(f"{letter}{n}") for n in range(many)}


@story_of(SHOP)
def _a_full_feed_owns_its_part(way: Way) -> Story:
    fashion, digital = part("F"), part("E")
    yield from loaded(way, SHOP, "fashion_1.jsonl", jsonl(*fashion.values()))
    yield from loaded(way, SHOP, "digital_1.jsonl", jsonl(*digital.values()))
    assert set(way.both(SHOP)) == {*fashion, *digital}, "both live"

    # F0 goes over to the other part, E0 is gone, and nothing else moves.
    moved = {**{key: one for key, one in digital.items() if key != "E0"}, "F0": product("F0", 7000)}
    report = yield from loaded(way, SHOP, "digital_2.jsonl", jsonl(*moved.values()))
    assert set(way.both(SHOP)) == {*fashion, *moved}
    assert way.both(SHOP)["F0"] == ("슬라이스 F0", 7000.0)
    warnings = report["warnings"]
    assert isinstance(warnings, list)
    told = [(one["code"], one["value"]) for one in warnings]
    assert told == [("moved_slice", "F0: fashion → digital")]

    # Its former part no longer has it, and may not delete it.
    changes = jsonl(
        {"id": "F0", "op": "D"}, {"id": "F1", "op": "D"}, {"id": "E1", "price": "5000", "op": "U"}
    )
    report = yield from loaded(way, SHOP, "changes_3.jsonl", changes)
    assert [one["value"] for one in report["warnings"]] == ["F0: digital"]  # type: ignore[index, attr-defined]
    left = {key: one for key, one in fashion.items() if key not in ("F0", "F1")}
    yield from loaded(way, SHOP, "fashion_4.jsonl", jsonl(*left.values()))
    assert set(way.both(SHOP)) == {*left, *moved}
    assert way.both(SHOP)["E1"] == ("슬라이스 E1", 5000.0)

    # A version without the feed leaves its products in the shop, until a person drops them.
    text = (MALLS / SHOP / "v1.yaml").read_text("utf-8")
    text = text.replace("version: 1", "version: 2").replace("2026-01-01", "2026-01-02")
    lines = [line for line in text.splitlines() if not line.startswith("  digital")]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / SHOP / "v2.yaml"
        path.parent.mkdir()
        path.write_text("\n".join(lines) + "\n", "utf-8")
        said = way.mallfeed("catalog", "publish", "--folder", folder, "--backdate")
    assert f"`mallfeed slice drop {SHOP} digital --why TEXT`" in said
    yield from loaded(way, SHOP, "fashion_5.jsonl", jsonl(*part("F", 13).values()))
    assert set(way.both(SHOP)) == {*part("F", 13), *moved}
    listed = json.loads(way.mallfeed("slice", "list", SHOP, "--json"))
    assert [(one["slice"], one["sent"]) for one in listed] == [
        ("digital", False),
        ("fashion", True),
    ]

    def dropped() -> str:
        words = ("digital", "--why", "closed", "--yes", "--json")
        return str(json.loads(way.mallfeed("slice", "drop", SHOP, *words))["run"])

    feed = yield dropped
    assert feed.state is State.LOADED
    assert set(way.both(SHOP)) == {*part("F", 13)}


def test_a_full_feed_owns_its_part_of_the_shop_only(ends: Ends) -> None:
    assert ends.well(SHOP)


def rows(department: str, *names: str) -> list[str]:
    return [f"{name},{name},1000,https://s.example/{name},생활,{department}" for name in names]


def departments(*lines: str) -> bytes:
    return "\n".join(["id,name,price,url,category,department", *lines, ""]).encode()


@story_of(DEPARTMENTS)
def _a_full_feed_tells_of_its_parts(way: Way) -> Story:
    shop = DEPARTMENTS
    women = [f"w{n}" for n in range(4)]
    yield from loaded(
        way, DEPARTMENTS, "a.csv", departments(*rows("여성", *women), *rows("남성", "m0", "m1"))
    )
    yield from loaded(
        way, DEPARTMENTS, "b.csv", departments(*rows("아동", "k0", "k1"), *rows("", "x0"))
    )
    assert set(way.both(shop)) == {*women, "m0", "m1", "k0", "k1", "x0"}
    report = yield from loaded(
        way, DEPARTMENTS, "c.csv", departments(*rows("여성", "w0", "w1", "w2", "m0"))
    )
    assert set(way.both(shop)) == {"w0", "w1", "w2", "m0", "m1", "k0", "k1", "x0"}
    warnings = report["warnings"]
    assert isinstance(warnings, list)
    assert [(one["code"], one["value"]) for one in warnings] == [("moved_slice", "m0: 남성 → 여성")]
    listed = json.loads(way.mallfeed("slice", "list", shop, "--json"))
    assert {one["slice"]: one["products"] for one in listed} == {
        "여성": 4, "남성": 1, "아동": 2, "parts": 1,
    }  # fmt: skip


def test_a_full_feed_tells_of_the_parts_that_its_rows_name(ends: Ends) -> None:
    assert ends.well(DEPARTMENTS)
