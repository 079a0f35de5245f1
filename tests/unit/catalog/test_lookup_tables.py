"""Tables that a catalog looks values up in: checked beside it, locked and published with it, read with it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from mallfeed.authoring.folder import read_file, read_folder
from mallfeed.authoring.lock import LOCK_NAME, read_lock, write_lock
from mallfeed.authoring.publish import plan_publish, publish
from mallfeed.catalog.lookup_table import MOST_ROWS, read_table
from mallfeed.catalog.store import S3CatalogStore
from mallfeed.errors import CatalogInvalid, FeedHeld, Terminal
from mallfeed.kinds.rules_of_versions import NEWEST_RULES
from mallfeed.load.catalog_of_feed import CatalogOf
from tests.unit.catalog.conftest import text_of, write
from tests.unit.ledger.records import feed

GOOD = "code,name\n1,나이키\n2,무인양품\n"
LOOKUP = "brand: {type: lookup, from: brand, table: brands, key: code, value: name}"


def with_table(
    folder: Path, table: str | bytes | None = GOOD, lookup: str = LOOKUP, version: int = 1
) -> Path:
    """A version of one_shop that looks brands up, and their table beside it."""
    text = text_of("one_shop", version).replace("{product_id", f"{{{lookup}, product_id")
    path = write(folder, "one_shop", version, text)
    if table is not None:
        body = table if isinstance(table, bytes) else table.encode()
        (path.parent / "brands.csv").write_bytes(body)
    return path


def hashes(folder: Path) -> dict[str, str]:
    return {name: hash_ for one in read_folder(folder) for name, hash_ in one.hashes.items()}


def faults(folder: Path) -> list[str]:
    with pytest.raises(CatalogInvalid) as refused:
        read_folder(folder)
    return [fault.replace(f"{folder}/", "") for fault in refused.value.faults]


def test_a_version_comes_with_its_tables(folder: Path) -> None:
    catalog = read_file(
        with_table(folder, '\ufeffcode , name,x\r\n1,"Levi\'s, \n501",y\r\n\r\n,b,c\r\n3,,\r\n')
    ).catalog
    table = catalog.tables["brands"]
    assert table.columns == ("code", "name", "x")
    assert table.pairs("code", "name") == [("1", "Levi's, \n501"), ("3", "")]
    assert read_folder(folder)[0].catalog.tables.keys() == {"brands"}


@pytest.mark.parametrize("kind", ["pipe", "folder", "link to elsewhere", "link to itself"])
@pytest.mark.parametrize("name", ["brands.csv", "v1.yaml"])
def test_only_files_of_the_folder_are_read(folder: Path, kind: str, name: str) -> None:
    """A pipe would be waited for, and messages quote what is wrong in a file."""
    with_table(folder, "code,name\n1,a\n")
    path, secret = folder / "one_shop" / name, folder.parent / "passwd"
    path.unlink()
    secret.write_text("root:x:0:0\n")
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(secret if kind == "link to elsewhere" else path)
    told = faults(folder)
    if kind == "link to elsewhere":
        assert any("is a link to a file outside" in fault for fault in told)
    assert told
    assert "root:x" not in "".join(told)


def test_a_link_within_the_folder_is_read(folder: Path) -> None:
    with_table(folder, "code,name\n1,a\n")
    table = folder / "one_shop" / "brands.csv"
    table.rename(folder / "one_shop" / ".data")
    table.symlink_to(".data")
    assert read_folder(folder)[0].catalog.tables["brands"].rows == (("1", "a"),)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (None, "one_shop/v1.yaml:6:52: `fields.brand.table` is `brands`, and one_shop/brands.csv does not exist; "
               "expected the file brands.csv beside the catalog"),
        ("no,name\n1,a\n", "one_shop/v1.yaml:6:65: `fields.brand.key` is `code`, which brands.csv does not have; "
                           "expected `no` or `name`"),
        ("code,nam\n1,a\n", "one_shop/v1.yaml:6:78: `fields.brand.value` is `name`, which brands.csv does not have; "
                            "did you mean `nam`?"),
        ("code,name\n1,a\n2,b\n 1 ,c\n", "one_shop/v1.yaml:6:65: `fields.brand.key`: the column `code` of brands.csv "
                                         "has `1` in its rows 2 and 4; expected each key once"),
        ("code,name\n1,가\n".encode("cp949"), "one_shop/brands.csv:2:1: not UTF-8; save the table as UTF-8"),
        ("", "one_shop/brands.csv:1:1: the table is empty; expected a header that names its columns"),
        ("code,code,name\n1,a,b\n", "one_shop/brands.csv:1:1: the header names `code` 2 times"),
        ("code,name\n1,\"a\nb\"\n2\n", "one_shop/brands.csv:4:1: 1 columns; the header has 2"),
        ("code,name\n1,\"a\n", "one_shop/brands.csv:2:1: cannot be read as comma-separated text: a quote is "
                               "opened and not closed"),
        ("code,name\n1,\"a\"b\n", "one_shop/brands.csv:2:1: cannot be read as comma-separated text: text stands behind a "
                                 "closing quote"),
        ("code;name\n1;a\n2;b,c\n", "one_shop/brands.csv:1:1: the header is one column, `code;name`: its cells are "
                                    "separated by `;`; expected commas between them"),
        ("code\tname\n1\ta\n", "one_shop/brands.csv:1:1: the header is one column, `code\\u0009name`: its cells are "
                              "separated by tabs; expected commas between them"),
        ("code,name\n" + "".join(f"{n},x\n" for n in range(MOST_ROWS + 1)),
         f"one_shop/brands.csv:{MOST_ROWS + 2}:1: more than 100,000 rows; a table has that many at most"),
    ],
    ids=["missing", "key", "value", "twice", "encoding", "empty", "header", "width", "quotes", "behind a quote", "semicolons", "tabs", "rows"],
)  # fmt: skip
def test_mistakes_are_told_with_their_place(
    folder: Path, table: str | bytes | None, told: str
) -> None:
    with_table(folder, table)
    assert faults(folder) == [told]


def test_as_many_rows_as_a_table_may_have_are_read() -> None:
    rows = "".join(f"{n},x\n" for n in range(MOST_ROWS))
    table = read_table(f"code,name\n{rows}".encode(), "brands.csv")
    assert len(table.rows) == MOST_ROWS
    assert table.repeated("code") == ()


def test_a_name_that_leads_elsewhere_is_refused(folder: Path) -> None:
    with_table(folder, None, LOOKUP.replace("brands", "../two_shop/brands"))
    (fault,) = faults(folder)
    assert (
        "`fields.brand.table` is `../two_shop/brands`; expected a name of a-z, 0-9, _ and -"
        in fault
    )


def test_a_table_that_nobody_reads_is_reported_once(folder: Path) -> None:
    (folder / "two_shop" / "colours.csv").write_text(GOOD, "utf-8")
    assert faults(folder) == [
        "two_shop/colours.csv:1:1: no catalog version looks a value up in it; expected `table: colours`"
    ]
    with_table(folder, "x\n1,2\n")
    with_table(folder, "x\n1,2\n", version=2)
    found = faults(folder)
    assert found.count("one_shop/brands.csv:2:1: 2 columns; the header has 1") == 1


def test_all_that_is_wrong_in_a_table_is_told_at_once(folder: Path) -> None:
    with_table(folder, "code,name\n1,a\n2,b,c\n1,d\n3\n2,e\n1,f\n1,g\n")
    key = "one_shop/v1.yaml:6:65: `fields.brand.key`: the column `code` of brands.csv has"
    assert sorted(faults(folder)) == sorted([
        "one_shop/brands.csv:3:1: 3 columns; the header has 2",
        "one_shop/brands.csv:5:1: 1 columns; the header has 2",
        f"{key} `1` in its rows 2, 4 and 7 and more; expected each key once",
        f"{key} `2` in its rows 3 and 6; expected each key once",
    ])  # fmt: skip


def test_a_table_is_locked_with_its_version_and_never_changes(folder: Path) -> None:
    with_table(folder)
    assert write_lock(folder, hashes(folder)) == [
        "one_shop/brands.csv", "one_shop/v1.yaml", "two_shop/v1.yaml"
    ]  # fmt: skip
    assert read_lock(folder) == hashes(folder)
    lines = (folder / LOCK_NAME).read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("#")] == [
        f"# one_shop/v1.yaml: rules {NEWEST_RULES}", f"# two_shop/v1.yaml: rules {NEWEST_RULES}"
    ]  # fmt: skip
    with_table(folder, GOOD + "3,새 브랜드\n")
    assert faults(folder) == [
        "one_shop/brands.csv:1:1: changed since it was locked; a published version never changes. Undo the change "
        "and write a table of another name, for the next version to look up, instead"
    ]
    (folder / "one_shop" / "brands.csv").unlink()
    assert "one_shop/brands.csv:1:1: locked but missing; put it back" in faults(folder)


def test_publishing_writes_the_table_first_and_never_over_another(
    folder: Path, s3: Any, lake: str
) -> None:
    with_table(folder)
    publish(plan_publish(folder, s3, lake), s3, lake)
    stored = s3.get_object(Bucket=lake, Key="catalogs/one_shop/brands.csv")["Body"].read()
    assert stored.decode() == GOOD
    again = plan_publish(folder, s3, lake)
    assert [one.action for one in again] == ["published", "published"]
    with_table(folder, GOOD + "3,c\n")
    with_table(folder, GOOD + "3,c\n", version=2)
    plan = plan_publish(folder, s3, lake)
    assert [one.action for one in plan] == ["changed", "changed", "published"]
    with pytest.raises(Terminal, match="nor does a table that it looks values up in"):
        publish(plan, s3, lake)


def test_another_table_published_meanwhile_is_not_overwritten(
    folder: Path, s3: Any, lake: str
) -> None:
    with_table(folder)
    plan = plan_publish(folder, s3, lake)
    s3.put_object(Bucket=lake, Key="catalogs/one_shop/brands.csv", Body=b"code,name\n1,other\n")
    with pytest.raises(
        Terminal, match=r"another table is published as catalogs/one_shop/brands\.csv"
    ):
        publish(plan, s3, lake)
    assert "catalogs/one_shop/v1.yaml" not in [
        entry["Key"] for entry in s3.list_objects_v2(Bucket=lake)["Contents"]
    ]


def test_the_job_reads_the_published_table_and_the_arrival_none(
    folder: Path, s3: Any, lake: str
) -> None:
    with_table(folder)
    publish(plan_publish(folder, s3, lake), s3, lake)
    store = S3CatalogStore(s3, lake)
    assert store.versions("one_shop")[0].catalog.tables == {}
    record = feed(1, "one_shop", catalog_version=1)
    catalog = CatalogOf(store)(record)
    assert catalog.tables["brands"].pairs("code", "name") == [("1", "나이키"), ("2", "무인양품")]
    s3.delete_object(Bucket=lake, Key="catalogs/one_shop/brands.csv")
    with pytest.raises(
        FeedHeld, match=r"brands\.csv does not exist.*Put it back as it was published"
    ) as held:
        CatalogOf(S3CatalogStore(s3, lake))(record)
    assert held.value.code == "catalog_unreadable"
