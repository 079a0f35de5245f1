"""Workbooks whose addresses stand in no cell's text, but in its link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from mallfeed.authoring.suggest.suggest import Suggestion, suggest
from tests.unit.feed.workbook import Formula, Sheet, workbook

ROWS = range(1, 21)


def drafted(
    folder: Path, columns: Mapping[str, Sequence[object]], links: Mapping[str, Sequence[str]]
) -> Suggestion:
    """Of a workbook of products with these columns; `links`: column → targets of its cells."""
    table: dict[str, Sequence[object]] = {
        "상품번호": [f"A{n}" for n in ROWS],
        "상품명": [f"산들 머그컵 {n}호" for n in ROWS],
        "판매가": [1000 * n for n in ROWS],
        "카테고리": ["주방 > 컵"] * len(ROWS),
        **columns,
    }
    names = list(table)
    cells = {
        f"{chr(ord('A') + names.index(name))}{row}": target
        for name, targets in links.items()
        for row, target in enumerate(targets, 2)
    }
    path = folder / "feed.xlsx"
    rows = [names, *zip(*table.values(), strict=True)]
    path.write_bytes(workbook({"Sheet1": Sheet(rows, cells)}))
    return suggest(path)


def sources(found: Suggestion) -> dict[str, tuple[str, ...]]:
    return {one.name: one.sources for one in found.fields}


PAGES = [f"https://shop.example/p/{n}" for n in ROWS]


@pytest.mark.parametrize("name", ["상품링크", "url", "바로가기", "비고"])
def test_a_column_of_links_with_one_text_is_what_they_lead_to(name: str, tmp_path: Path) -> None:
    found = drafted(tmp_path, {name: ["보기"] * len(ROWS)}, {name: PAGES})
    assert sources(found)["url"] == (name,)
    assert not found.missing


def test_links_made_by_formulas_are_seen_as_well(tmp_path: Path) -> None:
    cells = [Formula(f'HYPERLINK("{page}","보기")', "보기", "str") for page in PAGES]
    assert sources(drafted(tmp_path, {"링크": cells}, {}))["url"] == ("링크",)


@pytest.mark.parametrize("name", ["상품명", "상품번호"])
def test_titles_and_ids_that_are_links_are_both(name: str, tmp_path: Path) -> None:
    found = drafted(tmp_path, {}, {name: PAGES})
    assert sources(found)["url"] == (name,)
    assert sources(found)["title"] == ("상품명",)
    assert sources(found)["product_id"] == ("상품번호",)
    assert {one.level for one in found.fields if one.name == "url"} == {"medium"}


def test_pictures_behind_links_are_pictures(tmp_path: Path) -> None:
    pictures = [f"https://cdn.example/i/{n}.jpg" for n in ROWS]
    columns = {"대표이미지": ["이미지"] * len(ROWS), "상세": ["보기"] * len(ROWS)}
    found = drafted(tmp_path, columns, {"대표이미지": pictures, "상세": PAGES})
    assert (sources(found)["image_url"], sources(found)["url"]) == (("대표이미지",), ("상세",))


def test_links_of_another_thing_are_no_pages_of_products(tmp_path: Path) -> None:
    found = drafted(tmp_path, {}, {"카테고리": ["https://shop.example/c/1"] * len(ROWS)})
    assert sources(found)["category_path"] == ("카테고리",)
    assert "url" in dict(found.missing)


def test_a_column_of_addresses_is_no_less_sure_for_titles_that_lead_there_too(
    tmp_path: Path,
) -> None:
    found = drafted(tmp_path, {"상품URL": PAGES}, {"상품명": PAGES})
    assert sources(found)["url"] == ("상품URL",)
    assert {one.level for one in found.fields if one.name == "url"} == {"high"}
