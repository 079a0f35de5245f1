"""Catalogs that extend a platform: how they are read, what is refused, what is locked."""

from __future__ import annotations

from pathlib import Path

import pytest

from mallfeed.authoring.folder import lock_of, read_file, read_folder
from mallfeed.authoring.lock import LOCK_NAME, read_published, write_lock
from mallfeed.catalog.read import read_catalog
from mallfeed.errors import CatalogInvalid
from tests.unit.catalog.conftest import write
from tests.unit.catalog.platforms import PLATFORM, on_platform, renamed, write_platform

BUILT = PLATFORM.format(name="built", version=1, price="price")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One mall on one platform."""
    write_platform(tmp_path)
    write(tmp_path, "one_shop", text=on_platform("one_shop"))
    return tmp_path


def faults(folder: Path) -> list[str]:
    with pytest.raises(CatalogInvalid) as refused:
        read_folder(folder)
    return [fault.removeprefix(f"{folder}/") for fault in refused.value.faults]


def test_a_catalog_has_what_its_platform_says(folder: Path) -> None:
    [one] = read_folder(folder)
    assert one.catalog.extends == "built@1"
    assert list(one.catalog.fields_of("full")) == [
        "product_id",
        "title",
        "price",
        "category_path",
        "url",
    ]
    assert one.catalog.feeds["full"].options.encoding == "cp949"
    assert [rule.name for rule in one.catalog.row_rules("full")] == ["hidden"]


def test_it_is_published_written_out(folder: Path) -> None:
    [one] = read_folder(folder)
    assert one.text == on_platform("one_shop")
    assert one.published.startswith("# Written out from one_shop/v1.yaml (sha256 ")
    assert one.published.splitlines()[0].endswith("), which extends built@1.")
    alone = read_catalog(one.published, "v1.yaml")
    assert alone.extends is None
    assert alone.model_dump(exclude={"extends"}) == one.catalog.model_dump(exclude={"extends"})


def test_a_catalog_without_a_base_is_published_as_it_is(folder: Path) -> None:
    path = write(folder, "two_shop")
    one = read_file(path)
    assert one.published == one.text


def test_a_version_of_a_platform_may_extend_another(folder: Path) -> None:
    write_platform(folder, 2, renamed(2))
    write(folder, "one_shop", 2, on_platform("one_shop", 2, "built@2"))
    first, second = (one.catalog for one in read_folder(folder))
    assert first.fields["price"].sources == ("price",)
    assert second.fields["price"].sources == ("sale_price",)
    assert second.fields["title"] == first.fields["title"]


REFUSED = {
    "no reference": (
        {"extends: built@1": "extends: built"},
        "one_shop/v1.yaml:6:10: `extends` is `built`; expected a platform's version as cafe24@3",
    ),
    "unknown version": (
        {"built@1": "built@4"},
        "one_shop/v1.yaml:6:10: `extends` is `built@4`, which does not exist; expected `built@1`",
    ),
    "unknown platform": (
        {"built@1": "bulit@1"},
        "one_shop/v1.yaml:6:10: `extends` is `bulit@1`, which does not exist; did you mean `built@1`?",
    ),
    "part of a platform's name": (
        {"built@1": "buil@7"},
        "one_shop/v1.yaml:6:10: `extends` is `buil@7`, which does not exist; did you mean `built@1`?",
    ),
    "no such platform": (
        {"built@1": "shopware@1"},
        "one_shop/v1.yaml:6:10: `extends` is `shopware@1`, which does not exist; expected `built@1`",
    ),
    "left out, and not there": (
        {"url: link": "url: link\n  brand: null"},
        "one_shop/v1.yaml:9:3: `fields.brand: null` leaves out what built@1 does not have; expected no such line, or "
        "`product_id`, `title`, `price` or `category_path`",
    ),
    "left out, and needed": (
        {"url: link": "url: link\n  price: null"},
        "one_shop/v1.yaml:9:10: no feed maps `price`; expected it under `fields`: every product needs it",
    ),
    "left to the mall": (
        {"fields:\n  url: link\n": ""},
        "one_shop/v1.yaml:6:10: built@1 leaves `url` to its malls; expected `url:` under `fields`",
    ),
    "its own slip": (
        {"url: link": "url: {from: link, bse_url: x}"},
        "one_shop/v1.yaml:8:21: `bse_url` is no key here; did you mean `base_url`?",
    ),
    "a feed of its own that lacks something": (
        {"url: link\n": "url: link\nfeeds:\n  daily: {mode: full}\n"},
        "one_shop/v1.yaml:10:3: `feeds.daily` lacks `format`; expected `format:` (how the file is written)",
    ),
    "what only both together make wrong": (
        {"url: link\n": "url: link\nfeeds: {full: {csv: {header: false, columns: [code, name, link]}}}\n"},
        "one_shop/v1.yaml:6:10: with built@1: `category` is none of the columns of `feeds.full`",
    ),
    "a table that is not there": (
        {"url: link": "url: {type: lookup, from: code, table: links, key: k, value: v}"},
        "one_shop/v1.yaml:8:42: `fields.url.table` is `links`, and ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_faults_stand_where_the_mall_s_own_file_can_mend_them(folder: Path, case: str) -> None:
    changes, told = REFUSED[case]
    text = on_platform("one_shop")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    write(folder, "one_shop", text=text)
    found = faults(folder)
    assert found[0].startswith(told), found
    assert all(line.startswith("one_shop/v1.yaml:") for line in found)


OF_PLATFORMS = {
    "its own slip": ({"format: csv": "format: cvs"},
        "14:13: `feeds.full.format` is `cvs`; expected"),
    "a required field neither mapped nor left": ({"left_to_malls: [url]\n": ""},
        "5:1: no feed maps `url`; expected it under `fields`: every product needs it"),
    "something else left": ({"[url]": "[url, brnd]"},
        "5:22: `left_to_malls` names `brnd`; expected a required field: `product_id`, `title`, `price`, `url` or "
        "`category_path`"),
    "no source": ({"source: [https://builder.example/export]\n": ""},
        "1:1: the catalog lacks `source`; expected `source:`"),
    "not told from others": ({"[code, shown]": "[]"},
        "4:16: `recognised_by` is empty; expected at least one entry"),
    "a mall's key": ({"source:": "mall: one_shop\nsource:"},
        "3:1: `mall` is no key of a platform; expected it in the catalogs of malls"),
    "another's name": ({"platform: built": "platform: bulit"},
        "1:11: `platform` is `bulit`; expected `built`, as its path says"),
    "another's version": ({"version: 1": "version: 3"},
        "2:10: `version` is `3`; expected `1`, as its path says"),
    "a table": ({"title: name": "title: {type: lookup, from: n, table: t, key: k, value: v}"},
        "8:10: a platform looks nothing up: tables belong to malls; expected the field read from a column, or "
        "`left_to_malls`"),
    "unknown base": ({"source:": "extends: other@2\nsource:"},
        "3:10: `extends` is `other@2`, which does not exist; expected `built@1`"),
    "itself": ({"source:": "extends: built@1\nsource:"},
        "3:10: `extends` leads in a circle: built@1 → built@1; expected a version that stands on its own in the end"),
    "not YAML": ({"rows:": "rows"}, "11:"),
    "empty": ({BUILT: "# nothing\n"},
        "1:1: the file is empty; expected a platform: `platform:`, `version:`, `source:`, … `feeds:`"),
}  # fmt: skip


@pytest.mark.parametrize("case", OF_PLATFORMS)
def test_a_platform_s_own_faults_are_reported_once_at_their_place(folder: Path, case: str) -> None:
    changes, told = OF_PLATFORMS[case]
    text = BUILT
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    write_platform(folder, text=text)
    write(folder, "two_shop", text=on_platform("two_shop"))
    found = faults(folder)
    assert found[0].startswith(f"_platforms/built/v1.yaml:{told}"), found
    assert len(found) == 1


def test_a_circle_of_platforms_is_named(folder: Path) -> None:
    write_platform(folder, text=BUILT.replace("source:", "extends: other@1\nsource:"))
    other = BUILT.replace("built", "other").replace("source:", "extends: built@1\nsource:")
    write_platform(folder, text=other, name="other")
    assert [fault.split("; ")[0] for fault in faults(folder)] == [
        "_platforms/built/v1.yaml:3:10: `extends` leads in a circle: built@1 → other@1 → built@1",
        "_platforms/other/v1.yaml:3:10: `extends` leads in a circle: other@1 → built@1 → other@1",
    ]


def test_a_later_version_may_not_leave_out_what_its_base_lacks(folder: Path) -> None:
    write_platform(folder, 2, renamed(2) + "rows: {drop: {gone: null}}\n")
    assert faults(folder) == [
        "_platforms/built/v2.yaml:6:15: `rows.drop.gone: null` leaves out what built@1 does not have; expected no "
        "such line, or `hidden`"
    ]


def test_a_published_catalog_extends_nothing() -> None:
    with pytest.raises(CatalogInvalid) as refused:
        read_catalog(on_platform("one_shop"), "s3://lake/v1.yaml")
    assert refused.value.faults == [
        "s3://lake/v1.yaml:6:1: `extends` stands in a catalog that is read without its platforms; expected a "
        "published catalog, which is written out"
    ]


@pytest.mark.parametrize(
    "name", ["_platforms/v1.yaml", "_platforms/built/v1.yml", "_platforms/built/notes.md", "_platforms/Built/v1.yaml"]
)  # fmt: skip
def test_files_that_are_no_platform_are_reported(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("x", "utf-8")
    assert faults(folder) == [
        f"{name}:1:1: not a path of a platform; expected {folder}/_platforms/<platform>/v<N>.yaml, or "
        "v<N>.sample.csv beside it"
    ]


def test_platforms_and_their_samples_are_locked_used_or_not(folder: Path) -> None:
    write_platform(folder, 2, renamed(2))
    sample = folder / "_platforms" / "built" / "v2.sample.csv"
    sample.write_text("code\n1\n", "utf-8")
    added = write_lock(folder, *lock_of(folder))
    assert added == [
        "_platforms/built/v1.yaml",
        "_platforms/built/v2.sample.csv",
        "_platforms/built/v2.yaml",
        "one_shop/v1.yaml",
    ]
    sample.write_text("code\n2\n", "utf-8")
    assert faults(folder) == [
        "_platforms/built/v2.sample.csv:1:1: changed since it was locked; a published version never changes. Undo "
        "the change and write the next version with its own sample instead"
    ]


def test_a_locked_platform_does_not_change_under_its_malls(folder: Path) -> None:
    write_lock(folder, *lock_of(folder))
    write_platform(folder, text=BUILT.replace("price: price", "price: other"))
    assert faults(folder) == [
        "_platforms/built/v1.yaml:1:1: changed since it was locked; a published version never changes. Undo the "
        "change and write the next version instead"
    ]


def test_what_is_published_is_locked_too(folder: Path) -> None:
    write_lock(folder, *lock_of(folder))
    [one] = read_folder(folder)
    assert read_published(folder) == {"one_shop/v1.yaml": one.hash}
    lock = folder / LOCK_NAME
    lock.write_text(lock.read_text().replace(one.hash, "0" * 64))
    [fault] = faults(folder)
    assert fault.startswith(
        "one_shop/v1.yaml:1:1: written out it is no longer what was locked, though it and its platform are;"
    )


def test_the_lock_is_read_by_sha256sum(folder: Path) -> None:
    write_lock(folder, *lock_of(folder))
    lines = (folder / LOCK_NAME).read_text().splitlines()
    assert [line.split("  ")[-1] for line in lines if not line.startswith("#")] == [
        "_platforms/built/v1.yaml",
        "one_shop/v1.yaml",
    ]
