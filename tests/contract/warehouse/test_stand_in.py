"""The warehouse's stand-in does what Redshift does, and refuses what Redshift refuses."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from decimal import Decimal

import psycopg
import pyarrow as pa
import pytest
from botocore.exceptions import ClientError

from infra.local.redshift_data import statements
from infra.local.redshift_data.errors import ApiError
from tests.contract.warehouse.statements import ROLE, DataApi, copy
from tests.local_parts import Parts

pytestmark = pytest.mark.sinks

_MERGE = (
    "MERGE INTO {t} USING s ON {t}.id = s.id "
    "WHEN MATCHED THEN UPDATE SET name = s.name "
    "WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.id, s.name)"
)


@pytest.fixture(scope="module")
def api(warehouse: Parts) -> DataApi:
    return DataApi(warehouse)


@pytest.fixture
def table(api: DataApi) -> Iterator[str]:
    """A table of id and name, in Redshift's words."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    made = api.one(
        f"CREATE TABLE {name} (id BIGINT NOT NULL ENCODE az64, name VARCHAR(9) ENCODE zstd, "
        "PRIMARY KEY (id)) DISTSTYLE KEY DISTKEY(id) COMPOUND SORTKEY(id)"
    )
    assert made["Status"] == "FINISHED", made.get("Error")
    yield name
    assert api.one(f"DROP TABLE {name}").get("Error") is None


def _names(count: int, text: str = "가나다") -> pa.Table:
    return pa.table({"whatever": pa.array(range(count), pa.int64()), "it_is": [text] * count})


def test_a_copied_stage_is_merged_in_one_transaction(api: DataApi, table: str) -> None:
    manifest = api.put_parquet(table, _names(3))
    done = api.batch(
        "CREATE TEMP TABLE s (id BIGINT, name VARCHAR(9))",
        copy("s", manifest),
        f"INSERT INTO {table} VALUES (0, 'old')",
        _MERGE.format(t=table),
    )
    assert done["Status"] == "FINISHED", done.get("Error")
    assert [sub["ResultRows"] for sub in done["SubStatements"]] == [-1, 3, 1, 3]
    assert api.rows(f"SELECT id, name FROM {table} ORDER BY id") == [
        [0, "가나다"],
        [1, "가나다"],
        [2, "가나다"],
    ]


def test_a_failing_statement_undoes_the_whole_batch(api: DataApi, table: str) -> None:
    done = api.batch(f"INSERT INTO {table} VALUES (1, 'a')", "SELECT * FROM nowhere", "SELECT 1")
    assert done["Status"] == "FAILED"
    assert 'relation "nowhere" does not exist' in done["Error"]
    statuses = [sub["Status"] for sub in done["SubStatements"]]
    assert statuses == ["FINISHED", "FAILED", "ABORTED"]
    assert api.rows(f"SELECT COUNT(*) FROM {table}") == [[0]]


def test_keys_are_not_enforced(api: DataApi, table: str) -> None:
    done = api.one(f"INSERT INTO {table} VALUES (1, 'a'), (1, 'b')")
    assert done["Status"] == "FINISHED"
    assert done["ResultRows"] == 2


def test_tables_are_dropped_and_views_and_schemas_too(api: DataApi, table: str) -> None:
    other = f"{table}_2"
    for sql in (
        f"CREATE TABLE {other} (id BIGINT)",
        f"CREATE VIEW v_{table} AS SELECT id FROM {other}",
        f"DROP VIEW v_{table}",
        f"DROP TABLE IF EXISTS {other}, {table}_3",
        f"CREATE SCHEMA s_{table}",
        f"DROP SCHEMA s_{table}",
    ):
        assert api.one(sql).get("Error") is None, sql
    assert "does not exist" in api.one(f"DROP TABLE {other}")["Error"]


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE USER bob PASSWORD 'Abc12345'",
        "CALL tidy()",
        "UNLOAD ('SELECT 1') TO 's3://b/x' IAM_ROLE 'a'",
        "ALTER TABLE {t} APPEND FROM other",
        "REFRESH MATERIALIZED VIEW v",
        "SELECT * FROM (SELECT id, name FROM {t}) PIVOT (COUNT(1) FOR name IN ('a', 'b'))",
    ],
)
def test_what_the_stand_in_cannot_do_it_says_so_and_does_not_pretend(
    api: DataApi, table: str, sql: str
) -> None:
    done = api.one(sql.format(t=table))
    assert done["Status"] == "FAILED"
    assert "the local stand-in of Redshift does not run this: " in done["Error"]
    assert "Error:" not in done["Error"], "no exception's name"


