"""Publishing: only what is new, never over what is there, never half."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mallfeed.authoring.publish import newest_feed_time, plan_publish, publish
from mallfeed.catalog.store import S3CatalogStore
from mallfeed.errors import CatalogInvalid, Terminal
from mallfeed.ledger.memory import MemoryLedger
from tests.unit.catalog.conftest import text_of, write
from tests.unit.catalog.platforms import PLATFORM, on_platform, write_platform
from tests.unit.ledger.records import feed


def keys(s3: Any, lake: str) -> list[str]:
    return [entry["Key"] for entry in s3.list_objects_v2(Bucket=lake).get("Contents", [])]


def test_new_versions_are_written_as_they_are_and_then_never_again(
    folder: Path, s3: Any, lake: str
) -> None:
    text = "# 주석\r\n" + text_of("one_shop").replace("\n", "\r\n")
    (folder / "one_shop" / "v1.yaml").write_bytes(text.encode())
    assert len(publish(plan_publish(folder, s3, lake), s3, lake)) == 2
    stored = s3.get_object(Bucket=lake, Key="catalogs/one_shop/v1.yaml")["Body"].read()
    assert stored.decode() == text
    again = plan_publish(folder, s3, lake)
    assert [one.action for one in again] == ["published", "published"]
    assert publish(again, s3, lake) == []


def test_changed_version_stops_everything(folder: Path, s3: Any, lake: str) -> None:
    publish(plan_publish(folder, s3, lake), s3, lake)
    write(folder, "one_shop", 1, text_of("one_shop") + "# changed\n")
    write(folder, "two_shop", 2)
    plan = plan_publish(folder, s3, lake)
    assert [one.action for one in plan] == ["changed", "published", "new"]
    with pytest.raises(Terminal, match=r"now different: .*one_shop/v1\.yaml.*Nothing was publis"):
        publish(plan, s3, lake)
    assert keys(s3, lake) == ["catalogs/one_shop/v1.yaml", "catalogs/two_shop/v1.yaml"]


def test_faulty_catalog_stops_everything(folder: Path, s3: Any, lake: str) -> None:
    write(folder, "two_shop", 1, text_of("two_shop").replace("csv", "cvs"))
    with pytest.raises(CatalogInvalid, match="did you mean `csv`"):
        plan_publish(folder, s3, lake)
    assert keys(s3, lake) == []


def test_other_text_published_meanwhile_is_not_overwritten(
    folder: Path, s3: Any, lake: str
) -> None:
    plan = plan_publish(folder, s3, lake)
    s3.put_object(Bucket=lake, Key="catalogs/two_shop/v1.yaml", Body=b"other")
    with pytest.raises(
        Terminal, match=r"another v1 of two_shop .* Published before: catalogs/one_shop/v1\.yaml"
    ):
        publish(plan, s3, lake)
    assert s3.get_object(Bucket=lake, Key="catalogs/two_shop/v1.yaml")["Body"].read() == b"other"


def test_same_text_published_meanwhile_is_no_conflict(folder: Path, s3: Any, lake: str) -> None:
    plan = plan_publish(folder, s3, lake)
    s3.put_object(Bucket=lake, Key=plan[0].key, Body=plan[0].text.encode())
    assert [one.key for one in publish(plan, s3, lake)] == ["catalogs/two_shop/v1.yaml"]


def test_version_in_force_before_a_feed_already_read_needs_backdate(
    folder: Path, s3: Any, lake: str
) -> None:
    publish(plan_publish(folder, s3, lake), s3, lake)
    ledger = MemoryLedger()
    ledger.enter(feed(1, "one_shop", catalog_version=1))
    newest = newest_feed_time(ledger)("one_shop")
    assert isinstance(newest, datetime)
    write(folder, "one_shop", 2, text_of("one_shop", 2, newest.isoformat()))
    write(folder, "two_shop", 2, text_of("two_shop", 2, newest.isoformat()))
    plan = plan_publish(folder, s3, lake, newest_feed_time(ledger))
    assert [one.action for one in plan] == ["published", "backdated", "published", "new"]
    with pytest.raises(Terminal, match=r"one_shop/v2\.yaml is in force from .* or use --backdate"):
        publish(plan, s3, lake)
    assert len(keys(s3, lake)) == 2
    assert len(publish(plan, s3, lake, backdate=True)) == 2


def test_feeds_without_a_catalog_do_not_ask_for_backdate() -> None:
    ledger = MemoryLedger()
    ledger.enter(feed(1, "one_shop", catalog_version=None))
    assert newest_feed_time(ledger)("one_shop") is None


def test_a_catalog_on_a_platform_is_published_written_out_and_keeps_its_hash(
    tmp_path: Path, s3: Any, lake: str
) -> None:
    write_platform(tmp_path)
    write(tmp_path, "one_shop", text=on_platform("one_shop"))
    [one] = publish(plan_publish(tmp_path, s3, lake), s3, lake)
    [stored] = S3CatalogStore(s3, lake).versions("one_shop")
    assert stored.extends == "built@1"
    assert stored.catalog.fields["price"].sources == ("price",)
    assert (stored.hash, keys(s3, lake)) == (one.hash, ["catalogs/one_shop/v1.yaml"])


def test_what_is_published_does_not_depend_on_a_later_base(
    tmp_path: Path, s3: Any, lake: str
) -> None:
    write_platform(tmp_path)
    write(tmp_path, "one_shop", text=on_platform("one_shop"))
    publish(plan_publish(tmp_path, s3, lake), s3, lake)
    text = PLATFORM.format(name="built", version=1, price="other")
    write_platform(tmp_path, text=text)  # without a lock nothing else would notice
    plan = plan_publish(tmp_path, s3, lake)
    assert [one.action for one in plan] == ["changed"]
    with pytest.raises(Terminal, match=r"now different: .*one_shop/v1\.yaml"):
        publish(plan, s3, lake)
    [stored] = S3CatalogStore(s3, lake).versions("one_shop")
    assert stored.catalog.fields["price"].sources == ("price",)
