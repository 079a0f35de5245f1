"""`mallfeed catalog upgrade`: all malls of a platform, by one command."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner, Result

from infra.local.place import REGION
from mallfeed.authoring import trial
from mallfeed.authoring.lock import read_lock
from mallfeed.authoring.publish import plan_publish, publish
from mallfeed.authoring.trial import Side, Tried
from mallfeed.catalog.store import S3CatalogStore
from mallfeed.cli import catalog_upgrade as command
from mallfeed.cli import runs
from mallfeed.cli.main import app
from mallfeed.errors import FeedHeld
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import Part
from mallfeed.ledger.states import State
from mallfeed.table.counts import Counts
from tests.unit.catalog.conftest import write
from tests.unit.catalog.platforms import on_platform, renamed, write_platform
from tests.unit.ledger.records import at, feed

MALLS = ("one_shop", "two_shop")
ROWS = [f"{n},상품 {n},{n}000,옷,https://shop.example/{n},Y" for n in range(1, 6)]


class Stack:
    """A folder of malls on one platform, published; their feeds."""

    def __init__(self, folder: Path, s3: Any, lake: str) -> None:
        self.folder, self.s3, self.lake = folder, s3, lake
        self.feeds = f"feeds-{uuid4().hex[:8]}"
        s3.create_bucket(
            Bucket=self.feeds, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        s3.put_bucket_versioning(Bucket=self.feeds, VersioningConfiguration={"Status": "Enabled"})
        self.ledger = MemoryLedger()

    def send(
        self,
        number: int,
        mall: str,
        price: str = "price",
        rows: Iterable[str] = ROWS,
        **changes: Any,
    ) -> str:
        """A feed of the mall whose price has this column; returns its id."""
        body = "\n".join([f"code,name,{price},category,link,shown", *rows, ""]).encode("cp949")
        key = f"feeds/{mall}/{number}.csv"
        stored = self.s3.put_object(Bucket=self.feeds, Key=key, Body=body)
        part = Part(key=key, version_id=stored["VersionId"], size_bytes=len(body), etag="e")
        one = feed(number, mall, bucket=self.feeds, parts=(part,), **changes)
        return self.ledger.enter(one).feed_id

    def loaded(self, number: int, mall: str) -> str:
        """A feed that loaded with the version before."""
        counts = Counts(rows_read=len(ROWS), accepted=len(ROWS))
        return self.send(number, mall, committed_at=at(number), counts=counts)

    def versions(self, mall: str) -> list[tuple[int, str | None]]:
        """What is published of the mall: version, and what it extends."""
        published = S3CatalogStore(self.s3, self.lake).versions(mall)
        return [(one.catalog.version, one.extends) for one in published]


@pytest.fixture
def stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, s3: Any, glue: Any, lake: str, database: str
) -> Stack:
    """Two malls on version 1 of a platform, of which there is a version 2."""
    folder = tmp_path / "catalogs"
    write_platform(folder)
    for mall in MALLS:
        text = "# 우리 가게\n" + on_platform(mall) + "name: 가게     # as people say it\n"
        write(folder, mall, text=text)
    publish(plan_publish(folder, s3, lake), s3, lake)
    (folder / "catalogs.lock").write_text("")
    write_platform(folder, 2, renamed(2))
    stack = Stack(folder, s3, lake)
    settings = SimpleNamespace(lake_bucket=lake, feeds_bucket=stack.feeds, database=database)
    monkeypatch.setattr(command, "attach", lambda _: settings)
    monkeypatch.setattr(command, "client", {"s3": s3, "glue": glue}.__getitem__)
    monkeypatch.setattr(runs, "ledger_of", lambda _: stack.ledger)
    return stack


def run(stack: Stack, *arguments: str, answer: str = "") -> Result:
    command = ["catalog", "upgrade", "--platform", "built", "--to", "2"]
    where = ["--folder", str(stack.folder)]
    return CliRunner(env={"COLUMNS": "200"}).invoke(
        app, [*command, *where, *arguments], input=answer
    )


@pytest.fixture
def verdicts(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, ...]]:
    """Mall → what the trial of its version finds, which is otherwise nothing."""
    found: dict[str, tuple[str, ...]] = {}

    def tried(old: Side, new: Side, *, same_feed: bool) -> Tried:
        assert (old.catalog.extends, new.catalog.extends) == ("built@1", "built@2")
        assert [path.read_bytes()[:4] for path in (*old.files, *new.files)] == [b"code"] * 2
        return Tried(None, 5, found.get(new.catalog.mall, ()))

    monkeypatch.setattr(trial, "tried", tried)
    return found


def test_versions_that_change_nothing_are_published_after_one_confirmation(
    stack: Stack, verdicts: dict[str, tuple[str, ...]]
) -> None:
    for mall in MALLS:
        stack.loaded(1, mall)
    refused = run(stack, answer="n\n")
    assert "Publish 2 new versions?" in refused.stdout
    assert not (stack.folder / "one_shop" / "v2.yaml").exists()
    assert run(stack, answer="y\n").exit_code == 0
    for mall in MALLS:
        assert stack.versions(mall) == [(1, "built@1"), (2, "built@2")]
    assert "two_shop/v2.yaml" in read_lock(stack.folder)
    again = run(stack, "--yes")
    assert "No mall's newest version extends an earlier version than built@2" in again.stdout


def test_a_draft_is_the_newest_version_with_three_values_changed(
    stack: Stack, verdicts: dict[str, tuple[str, ...]]
) -> None:
    stack.loaded(1, "one_shop")
    moment = ["--effective-from", "2026-12-01T00:00:00"]
    assert run(stack, "--mall", "one_shop", "--yes", *moment).exit_code == 0
    before, after = (
        (stack.folder / "one_shop" / f"v{n}.yaml").read_text().splitlines() for n in (1, 2)
    )
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert changed == [
        ("version: 1", "version: 2"),
        ("effective_from: 2026-01-01T00:00:00+09:00", "effective_from: 2026-12-01T09:00:00+09:00"),
        ("extends: built@1", "extends: built@2"),
    ]


def test_what_changes_is_listed_and_left_unless_it_is_included(
    stack: Stack, verdicts: dict[str, tuple[str, ...]]
) -> None:
    verdicts["two_shop"] = ("prices of 3 products change",)
    for mall in MALLS:
        stack.loaded(1, mall)
    done = run(stack, "--yes")
    assert done.exit_code == 1
    assert "full: prices of 3 products change" in done.stdout
    assert "Left as they are: two_shop. Nothing was written for them" in done.stdout
    assert len(stack.versions("one_shop")) == 2
    assert stack.versions("two_shop") == [(1, "built@1")]
    assert not (stack.folder / "two_shop" / "v2.yaml").exists()
    assert run(stack, "--yes", "--include", "two_shop").exit_code == 0
    assert len(stack.versions("two_shop")) == 2


def test_scripts_read_it_and_publish_only_with_yes(
    stack: Stack, verdicts: dict[str, tuple[str, ...]]
) -> None:
    stack.loaded(1, "one_shop")
    told = json.loads(run(stack, "--json").stdout)
    assert [(one["mall"], one["problems"], one["published"]) for one in told] == [
        ("one_shop", [], False),
        ("two_shop", ["no feed of the mall is there to try it on"], False),
    ]
    assert stack.versions("one_shop") == [(1, "built@1")]
    told = json.loads(run(stack, "--json", "--yes").stdout)
    assert [one["published"] for one in told] == [True, False]
    assert run(stack, "--dry-run", "--yes").exit_code == 1
    assert stack.versions("two_shop") == [(1, "built@1")]


def test_a_mall_s_word_that_the_later_version_does_not_know_any_more_is_named(
    stack: Stack, verdicts: dict[str, tuple[str, ...]]
) -> None:
    write_platform(stack.folder, 2, renamed(2) + "rows: {drop: {hidden: null}}\n")
    text = on_platform("three_shop", more="rows: {drop: {hidden: null}}\n")
    write(stack.folder, "three_shop", text=text)
    publish(plan_publish(stack.folder, stack.s3, stack.lake), stack.s3, stack.lake)
    stack.loaded(1, "three_shop")
    [told] = json.loads(run(stack, "--mall", "three_shop", "--json").stdout)
    assert told["problems"] == [
        f"{stack.folder}/three_shop/v2.yaml:9:15: `rows.drop.hidden: null` leaves out what built@2 does not have; "
        "expected no such line"
    ]


def test_a_version_that_is_not_published_itself_is_no_ground_to_build_on(
    stack: Stack, verdicts: dict[str, tuple[str, ...]]
) -> None:
    write(stack.folder, "one_shop", 2, on_platform("one_shop", 2))
    stack.loaded(1, "one_shop")
    [told] = json.loads(run(stack, "--mall", "one_shop", "--json").stdout)
    assert told["problems"] == [f"{stack.folder}/one_shop/v2.yaml itself is not published yet"]


def test_versions_in_force_before_a_feed_that_was_read_are_refused_and_leave_no_draft(
    stack: Stack, verdicts: dict[str, tuple[str, ...]]
) -> None:
    stack.loaded(1, "one_shop")
    done = run(stack, "--mall", "one_shop", "--yes", "--effective-from", "2026-01-02T00:00:00")
    assert "in force before a feed that was already read" in str(done.exception)
    assert not (stack.folder / "one_shop" / "v2.yaml").exists()
    assert stack.versions("one_shop") == [(1, "built@1")]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--to", "7"), "`extends` is `built@7`, which does not exist; expected `built@1` or `built@2`"),
        (("--platform", "bilt"), "`extends` is `bilt@2`, which does not exist; did you mean `built@2`?"),
        (("--mall", "no_shop"), "no catalog of no_shop in "),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_refused(
    stack: Stack, arguments: tuple[str, ...], told: str
) -> None:
    assert told in str(run(stack, *arguments).exception)


@pytest.mark.spark
@pytest.mark.spark
def test_two_malls_survive_a_renamed_column_by_one_command(stack: Stack) -> None:
    write(stack.folder, "slow_shop", text=on_platform("slow_shop"))
    publish(plan_publish(stack.folder, stack.s3, stack.lake), stack.s3, stack.lake)
    held = []
    for mall in MALLS:
        stack.loaded(1, mall)
        newest = stack.send(2, mall, "sale_price", state=State.HELD, code="drift")
        held.append(newest)
    stack.loaded(1, "slow_shop")  # and has not got the new export yet
    done = run(stack, "--json", "--yes")
    told = {one["mall"]: one for one in json.loads(done.stdout)}
    assert [told[mall]["problems"] for mall in MALLS] == [[], []]
    assert [told[mall]["held_feeds"] for mall in MALLS] == [[held[0]], [held[1]]]
    for mall in MALLS:
        assert stack.versions(mall) == [(1, "built@1"), (2, "built@2")]
    [problem] = told["slow_shop"]["problems"]
    assert problem.startswith("full: would be held: drift: ")
    assert "sale_price" in problem
    assert stack.versions("slow_shop") == [(1, "built@1")]


@pytest.mark.spark
@pytest.mark.spark
def test_ids_prices_and_counts_that_change_are_found(stack: Stack, tmp_path: Path) -> None:
    from mallfeed.authoring.folder import read_text

    path = stack.folder / "one_shop" / "v1.yaml"
    file = tmp_path / "feed.csv"
    file.write_bytes("\n".join(["code,name,price,category,link,shown,sku", *(f"{row},S{n}" for n, row in enumerate(ROWS)), ""]).encode("cp949"))  # fmt: skip
    old = read_text(path, on_platform("one_shop")).catalog

    def found(fields: str, rows: str = "") -> Tried:
        new = read_text(path, on_platform("one_shop", 2, more=f"  {fields}\n{rows}")).catalog
        sides = (Side(old, "full", [file]), Side(new, "full", [file]))
        return trial.tried(*sides, same_feed=True)

    assert found("product_id: sku").problems == (
        "ids change: 5 only with v1, 5 only with v2 (1 → S0)",
    )
    assert found("list_price: price").problems == ("prices of 5 products change",)
    few = found("brand: name", "rows: {drop: {cheap: price < 3000}}\n")
    assert few.problems == ("ids change: 2 only with v1, 0 only with v2", "accepted: 5 → 3 rows", "dropped: 0 → 2 rows")  # fmt: skip
    with pytest.raises(FeedHeld, match="drift"):
        trial.tried(Side(old.model_copy(update={"fields": {**old.fields, "brand": old.fields["title"].model_copy(update={"source": ("maker",)})}}), "full", [file]), Side(old, "full", [file]), same_feed=True)  # fmt: skip
