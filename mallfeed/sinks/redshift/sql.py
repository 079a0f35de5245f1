"""The statements of one load: pure text, run as one BatchExecuteStatement, so one transaction.

In order: take the turn; note which malls still have to move (`mallfeed_moving`, the guard);
COPY the stage and drop from it what is stale; a full synchronisation adds a delete for every
product of its malls that the stage lacks; price history; deletes; MERGE; the feeds' rows; the
malls' states. Temporary tables end with the session.

Redshift's rules kept here: no parameters, at most 40 statements of at most 100 KB in a batch, MERGE
from a table with both WHEN clauses and no alias on its target (Redshift developer guide, MERGE;
Data API reference, BatchExecuteStatement).
"""

# ruff: noqa: S608 - values enter through `literals` only
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from mallfeed.sinks.port import Cursor, FeedLoad, MallLoad
from mallfeed.sinks.redshift import literals as lit
from mallfeed.sinks.redshift.columns import PRICE_COLUMNS, PRODUCT_COLUMNS, STAGE_COLUMNS

STAGE = "mallfeed_stage"
MOVING = "mallfeed_moving"
FEEDS = "mallfeed_feeds"
MOST_STATEMENTS = 40
MOST_STATEMENT_BYTES = 90_000


@dataclass(frozen=True)
class Stage:
    """Where the stage lies.

    Attributes
    ----------
    manifest_uri : the COPY manifest, None when no file was written (nothing but deletes of extras)
    copy_role_arn : the role with which Redshift reads it
    """

    manifest_uri: str | None
    copy_role_arn: str


@dataclass(frozen=True)
class Move:
    """One mall's part of the transaction."""

    load: MallLoad
    cursor: Cursor
    valid_at: datetime


@dataclass(frozen=True)
class Batch:
    """The statements, and which of them (from 0) tells the counts."""

    statements: tuple[str, ...]
    counts_at: int | None


def transaction(
    moves: Sequence[Move], stage: Stage | None, now: datetime, reapply: bool = False
) -> Batch:
    """All statements that bring the malls to their cursors; without a stage only those move."""
    statements = [*_take_turn(now), _create_moving(), *_insert_moving(moves), _drop_moved(reapply)]
    counts_at = None
    if stage is not None:
        full = any(move.load.changes.kind == "contents" for move in moves)
        statements += _fill_stage(stage, full)
        counts_at = len(statements)
        statements += [_COUNTS, *_price_history(), *_products(moves[0].cursor.seq, now)]
    statements += [*_feed_loads([f for m in moves for f in m.load.feeds], now), *_mall_state(now)]
    _check_size(statements)
    return Batch(tuple(statements), counts_at)


def _take_turn(now: datetime) -> list[str]:
    """Loads follow one another: two that overlap both write this row, so that the later one waits
    and then fails with error 1023, which is tried again. Without it two first loads of one mall
    might both INSERT its state: Redshift sees no conflict in that, and enforces no key."""
    return [
        "DELETE FROM load_lock",
        f"INSERT INTO load_lock (taken_at) VALUES ({lit.timestamp(now)})",
    ]


def _create_moving() -> str:
    return (
        f"CREATE TEMP TABLE {MOVING} (mall_id VARCHAR(31), kind VARCHAR(16), epoch BIGINT, "
        "seq BIGINT, table_uuid VARCHAR(64), snapshot_id BIGINT, feed_id VARCHAR(64), "
        "valid_at TIMESTAMP)"
    )


def _insert_moving(moves: Sequence[Move]) -> list[str]:
    rows = [
        lit.row(
            lit.text(move.cursor.mall_id),
            lit.text(move.load.changes.kind),
            lit.number(move.cursor.epoch),
            lit.number(move.cursor.seq),
            lit.text(move.cursor.table_uuid),
            lit.number(move.cursor.snapshot_id),
            lit.text(move.cursor.feed_id),
            lit.timestamp(move.valid_at),
        )
        for move in moves
    ]
    return _inserts(MOVING, rows)