def test_temporary_tables_end_with_their_batch(api: DataApi) -> None:
    assert api.batch("CREATE TEMP TABLE gone (a INT)")["Status"] == "FINISHED"
    assert "does not exist" in api.one("SELECT * FROM gone")["Error"]


def test_json_text_becomes_super_and_comes_back_as_json(api: DataApi) -> None:
    rows = api.rows("""SELECT JSON_PARSE('["신상", "a"]'), GET_ARRAY_LENGTH(JSON_PARSE('[1,2]'))""")
    assert rows == [['["신상","a"]', 2]]


def test_decimals_keep_their_scale_as_text(api: DataApi) -> None:
    assert api.rows("SELECT CAST('1200.50' AS DECIMAL(18,2)), NULL") == [["1200.50", None]]


def test_named_parameters_are_values_never_sql(api: DataApi) -> None:
    done = api.one("SELECT COUNT(*) FROM pg_class WHERE relname = :name", name="x' OR '1'='1")
    result = api.client.get_statement_result(Id=done["Id"])
    assert result["Records"] == [[{"longValue": 0}]]


def test_a_result_of_many_rows_comes_in_pages(api: DataApi) -> None:
    rows = api.rows("SELECT generate_series(1, 2500)")
    assert [row[0] for row in rows] == list(range(1, 2501))


def test_the_same_client_token_runs_once(api: DataApi, table: str) -> None:
    token = str(uuid.uuid4())
    sent = {"Sql": f"INSERT INTO {table} VALUES (1, 'a')", "ClientToken": token}
    target = {"Database": "mallfeed", "WorkgroupName": "mallfeed-local"}
    first, again = (api.client.execute_statement(**sent, **target)["Id"] for _ in range(2))
    assert first == again
    api.await_end(first)
    assert api.rows(f"SELECT COUNT(*) FROM {table}") == [[1]]


def test_of_two_concurrent_writers_of_a_table_one_gets_1023(
    api: DataApi, table: str, warehouse: Parts
) -> None:
    with psycopg.connect(warehouse.env["WAREHOUSE_DSN"]) as holder:
        # Both batches have taken their snapshot and wait for the table when the holder lets go.
        holder.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        started = [api.start("SELECT 1", f"INSERT INTO {table} VALUES (1, 'a')") for _ in range(2)]
        _await_waiting(holder, 2)
        holder.rollback()
    done = [api.await_end(identifier) for identifier in started]
    assert sorted(one["Status"] for one in done) == ["FAILED", "FINISHED"]
    (failed,) = [one for one in done if one["Status"] == "FAILED"]
    assert "1023" in failed["Error"]
    assert api.rows(f"SELECT COUNT(*) FROM {table}") == [[1]]


def _await_waiting(connection: psycopg.Connection[tuple[object, ...]], count: int) -> None:
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    while connection.execute(query).fetchone() != (count,):
        pass


def test_a_running_statement_can_be_cancelled(api: DataApi, warehouse: Parts) -> None:
    identifier = api.start("SELECT pg_sleep(60)")
    with psycopg.connect(warehouse.env["WAREHOUSE_DSN"], autocommit=True) as watcher:
        query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        while watcher.execute(query).fetchone() != (1,):
            pass
    assert api.client.cancel_statement(Id=identifier)["Status"] is True
    assert api.await_end(identifier)["Status"] == "ABORTED"


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("MERGE INTO {t} x USING s ON x.id = s.id WHEN MATCHED THEN DELETE", "alias"),
        (
            "MERGE INTO {t} USING (SELECT 1 id) q ON {t}.id = q.id WHEN MATCHED THEN DELETE "
            "WHEN NOT MATCHED THEN INSERT (id) VALUES (q.id)",
            "must be a table",
        ),
        (
            "MERGE INTO {t} USING s ON {t}.id = s.id WHEN MATCHED THEN DELETE",
            "one WHEN NOT MATCHED",
        ),
        (
            "MERGE INTO {t} USING s ON {t}.id > s.id WHEN MATCHED THEN DELETE "
            "WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)",
            "equality",
        ),
        (
            "MERGE INTO {t} USING s ON {t}.id = s.id WHEN MATCHED AND s.id > 1 THEN DELETE "
            "WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)",
            "no condition",
        ),
        ("TRUNCATE {t}", "TRUNCATE commits"),
        ("COMMIT", "the Data API's own business"),
        ("INSERT INTO {t} VALUES (1, 'a') ON CONFLICT DO NOTHING", "ON CONFLICT"),
        ("DELETE FROM {t} RETURNING id", "RETURNING"),
        ("CREATE INDEX i ON {t} (id)", "CREATE INDEX"),
        ("CREATE TEMP TABLE j (a JSONB)", "jsonb"),
        ("SELECT DISTINCT ON (id) id FROM {t}", "DISTINCT ON"),
        ("INSERT INTO {t} VALUES (1, '가나다라')", "character varying(9)"),
        ("CREATE TEMP TABLE v (a VARCHAR(70000))", "65535"),
        ("SELECT 1; SELECT 2", "Multiple statements"),
        ("ALTER TABLE {t} ADD COLUMN a INTEGER, ADD COLUMN b INTEGER", "one action per statement"),
        ("ALTER TABLE {t} ADD COLUMN IF NOT EXISTS a INTEGER", "takes no IF NOT EXISTS"),
        ("ALTER TABLE {t} ADD COLUMN a INTEGER NOT NULL", "non-null default expression"),
        ("ALTER TABLE {t} ADD COLUMN a INTEGER PRIMARY KEY", "no key, reference or identity"),
        ("ALTER TABLE {t} ADD COLUMN name VARCHAR(9)", 'column "name" of relation'),
        ("ALTER TABLE {t} ADD COLUMN a JSONB", '"jsonb" is not supported'),
        ("ALTER TABLE {t} ALTER COLUMN name TYPE VARCHAR(20)", "inside a transaction block"),
    ],
)
def test_what_redshift_refuses_fails_here_too(
    api: DataApi, table: str, sql: str, reason: str
) -> None:
    stage = "CREATE TEMP TABLE s (id BIGINT, name VARCHAR(9))"
    done = api.batch(stage, sql.format(t=table))
    assert done["Status"] == "FAILED"
    assert reason in done["Error"]


