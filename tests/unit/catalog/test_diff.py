"""What a new version changes, in words, and which products of a feed come out different."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mallfeed.authoring.diff import differences
from mallfeed.catalog.read import read_catalog
from mallfeed.cli.main import app
from tests.catalog_command import CatalogCommand
from tests.unit.catalog.conftest import text_of, write
from tests.unit.catalog.platforms import write_platform

OLD = text_of("shop")
FIELDS = "fields: {product_id: id, title: name, price: price, url: url, category_path: category}"


def told(old: str, new: str) -> list[tuple[str | None, str, str]]:
    found = differences(read_catalog(old, "v1.yaml"), read_catalog(new, "v2.yaml"))
    return [(one.feed, one.kind, one.what) for one in found]


def test_same_text_differs_in_nothing() -> None:
    assert told(OLD, OLD.replace("version: 1", "version: 2") + "# a comment\n") == []


@pytest.mark.parametrize(
    ("change", "kind", "what"),
    [
        (("title: name", "title: names"), "other column",
         "`title` is read from `names`, before from `name`"),
        (("url: url, ", "url: url, brand: brand, "), "gained", "`brand` is read from `brand`"),
        (("title: name", "title: {from: name, type: html_text}"), "retyped",
         "`title` is read as `html_text`, before as `text`"),
        (("title: name", "title: {from: name, max_length: 50}"), "stricter",
         "`title`: `max_length`: nothing → 50"),
        (("title: name", "title: {from: name, optional: true}"), "looser",
         "`title`: a feed may now lack `name`"),
        (("price: price", "price: {from: [sale, price]}"), "other column",
         "`price` is read from `sale` + `price`, before from `price`"),
        (("url: url", "url: {type: constant, value: https://a.example}"), "retyped",
         "`url` is read as `constant`, before as `url`"),
        (("format: csv", "format: json"), "changed", "`format`: csv → json"),
        (("format: csv", 'format: csv, csv: {separator: "|"}'), "changed",
         "`csv.separator`: , → |"),
        (("format: csv", "format: csv, guards: {vanished: {ratio: 0.1, count: 100}}"), "stricter",
         "`guards.vanished.ratio`: 0.3 → 0.1"),
        (("format: csv", "format: csv, guards: {fewest_rows: 0}"), "looser",
         "`guards.fewest_rows`: 1 → 0"),
        (("format: csv", "format: csv, mode: delta, operation: {from: op}"), "changed",
         "`mode`: full → delta"),
        (("format: csv", "format: csv, rows: {drop: {gift: name = 'x'}}"), "stricter",
         "`rows`: `gift` leaves rows out: name = 'x'"),
        (("format: csv", "format: csv, attributes: {color: colour}"), "gained",
         "`attributes.color` is read from `colour`"),
    ],
)  # fmt: skip
def test_each_change_is_said_in_words(change: tuple[str, str], kind: str, what: str) -> None:
    assert ("full", kind, what) in told(OLD, OLD.replace(*change))


def test_the_way_back_is_said_too() -> None:
    new = OLD.replace("url: url, ", "url: url, brand: {from: brand, optional: true}, ")
    newer = new.replace("{from: brand, optional: true}", "brand")
    assert told(new, newer) == [("full", "stricter", "`brand`: a feed without `brand` is now held")]
    assert told(new, OLD) == [
        ("full", "lost", "`brand` is no longer read (it was read from `brand`)")
    ]


def test_a_renamed_feed_that_keeps_its_slice_leaves_nothing_behind() -> None:
    new = OLD.replace("  full: {", "  daily: {slice: full, ")
    assert new != OLD
    goes_on = "the feed `full` no longer exists; `daily` goes on with the products of its slice"
    assert told(OLD, new)[0] == ("full", "lost", goes_on)
    one, other = OLD.replace("  full: {", "  full: {slice: a, "), OLD
    assert told(other, one) == [("full", "changed", "`slice`: full → a")]


def test_feeds_and_head_differ() -> None:
    new = OLD.replace("  full:", "  daily:") + "currency: USD\n"
    assert told(OLD, new) == [
        (None, "changed", "`currency`: KRW → USD"),
        (
            "full",
            "lost",
            "the feed `full` no longer exists: its products stay in the shop until `mallfeed slice drop shop full --why TEXT`. "
            "If another feed sends them now, say `slice: full` in it",
        ),
        ("daily", "gained", "the feed `daily` is new (csv, full)"),
    ]


def run(*arguments: object) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, ["catalog", "diff", *map(str, arguments)])


def test_command_names_the_versions_that_there_are(folder: Path) -> None:
    write(folder, "one_shop", 2, text_of("one_shop", 2).replace("title: name", "title: names"))
    done = run("one_shop", "v1", "2", "--folder", folder)
    assert "`title` is read from `names`, before from `name`" in done.stdout
    odd = run("one_shop", "v1", "two", "--folder", folder)
    assert (odd.exit_code, "expected a number, such as 2 or v2" in odd.stderr) == (2, True)
    missing = run("one_shop", "v1", "v3", "--folder", folder)
    assert (missing.exit_code, "one_shop has v1, v2" in missing.stderr) == (2, True)


def test_feed_that_a_version_would_hold_is_said(folder: Path, tmp_path: Path) -> None:
    write(folder, "one_shop", 2, text_of("one_shop", 2).replace("title: name", "title: names"))
    feed = tmp_path / "feed.csv"
    feed.write_text("id,name,price,url,category\n1,a,1,https://a.example,b\n", "utf-8")
    done = run("one_shop", "v1", "v2", "--folder", folder, "--feed", feed)
    assert "v2 would hold this feed: drift" in done.stdout


def test_products_that_come_out_different_are_shown_side_by_side(
    folder: Path, tmp_path: Path, catalog_command: CatalogCommand
) -> None:
    new = text_of("one_shop", 2).replace("price: price", "price: {from: [sale, price]}")
    write(folder, "one_shop", 2, new.replace("title: name", "title: {from: name, max_length: 3}"))
    write(
        folder,
        "one_shop",
        1,
        text_of("one_shop").replace("id, title", "id, list_price: sale, title"),
    )
    rows = ["1,가나다,100,,", "2,가나다라,100,90,", "3,가나,,50,", "4,가나,100,x,"]
    feed = tmp_path / "feed.csv"
    feed.write_text("id,name,price,sale,url,category\n" + "".join(
        f"{row[:-1]},https://a.example,b\n" for row in rows), "utf-8")  # fmt: skip
    command = ("diff", "one_shop", "v1", "v2", "--folder", folder, "--feed", feed, "--json")
    done = catalog_command(*command)
    assert (done.returncode, done.stderr) == (0, "")
    seen = json.loads(done.stdout)["products"]
    assert (seen["held"], seen["same"]) == ({}, 1)
    assert seen["examples"] == [
        {
            "product_id": "2",
            "fields": {"title": ["가나다라", "가나다"], "price": ["100.00", "90.00"]},
        }
    ]
    assert list(seen["new"]) == ["3"]
    assert "price" in seen["new"]["3"]
    assert list(seen["gone"]) == ["4"]


def test_changed_rules_are_said_and_the_rows_that_each_takes_are_shown(
    folder: Path, tmp_path: Path, catalog_command: CatalogCommand
) -> None:
    shop = text_of("one_shop")
    old = shop + "rows: {drop: {gift: title like '%gift%', b2b: title like '%B2B%'}}\n"
    new = old.replace("'%gift%'", "'%free%'").replace("version: 1", "version: 2")
    assert told(old, new) == [
        ("full", "changed", "`rows`: `gift`: title like '%gift%' → title like '%free%'")
    ]
    assert told(old, shop)[0] == (
        "full", "looser", "`rows`: `gift` leaves no rows out any more (title like '%gift%')"
    )  # fmt: skip
    write(folder, "one_shop", 1, old)
    write(folder, "one_shop", 2, new)
    feed = tmp_path / "feed.csv"
    rows = [
        f"{i},{name},100,https://shop.example/{i},x"
        for i, name in enumerate(["a gift", "free", "B2B"])
    ]
    feed.write_text("id,name,price,url,category\n" + "\n".join(rows) + "\n", "utf-8")
    command = ("diff", "one_shop", "v1", "v2", "--folder", folder, "--feed", feed, "--json")
    seen = json.loads(catalog_command(*command).stdout)["products"]
    assert seen["gone"] == {"1": "the rule gift leaves it out"}
    assert seen["new"] == {"0": "the rule gift leaves it out"}
    b2b = {"rule": "b2b", "count": 1, "examples": [["4", "2", "B2B"]]}
    assert seen["dropped"] == {
        "v1": [{"rule": "gift", "count": 1, "examples": [["2", "0", "a gift"]]}, b2b],
        "v2": [{"rule": "gift", "count": 1, "examples": [["3", "1", "free"]]}, b2b],
    }


@pytest.mark.parametrize(
    ("mall", "said"),
    [
        ("built", "_platforms/built/v9.yaml does not exist; built has v1 in "),
        ("one_shop", "one_shop/v9.yaml does not exist; one_shop has v1, v2, v10 in "),
        ("one_shp", "there is no mall or platform one_shp in "),
        ("bult", "; did you mean `built`?"),
        ("elsewhere", "there is no mall or platform elsewhere in "),
    ],
)
def test_a_version_that_is_not_there_is_told_with_those_that_are(
    tmp_path: Path, mall: str, said: str
) -> None:
    for version in (1, 2, 10):
        write(tmp_path, "one_shop", version, text_of("one_shop", version=version))
    write_platform(tmp_path)
    done = run(mall, "v1" if mall in ("built", "one_shop") else "v9", "v9", "--folder", tmp_path)
    assert done.exit_code == 2
    told = " ".join(done.stderr.split())
    assert said in told
    assert ("did you mean `one_shop`?" in told) == (mall == "one_shp")
