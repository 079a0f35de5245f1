"""A feed looked at with a catalog, before anything is published."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mallfeed.cli.main import app
from mallfeed.cli.preview import files_of
from tests.catalog_command import CatalogCommand
from tests.unit.catalog.conftest import text_of

HEADER = "id,name,price,url,category\n"


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    path = tmp_path / "draft.yaml"
    path.write_text(text_of("shop"), "utf-8")
    return path


def feed_of(folder: Path, text: str, name: str = "feed.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def preview(catalog: Path, feed: Path, *more: str) -> Result:
    return CliRunner().invoke(app, ["catalog", "preview", str(catalog), "--feed", str(feed), *more])


def far_from_ascii(folder: Path) -> dict[str, str]:
    """Variables with which Java opens no Korean name by itself, and all temporary files have one."""
    scratch = folder / "바탕 화면 [1] 50% #'"
    scratch.mkdir()
    return {"LC_ALL": "C", "TMPDIR": str(scratch)}


def test_rows_rejects_and_verdict_without_aws(
    catalog: Path, tmp_path: Path, catalog_command: CatalogCommand
) -> None:
    rows = [f'P{i},상품 {i},"1,{i}00원",https://shop.example/{i},가전>TV' for i in range(1, 4)]
    rows += ["P9,,1000,https://shop.example/9,가전", "P1,다시,900,https://shop.example/1,가전"]
    feed = feed_of(tmp_path, HEADER + "\n".join(rows) + "\n")
    command = ("preview", catalog, "--feed", feed, "--rows", 1, "--json")
    done = catalog_command(*command, **far_from_ascii(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    seen = json.loads(done.stdout)
    counts = {name: count for name, count in seen["counts"].items() if count}
    assert counts == {
        "rows_read": 5,
        "accepted": 3,
        "rejected": 1,
        "duplicates": 1,
        "duplicate_ids": ["P1"],
    }
    assert seen["held"] is None
    [row] = seen["rows"]
    assert row["row"] == "3"
    assert [(cell["field"], cell["raw"], cell["canonical"]) for cell in row["cells"]] == [
        ("product_id", "P2", "P2"),
        ("title", "상품 2", "상품 2"),
        ("price", "1,200원", "1200.00"),
        ("currency", None, "KRW"),
        ("url", "https://shop.example/2", "https://shop.example/2"),
        ("category_path", "가전>TV", "가전 > TV"),
    ]
    [reject] = seen["rejects"]
    assert (reject["code"], reject["count"]) == ("title_missing", 1)
    assert reject["examples"][0][0] == "5"


def test_columns_that_do_not_fit_hold_it(catalog: Path, tmp_path: Path) -> None:
    done = preview(catalog, feed_of(tmp_path, "id,names,price,url,category\n1,a,1,b,c\n"))
    assert done.exit_code == 1
    assert "would be held: drift" in done.stdout
    assert "renamed to names?" in done.stdout


def test_feed_without_rows_is_held_by_its_guard(catalog: Path, tmp_path: Path) -> None:
    done = preview(catalog, feed_of(tmp_path, HEADER), "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["held"]["code"] == "guard_fewest_rows"


def test_feed_is_known_by_its_name_or_must_be_named(catalog: Path, tmp_path: Path) -> None:
    text = catalog.read_text("utf-8") + "  more: {format: csv, key_pattern: more*}\n"
    catalog.write_text(text.replace("{format: csv}", "{format: csv, key_pattern: full*}"), "utf-8")
    feed = feed_of(tmp_path, "x\n1\n", "more.csv")
    assert "feed more" in preview(catalog, feed).stdout
    other = feed_of(tmp_path, "x\n1\n", "other.csv")
    assert preview(catalog, other).exit_code == 2
    assert preview(catalog, other, "--feed-name", "none").exit_code == 2
    assert "feed full" in preview(catalog, other, "--feed-name", "full").stdout


def test_faulty_catalog_is_told_in_its_own_words(catalog: Path, tmp_path: Path) -> None:
    catalog.write_text(text_of("shop").replace("csv", "cvs"), "utf-8")
    done = preview(catalog, feed_of(tmp_path, HEADER))
    assert "did you mean `csv`?" in str(done.exception)


def test_folder_stands_for_its_files_without_markers(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "_SUCCESS", ".DS_Store"):
        feed_of(tmp_path, "", name)
    assert [path.name for path in files_of(tmp_path)] == ["a.csv", "b.csv"]


def test_other_commands_do_without_spark() -> None:
    code = (
        "import importlib, sys\n"
        "from mallfeed.cli.main import Commands\n"
        "for place in Commands.places.values(): importlib.import_module(place.partition(':')[0])\n"
        "sys.exit('pyspark' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_rows_of_one_article_are_shown_as_one_product(
    catalog: Path, tmp_path: Path, catalog_command: CatalogCommand
) -> None:
    fields = "fields: {product_id: id, title: name, price: price, url: url, category_path: category, image_url: image}"
    text = text_of("shop").replace("format: csv", "format: csv, inherit: {key: id}")
    catalog.write_text(
        "\n".join(fields if one.startswith("fields") else one for one in text.split("\n")), "utf-8"
    )
    rows = [
        "P1,컵,1000,https://shop.example/1,주방,https://i.example/1.jpg",
        "P1,,,,,https://i.example/2.jpg",
    ]
    feed = feed_of(tmp_path, "id,name,price,url,category,image\n" + "\n".join(rows) + "\n")
    seen = json.loads(catalog_command("preview", catalog, "--feed", feed, "--json").stdout)
    [row] = seen["rows"]
    images = [cell for cell in row["cells"] if cell["field"] == "extra_image_urls"]
    assert images == [
        {"field": "extra_image_urls", "source": "images of the article", "raw": None,
         "canonical": "https://i.example/2.jpg"}
    ]  # fmt: skip
    assert seen["dropped"] == [{"rule": "merged", "count": 1, "examples": [["3", None, "컵"]]}]
    assert seen["counts"]["drop_rules"] == {"merged": 1}


def test_rules_show_the_rows_that_they_leave_out(
    catalog: Path, tmp_path: Path, catalog_command: CatalogCommand
) -> None:
    rules = "rows: {keep: title <> 'B', drop: {gift: title like '%사은품%', never: id = 'none'}}"
    catalog.write_text(f"{text_of('shop')}{rules}\n", "utf-8")
    rows = [f"P{i},{name},1000,https://shop.example/{i},가전" for i, name in enumerate("ABC")]
    rows += [f"G{i},사은품 {i},0,https://shop.example/g{i},가전" for i in range(4)]
    rows += ["P2,사은품,1000,https://shop.example/2,가전"]
    feed = feed_of(tmp_path, HEADER + "\n".join(rows) + "\n")
    seen = json.loads(catalog_command("preview", catalog, "--feed", feed, "--json").stdout)
    counts = {name: count for name, count in seen["counts"].items() if count}
    assert counts == {
        "rows_read": 8, "accepted": 1, "duplicates": 1, "dropped": 6,
        "drop_rules": {"gift": 5, "keep": 1}, "duplicate_ids": ["P2"],
    }  # fmt: skip
    first = [["5", "G0", "사은품 0"], ["6", "G1", "사은품 1"], ["7", "G2", "사은품 2"]]
    assert seen["dropped"] == [
        {"rule": "gift", "count": 5, "examples": first},
        {"rule": "never", "count": 0, "examples": []},
        {"rule": "keep", "count": 1, "examples": [["3", "P1", "B"]]},
    ]
    shown = catalog_command("preview", catalog, "--feed", feed).stdout
    assert "8 rows read: 1 accepted, 0 rejected, 1 duplicates, 6 left out" in " ".join(
        shown.split()
    )


CHANGES = (
    {"op": "U", "id": "a", "price": "1000"},
    {"op": "U", "id": "a", "brand": "나이키"},
    {"op": "U", "id": "a", "price": "문의"},
    {"op": "D", "id": "b"},
    {"op": "U", "id": "b", "price": "500"},
    {"op": "U", "id": "c", "name": "처음", "list": "900"},
    {"op": "U", "id": "c", "name": "나중", "price": "1000"},
    {"op": "U", "id": "d", "price": "700"},
    {"op": "D", "id": "d"},
    {"op": "U", "id": "d", "price": "800", "name": "새로", "url": "https://shop.example/d", "category": "옷"},
    {"op": "U", "id": "e", "price": "0.4"},
    {"op": "U", "id": "e", "brand": "비비"},
)  # fmt: skip


def test_rows_of_one_id_in_a_delta_are_folded_as_a_load_folds_them(
    tmp_path: Path, catalog_command: CatalogCommand
) -> None:
    catalog = tmp_path / "draft.yaml"
    catalog.write_text(
        "mall: delta_shop\nversion: 1\neffective_from: 2026-01-01T00:00:00+09:00\nowner: feeds\ncontact: md\n"
        "fields: {product_id: id, title: name, price: price, list_price: list, url: url, category_path: category, brand: brand}\n"
        "feeds: {changes: {format: json, mode: delta, json: {layout: lines}, operation: {from: op}, default: true}}\n",
        "utf-8",
    )
    lines = [json.dumps(one, ensure_ascii=False) for one in CHANGES]
    feed = feed_of(tmp_path, "\n".join([*lines, ""]), "changes.jsonl")
    seen = json.loads(
        catalog_command("preview", catalog, "--feed", feed, "--rows", 9, "--json").stdout
    )
    shown = {
        row["row"]: {cell["field"]: (cell["raw"], cell["canonical"]) for cell in row["cells"]}
        for row in seen["rows"]
    }
    krw = {"currency": (None, "KRW")}
    assert shown == {
        # Of what rows before it said, and what was refused of them is not.
        "2": {"product_id": ("a", "a"), "price": ("1000", "1000.00"), "brand": ("나이키", "나이키"), **krw},
        "7": {"product_id": ("c", "c"), "title": ("나중", "나중"), "price": ("1000", "1000.00"),
              "list_price": ("900", None), **krw},
        "10": {"product_id": ("d", "d"), "title": ("새로", "새로"), "price": ("800", "800.00"),
               "url": ("https://shop.example/d",) * 2, "category_path": ("옷", "옷"), **krw},
        "12": {"product_id": ("e", "e"), "brand": ("비비", "비비")},
    }  # fmt: skip
    rejects = {one["code"]: [row for row, _ in one["examples"]] for one in seen["rejects"]}
    assert rejects == {
        "price_not_a_number": ["3"],
        "product_unknown": ["5"],
        "price_rounded_to_nothing": ["11"],
    }
    assert [(one["code"], one["count"]) for one in seen["warnings"]] == [
        ("list_price_below_price", 1)
    ]
    counts = {name: count for name, count in seen["counts"].items() if count}
    assert (counts["accepted"], counts["duplicates"], counts["deletes"]) == (4, 4, 1)