def test_a_merge_from_a_stage_with_a_repeated_key_is_refused(api: DataApi, table: str) -> None:
    done = api.batch(
        "CREATE TEMP TABLE s (id BIGINT, name VARCHAR(9))",
        "INSERT INTO s VALUES (1, 'a'), (1, 'b')",
        _MERGE.format(t=table),
    )
    assert "multiple matches" in done["Error"]


def test_a_batch_of_41_statements_is_refused_by_the_api(api: DataApi) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        api.start(*["SELECT 1"] * 41)


def test_a_statement_beyond_100_kb_is_refused_by_the_api(api: DataApi) -> None:
    with pytest.raises(ClientError, match="100KB"):
        api.start(f"SELECT '{'가' * 40_000}'")


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (pa.table({"a": pa.array([1], pa.int64())}), "Unmatched number of columns"),
        (_names(1, "가나다라"), "Table: 9, Data: 12"),
        (pa.table({"a": pa.array([1], pa.int32()), "b": ["x"]}), "incompatible Parquet schema"),
        (pa.table({"a": pa.array([1], pa.int64()), "b": [["x"]]}), "incompatible Parquet schema"),
    ],
)
def test_copy_refuses_files_that_do_not_fit(
    api: DataApi, table: str, frame: pa.Table, reason: str
) -> None:
    done = api.batch(copy(table, api.put_parquet(table, frame)))
    assert done["Status"] == "FAILED"
    assert reason in done["Error"]


def test_copy_wants_decimals_in_the_legacy_layout(api: DataApi) -> None:
    made = "CREATE TEMP TABLE d (price DECIMAL(18,2))"
    prices = pa.table({"price": pa.array([Decimal("1.50")], pa.decimal128(18, 2))})
    legacy = api.put_parquet("legacy", prices)
    modern = api.put_parquet("modern", prices, store_decimal_as_integer=True)
    assert api.batch(made, copy("d", legacy))["Status"] == "FINISHED"
    assert "incompatible Parquet schema" in api.batch(made, copy("d", modern))["Error"]


def test_copy_takes_the_codecs_that_its_documentation_names(api: DataApi, table: str) -> None:
    for codec, status in (("snappy", "FINISHED"), ("gzip", "FINISHED"), ("zstd", "FAILED")):
        done = api.batch(copy(table, api.put_parquet(table, _names(1), compression=codec)))
        assert (codec, done["Status"]) == (codec, status)
    assert "unsupported compression codec: ZSTD" in done["Error"]


def test_copy_refuses_a_wrong_length_in_a_manifest(api: DataApi, table: str) -> None:
    manifest = api.put_parquet(table, _names(1), length_error=1)
    assert "the manifest says" in api.batch(copy(table, manifest))["Error"]


def test_copy_wants_lengths_in_the_manifest(api: DataApi, table: str) -> None:
    manifest = api.put_manifest(table, [{"url": "s3://copy-tests/x", "mandatory": True}])
    assert "content_length" in api.batch(copy(table, manifest))["Error"]