def _drop_moved(reapply: bool) -> str:
    """The guard: a mall whose state is there already takes no part."""
    at_or_beyond = ">" if reapply else ">="
    return (
        f"DELETE FROM {MOVING} USING mall_state WHERE mall_state.mall_id = {MOVING}.mall_id "
        f"AND (mall_state.epoch > {MOVING}.epoch OR (mall_state.epoch = {MOVING}.epoch "
        f"AND mall_state.seq {at_or_beyond} {MOVING}.seq))"
    )


def _fill_stage(stage: Stage, full: bool) -> list[str]:
    columns = ", ".join(f"{column.name} {column.stage_type}" for column in STAGE_COLUMNS)
    statements = [f"CREATE TEMP TABLE {STAGE} ({columns})"]
    if stage.manifest_uri is not None:
        statements += [
            f"COPY {STAGE} FROM {lit.text(stage.manifest_uri)} "
            f"IAM_ROLE {lit.text(stage.copy_role_arn)} FORMAT AS PARQUET MANIFEST",
            f"DELETE FROM {STAGE} WHERE mall_id NOT IN (SELECT mall_id FROM {MOVING})",
        ]
    return [*statements, _ADD_EXTRAS] if full else statements


_ADD_EXTRAS = (
    f"INSERT INTO {STAGE} (op, mall_id, product_id) "
    "SELECT 'D', products.mall_id, products.product_id FROM products "
    f"INNER JOIN {MOVING} ON {MOVING}.mall_id = products.mall_id AND {MOVING}.kind = 'contents' "
    f"LEFT JOIN {STAGE} AS staged ON staged.mall_id = products.mall_id "
    "AND staged.product_id = products.product_id WHERE staged.product_id IS NULL"
)

_COUNTS = (
    f"SELECT {STAGE}.mall_id, {STAGE}.op, COUNT(*) AS staged, COUNT(products.product_id) AS held "
    f"FROM {STAGE} LEFT JOIN products ON products.mall_id = {STAGE}.mall_id "
    f"AND products.product_id = {STAGE}.product_id GROUP BY {STAGE}.mall_id, {STAGE}.op"
)
"""By mall and op: rows in the stage, and how many of their products the table held before."""


def _price_history() -> list[str]:
    """Close the open rows of changed and deleted products, open new ones; valid by commit time."""
    same = " AND ".join(
        f"(product_price_history.{name} = {STAGE}.{name} OR "
        f"(product_price_history.{name} IS NULL AND {STAGE}.{name} IS NULL))"
        for name in PRICE_COLUMNS
    )
    # NULL = value is unknown, not false: the NOT below needs a plain yes or no.
    changed = f"CASE WHEN {same} THEN 0 ELSE 1 END = 1"
    prices = ", ".join(f"{STAGE}.{name}" for name in PRICE_COLUMNS)
    return [
        f"UPDATE product_price_history SET valid_to = {MOVING}.valid_at "
        f"FROM {STAGE} INNER JOIN {MOVING} ON {MOVING}.mall_id = {STAGE}.mall_id "
        f"WHERE product_price_history.mall_id = {STAGE}.mall_id "
        f"AND product_price_history.product_id = {STAGE}.product_id "
        "AND product_price_history.valid_to IS NULL "
        f"AND ({STAGE}.op = 'D' OR {changed})",
        "INSERT INTO product_price_history "
        f"(mall_id, product_id, valid_from, {', '.join(PRICE_COLUMNS)}) "
        f"SELECT {STAGE}.mall_id, {STAGE}.product_id, {MOVING}.valid_at, {prices} FROM {STAGE} "
        f"INNER JOIN {MOVING} ON {MOVING}.mall_id = {STAGE}.mall_id "
        f"LEFT JOIN product_price_history AS held ON held.mall_id = {STAGE}.mall_id "
        f"AND held.product_id = {STAGE}.product_id AND held.valid_to IS NULL "
        f"WHERE {STAGE}.op = 'U' AND held.product_id IS NULL",
    ]


def _products(seq: int, now: datetime) -> list[str]:
    return [
        f"DELETE FROM products USING {STAGE} WHERE products.mall_id = {STAGE}.mall_id "
        f"AND products.product_id = {STAGE}.product_id AND {STAGE}.op = 'D'",
        f"DELETE FROM {STAGE} WHERE op = 'D'",
        _merge(seq, now),
    ]


