"""A folder of catalogs and its lock."""

from __future__ import annotations

from pathlib import Path

import pytest

from mallfeed.authoring.folder import lock_of, read_file, read_folder
from mallfeed.authoring.lock import LOCK_NAME, read_lock, read_published, write_lock
from mallfeed.errors import CatalogInvalid
from mallfeed.kinds.rules_of_versions import FIRST_RULES, NEWEST_RULES
from tests.unit.catalog.conftest import text_of, write

COMMITTED = Path(__file__).parents[3] / "catalogs"


def hashes(folder: Path) -> dict[str, str]:
    return {one.name: one.hash for one in read_folder(folder)}


def faults(folder: Path) -> list[str]:
    with pytest.raises(CatalogInvalid) as refused:
        read_folder(folder)
    return [fault.removeprefix(f"{folder}/") for fault in refused.value.faults]


def test_committed_catalogs_are_all_locked_and_unchanged() -> None:
    assert (read_lock(COMMITTED), read_published(COMMITTED)) == lock_of(COMMITTED)


def test_versions_come_by_mall_and_number(folder: Path) -> None:
    for version in (10, 2):
        write(folder, "one_shop", version)
    names = [one.name for one in read_folder(folder)]
    assert names == [
        "one_shop/v1.yaml",
        "one_shop/v2.yaml",
        "one_shop/v10.yaml",
        "two_shop/v1.yaml",
    ]


def test_faults_of_all_files_come_at_once(folder: Path) -> None:
    write(folder, "one_shop", 1, text_of("one_shop").replace("csv", "cvs"))
    write(folder, "two_shop", 1, text_of("two_shop").replace("owner", "ower"))
    assert [fault.split(":")[0] for fault in faults(folder)] == [
        "one_shop/v1.yaml", "two_shop/v1.yaml", "two_shop/v1.yaml",
    ]  # fmt: skip


_NO_VERSION = "is no version, which is `v`, a number without zeros in front, and `.yaml`"
_NO_MALL = "is no mall id, which is 2 to 31 characters of a-z, 0-9 and `_` with a letter first"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("v1.yaml", ": it is not in a mall's folder"),
        ("one_shop/v1.yml", f": `v1.yml` {_NO_VERSION}"),
        ("one_shop/v01.yaml", f": `v01.yaml` {_NO_VERSION}"),
        ("one_shop/V2.yaml", f": `V2.yaml` {_NO_VERSION}"),
        ("one_shop/old/v1.yaml", ": a mall's folder holds no further ones"),
        ("One/v1.yaml", f": `One` {_NO_MALL}"),
        ("m/v1.yaml", f": `m` {_NO_MALL}"),
        ("7shop/v1.yaml", f": `7shop` {_NO_MALL}"),
        (f"{'m' * 32}/brands.csv", f": `{'m' * 32}` {_NO_MALL}"),
        ("one_shop/notes.md", ""),
    ],
)
def test_files_that_are_no_catalog_are_reported(folder: Path, name: str, why: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("x", "utf-8")
    assert faults(folder) == [
        f"{name}:1:1: not a path of a catalog{why}; expected {folder}/<mall>/v<N>.yaml"
    ]


def test_catalog_in_another_mall_s_place_is_reported(folder: Path) -> None:
    write(folder, "one_shop", 2, text_of("two_shop", 3))
    assert faults(folder) == [
        f"one_shop/v2.yaml:1:1: it says mall two_shop, version 3; expected at "
        f"{folder}/two_shop/v3.yaml"
    ]


def test_text_that_is_not_utf8_is_reported(folder: Path) -> None:
    path = write(folder, "one_shop")
    path.write_bytes(path.read_bytes() + "name: 가게".encode("cp949"))
    assert faults(folder) == ["one_shop/v1.yaml:9:1: not UTF-8; save it as UTF-8"]


def test_empty_folder_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(CatalogInvalid, match="there is no catalog"):
        read_folder(tmp_path)


def test_lock_takes_new_versions_and_holds_them(folder: Path) -> None:
    assert write_lock(folder, hashes(folder)) == ["one_shop/v1.yaml", "two_shop/v1.yaml"]
    write(folder, "two_shop", 2)
    assert write_lock(folder, hashes(folder)) == ["two_shop/v2.yaml"]
    assert read_lock(folder) == hashes(folder)


def test_locked_version_that_changes_by_a_comment_is_reported(folder: Path) -> None:
    write_lock(folder, hashes(folder))
    write(folder, "one_shop", 1, "# new\n" + text_of("one_shop"))
    assert faults(folder) == [
        "one_shop/v1.yaml:1:1: changed since it was locked; a published version never changes. "
        "Undo the change and write the next version instead"
    ]


def test_locked_version_that_is_gone_is_reported(folder: Path) -> None:
    write_lock(folder, hashes(folder))
    (folder / "two_shop" / "v1.yaml").unlink()
    assert faults(folder) == ["two_shop/v1.yaml:1:1: locked but missing; put it back"]


def test_torn_lock_is_reported(folder: Path) -> None:
    (folder / LOCK_NAME).write_text("one_shop/v1.yaml abc\n", "utf-8")
    assert faults(folder) == [
        f"{LOCK_NAME}:1:1: not a line of a lock; expected `<sha256>  mall/v1.yaml`"
    ]


def test_changed_version_is_never_locked_anew(folder: Path) -> None:
    write_lock(folder, hashes(folder))
    before = (folder / LOCK_NAME).read_bytes()
    with pytest.raises(CatalogInvalid, match="changed since it was locked"):
        write_lock(folder, {**hashes(folder), "one_shop/v1.yaml": "0" * 64})
    assert (folder / LOCK_NAME).read_bytes() == before


def test_the_lock_says_by_which_rules_a_version_is_read(folder: Path) -> None:
    one = hashes(folder)["one_shop/v1.yaml"]
    (folder / LOCK_NAME).write_text(f"{one}  one_shop/v1.yaml\n", "utf-8")  # of an earlier release
    assert write_lock(folder, hashes(folder)) == ["two_shop/v1.yaml"]
    write(folder, "two_shop", 2)
    assert {one.name: one.catalog.rules for one in read_folder(folder)} == {
        "one_shop/v1.yaml": FIRST_RULES,
        "two_shop/v1.yaml": NEWEST_RULES,
        "two_shop/v2.yaml": NEWEST_RULES,
    }
    told = f"# two_shop/v1.yaml: rules {NEWEST_RULES}\n"
    assert told in (folder / LOCK_NAME).read_text("utf-8")
    assert read_file(folder / "one_shop" / "v1.yaml").catalog.rules == FIRST_RULES
