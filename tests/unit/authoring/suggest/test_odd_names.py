"""Columns whose names act, hide, are long, blank or look like places in lists: each is drafted, or named with the reason."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from mallfeed.authoring.suggest.attribute_names import LONGEST, attribute_names
from mallfeed.authoring.suggest.drafted import Drafted
from mallfeed.authoring.suggest.suggest import Suggestion, suggest
from mallfeed.catalog.read import read_catalog
from mallfeed.visible import visible
from tests.unit.authoring.suggest.test_feeds import HEAD

KNOWN = {"id": "P{}", "name": "두루 컵 {}", "price": "{}000", "url": "https://d.example/{}", "category": "주방>컵"}  # fmt: skip
ODD = [
    "\x1b[31m빨강\x1b[0m", "\x1b]0;title\x07색상", "\u202e거꾸로", "가격표 [원]", "[0]", "sizes[0].eu", "a\tb", "a\nb", "\x07",
    "\u3164", "x\u200by", "l" * 1000, 'q"q', "q'q", "q`q", "a: b #c", "- a", "{a}", "g:material", "material", "name.ko", "a.b.c",
]  # fmt: skip


def rows() -> list[dict[str, str]]:
    odd = dict.fromkeys(ODD, "v")
    return [{**{k: v.format(n) for k, v in KNOWN.items()}, **odd} for n in range(1, 9)]


def as_csv() -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows()[0])
    writer.writeheader()
    writer.writerows(rows())
    return out.getvalue()


def said(found: Suggestion) -> set[str]:
    """Every column that the draft reads, or names as left out."""
    read = {name for one in found.fields for name in one.sources}
    return read | {one.name for one in found.attributes} | {name for name, _ in found.left_out}


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_no_column_vanishes_for_its_name(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"feed.{suffix}"
    path.write_text(as_csv() if suffix == "csv" else json.dumps(rows()), "utf-8")
    found = suggest(path)
    columns = {one.name for one in found.sample.columns if one.element_of is None}
    assert said(found) >= columns
    assert len(columns) == len(KNOWN) + len(ODD)
    text = Drafted(found, HEAD).text
    assert visible(text) == text
    catalog = read_catalog(text, "draft.yaml")
    sources = {name for one in catalog.attributes.values() for name in one.sources}
    assert sources == {one.name for one in found.attributes}


def test_columns_of_an_object_that_most_records_have_not_are_named(tmp_path: Path) -> None:
    records = [{**one, "box": {"size": 3} if n == 0 else "3"} for n, one in enumerate(rows())]
    path = tmp_path / "feed.json"
    path.write_text(json.dumps(records), "utf-8")
    assert ("box.size", "its value is an object in a few records only") in suggest(path).left_out


def test_elements_of_lists_are_no_columns_of_their_own(tmp_path: Path) -> None:
    records = [{**one, "sizes": ["S", "M"]} for one in rows()]
    path = tmp_path / "feed.json"
    path.write_text(json.dumps(records), "utf-8")
    named = [one.name for one in suggest(path).attributes]
    assert "sizes" in named
    assert "sizes[1]" not in named


def test_attributes_are_called_what_can_be_seen_of_their_columns() -> None:
    names = {
        "\x1b[1;31m색상\x1b[0m": "색상", "색\u200b상": "색상 2", "g:size": "g:size", "size": "size", "g:fit": "fit",
        "\u202e": "\\u202e", "a  b": "a b", "n" * 200: "n" * (LONGEST - 1) + "…",
    }  # fmt: skip
    assert attribute_names(names) == names