def test_copy_of_parquet_takes_no_maxerror_and_needs_a_role(api: DataApi, table: str) -> None:
    manifest = api.put_parquet(table, _names(1))
    wrong = f"COPY {table} FROM '{manifest}' IAM_ROLE '{ROLE}' FORMAT PARQUET MANIFEST MAXERROR 5"
    assert "MAXERROR" in api.batch(wrong)["Error"]
    assert "IAM_ROLE" in api.batch(f"COPY {table} FROM '{manifest}' PARQUET MANIFEST")["Error"]


def test_nulls_and_empty_texts_stay_apart_in_copy(api: DataApi, table: str) -> None:
    frame = pa.table({"a": pa.array([1, 2, 3], pa.int64()), "b": ["", None, 'a"b\n']})
    api.batch(copy(table, api.put_parquet(table, frame)))
    rows = api.rows(f"SELECT name FROM {table} ORDER BY id")
    assert rows == [[""], [None], ['a"b\n']]


def test_a_column_is_added_alone_or_in_a_batch_and_is_null_in_the_rows_that_are_there(
    api: DataApi, table: str
) -> None:
    api.one(f"INSERT INTO {table} VALUES (1, 'a')")
    assert api.one(f"ALTER TABLE {table} ADD COLUMN tags SUPER")["Status"] == "FINISHED"
    done = api.batch(
        f"ALTER TABLE {table} ADD COLUMN colour VARCHAR(3)",
        f"ALTER TABLE {table} ADD COLUMN weight DECIMAL(5,2)",
        f"INSERT INTO {table} (id, colour, weight) VALUES (2, 'red', 1.5)",
    )
    assert done["Status"] == "FINISHED", done.get("Error")
    rows = api.rows(f"SELECT id, tags, colour, weight FROM {table} ORDER BY id")
    assert rows == [[1, None, None, None], [2, None, "red", "1.50"]]
    too_long = api.one(f"INSERT INTO {table} (id, colour) VALUES (3, '가나')")
    assert "character varying(3)" in too_long["Error"]


def test_the_columns_of_a_table_are_listed_with_redshifts_names_of_types(
    api: DataApi, table: str
) -> None:
    api.one(f"ALTER TABLE {table} ADD COLUMN tags SUPER")
    api.one(f"ALTER TABLE {table} ADD COLUMN price DECIMAL(18,2)")
    rows = api.rows(
        "SELECT column_name, data_type, character_maximum_length, numeric_precision, numeric_scale "
        f"FROM information_schema.columns WHERE table_schema = CURRENT_SCHEMA() "
        f"AND table_name = '{table}' ORDER BY ordinal_position"
    )
    assert rows == [
        ["id", "bigint", None, 64, 0],
        ["name", "character varying", 9, None, None],
        ["tags", "super", None, None, None],
        ["price", "numeric", None, 18, 2],
    ]


def test_a_row_beyond_64_kb_is_not_handed_on(api: DataApi) -> None:
    """Redshift Management Guide, Troubleshooting issues for Amazon Redshift Data API: 64 KB per row of a result set."""
    assert api.rows("SELECT REPEAT('x', 65536)") == [["x" * 65_536]]
    done = api.one("SELECT REPEAT('x', 65537)")
    assert done["Status"] == "FAILED"
    assert "Packet for query is too large" in done["Error"]
    assert api.one("SELECT REPEAT('가', 21846)")["Status"] == "FAILED"


def test_what_the_published_model_does_not_allow_is_refused_by_the_api(api: DataApi) -> None:
    target = {"Database": "mallfeed", "Sql": "SELECT 1"}
    with pytest.raises(ClientError, match="'workgroupName' failed to satisfy constraint"):
        api.client.execute_statement(WorkgroupName="Not A Name", **target)
    with pytest.raises(ClientError, match=r"'clientToken'.*less than or equal to 64"):
        api.client.execute_statement(WorkgroupName="mallfeed", ClientToken="x" * 65, **target)


def test_more_statements_than_may_be_active_are_refused_by_the_api(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """500 per workgroup; here by two that never begin."""
    monkeypatch.setattr(statements, "MOST_ACTIVE", 2)
    several = statements.Statements("")
    monkeypatch.setattr(several._pool, "submit", lambda *_: None)
    for token in ("a", "b"):
        several.submit(_never(), token)
    several.submit(_never(), "a")
    with pytest.raises(ApiError) as refused:
        several.submit(_never(), "c")
    assert refused.value.kind == "ActiveStatementsExceededException"


def _never() -> statements.Statement:
    subs = [statements.Sub("SELECT 1")]
    return statements.Statement("mallfeed", "mallfeed", subs, {}, is_batch=False)