def _merge(seq: int, now: datetime) -> str:
    values = {
        column.name: f"JSON_PARSE({STAGE}.{column.name})"
        if column.is_json
        else f"{STAGE}.{column.name}"
        for column in PRODUCT_COLUMNS
    }
    values |= {"seq": lit.number(seq), "loaded_at": f"CAST({lit.timestamp(now)} AS TIMESTAMP)"}
    updates = ", ".join(
        f"{name} = {value}"
        for name, value in values.items()
        if name not in ("mall_id", "product_id")
    )
    return (
        f"MERGE INTO products USING {STAGE} ON products.mall_id = {STAGE}.mall_id "
        f"AND products.product_id = {STAGE}.product_id "
        f"WHEN MATCHED THEN UPDATE SET {updates} "
        f"WHEN NOT MATCHED THEN INSERT ({', '.join(values)}) VALUES ({', '.join(values.values())})"
    )


def _feed_loads(feeds: Sequence[FeedLoad], now: datetime) -> list[str]:
    """A feed's row is written once; a repeat leaves it as it is."""
    if not feeds:
        return []
    return [
        f"CREATE TEMP TABLE {FEEDS} (LIKE feed_loads)",
        *_inserts(FEEDS, [_feed_row(feed, now) for feed in feeds]),
        f"DELETE FROM {FEEDS} USING feed_loads WHERE feed_loads.feed_id = {FEEDS}.feed_id",
        f"INSERT INTO feed_loads SELECT * FROM {FEEDS}",
    ]


def _feed_row(feed: FeedLoad, now: datetime) -> str:
    counts = feed.counts
    return lit.row(
        lit.text(feed.feed_id),
        lit.text(feed.mall_id),
        lit.text(feed.feed_name),
        lit.number(feed.catalog_version),
        lit.text(feed.catalog_hash),
        lit.text(feed.key),
        lit.number(feed.size_bytes),
        lit.number(counts.rows_read),
        lit.number(counts.accepted),
        lit.number(counts.changed),
        lit.number(counts.vanished),
        lit.number(counts.rejected),
        lit.number(counts.warnings),
        lit.timestamp(feed.started_at),
        lit.timestamp(feed.committed_at),
        lit.timestamp(now),
        lit.number(feed.seq),
    )


def _mall_state(now: datetime) -> list[str]:
    return [
        f"DELETE FROM mall_state USING {MOVING} WHERE mall_state.mall_id = {MOVING}.mall_id",
        "INSERT INTO mall_state "
        "(mall_id, epoch, seq, table_uuid, snapshot_id, feed_id, moved_at) "
        f"SELECT mall_id, epoch, seq, table_uuid, snapshot_id, feed_id, "
        f"CAST({lit.timestamp(now)} AS TIMESTAMP) FROM {MOVING}",
    ]


def _inserts(table: str, rows: Sequence[str]) -> list[str]:
    """INSERT … VALUES of many rows, in statements that stay under the Data API's 100 KB."""
    return [
        f"INSERT INTO {table} VALUES {', '.join(part)}"
        for part in _parts(rows, MOST_STATEMENT_BYTES)
    ]


def _parts(rows: Iterable[str], most_bytes: int) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    size = 0
    for one in rows:
        length = len(one.encode()) + 2
        if parts[-1] and size + length > most_bytes:
            parts.append([])
            size = 0
        parts[-1].append(one)
        size += length
    return parts


def _check_size(statements: Sequence[str]) -> None:
    if len(statements) > MOST_STATEMENTS:
        raise ValueError(f"{len(statements)} statements, a batch holds {MOST_STATEMENTS}")


def cursors(mall_ids: Sequence[str]) -> str:
    """The query for the cursors of these malls."""
    wanted = ", ".join(lit.text(mall_id) for mall_id in mall_ids)
    return (
        "SELECT mall_id, table_uuid, snapshot_id, seq, epoch, feed_id, "
        f"TO_CHAR(moved_at, 'YYYY-MM-DD HH24:MI:SS.US') FROM mall_state WHERE mall_id IN ({wanted})"
    )
