"""A mall is marked for its data only: all other trouble of the warehouse is the warehouse's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from mallfeed.errors import SinkRefused, SinkUnavailable
from mallfeed.sinks.redshift.data_api import RedshiftData, Waiting, Warehouse
from mallfeed.sinks.redshift.failures import RULES, verdict
from mallfeed.sinks.redshift.sink import RedshiftSink
from mallfeed.sinks.sql.database import Ended
from mallfeed.sinks.sql.sink import TRIES
from mallfeed.sinks.sql.transaction import Batch
from mallfeed.sinks.sql.verdict import Verdict

BOX = "ERROR: {0} Detail: ----- error: {0} code: {1} context: {2} query: 41023887 location: dory_util.cpp:1450"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule[1])
def test_each_rule_is_right_about_its_examples(rule: tuple[Verdict, str, str]) -> None:
    whose, _pattern, examples = rule
    for example in examples.split("; PG: "):
        assert verdict(f"ERROR: {example}") is whose


@pytest.mark.parametrize(
    "error",
    [
        BOX.format("Spectrum Scan Error", 15007, "File 'https://s3.x/a.parquet' has an incompatible Parquet s"),
        BOX.format("Spectrum Scan Error", 15007, "Unmatched number of columns between table and file. Table columns: 20"),
        "ERROR: The length of the data column title is longer than the length defined in the table. Table: 1200, Data: 1203",
        "ERROR: Value too long for type character varying(9)",
        "ERROR: Numeric data overflow (result precision)",
        "ERROR: numeric field overflow\n  Detail: A field with precision 18, scale 2 must round to an absolute value less",
        'ERROR: value "99999999999" is out of range for type integer',
        "ERROR: bigint out of range",
        'ERROR: invalid input syntax for type json\n  Detail: The input string ended unexpectedly.',
        'ERROR: null value in column "mall_id" of relation "mall_state" violates not-null constraint',
    ],
)  # fmt: skip
def test_known_faults_of_the_data_are_the_data_s(error: str) -> None:
    assert verdict(error) is Verdict.DATA


@pytest.mark.parametrize(
    "error",
    [
        "ERROR: Query (150) cancelled on user's request",
        "ERROR: Query cancelled on user's request",
        'ERROR: Query (4812) cancelled by WLM abort action of Query Monitoring Rule "long"',
        "ERROR: Query reached its usage limit: the workgroup's RPU hours are used up",
        BOX.format("Disk Full", 1016, "node: 0"),
        "ERROR: permission denied for relation products",
        "ERROR: relation \"products\" does not exist",
        "ERROR: division by zero",
        BOX.format("Spectrum Scan Error", 15001, "Forbidden: HTTP response error code: 403 Message: AccessDenied"),
        BOX.format("S3 Query Exception (Fetch)", 15001, "HTTP response error code: 503 Message: SlowDown Please reduce"),
        BOX.format("S3Query Exception Connection failed, retries exceeded.", 15005, ""),
        BOX.format("S3 Query Exception (Execute)", 15001, "boost::thread_resource_error: Resource temporarily unavailable"),
        "ERROR: Spectrum Scan Error: File 's3://x' has an unsupported compression codec: ZSTD",
        "ERROR: terminating connection due to administrator command",
        "",
    ],
)  # fmt: skip
def test_all_other_trouble_is_the_warehouse_s_own(error: str) -> None:
    assert verdict(error) is Verdict.WAREHOUSE


def test_a_cancelled_statement_says_nothing_of_the_data() -> None:
    assert verdict("ERROR: Value too long for character type", aborted=True) is Verdict.WAREHOUSE


class Answering:
    """A Data API whose transactions end as they are told to, one after the other."""

    def __init__(self, *ends: Ended | Exception) -> None:
        self._ends = list(ends)

    def run(self, _statements: Sequence[str], _token: str, _name: str = "") -> Ended:
        end = self._ends.pop(0)
        if isinstance(end, Exception):
            raise end
        return end


def _run(*ends: Ended | Exception, reapply: bool = False) -> Any:
    sink = RedshiftSink(Answering(*ends), None, "role", sleep=lambda _s: None)  # type: ignore[arg-type]
    return sink._run(Batch(("SELECT 1",), None), [], lambda: None, reapply)


def _ended(status: str, error: str = "") -> Ended:
    return Ended("id", status, error, failed_at="MERGE INTO products USING mallfeed_stage")


def test_the_data_s_fault_is_refused_other_trouble_is_unavailable() -> None:
    with pytest.raises(SinkRefused, match=r"too long for character type \(in: MERGE"):
        _run(_ended("FAILED", "ERROR: Value too long for character type"))
    with pytest.raises(SinkUnavailable, match="Disk Full"):
        _run(_ended("FAILED", "ERROR: Disk Full"))
    with pytest.raises(SinkUnavailable, match="cancelled"):
        _run(_ended("ABORTED", "ERROR: Query cancelled on user's request"))


def test_a_conflict_is_tried_again_and_gives_up_as_unavailable() -> None:
    conflict = _ended("FAILED", "ERROR: 1023 DETAIL: Serializable isolation violation on table - 1")
    assert _run(conflict, conflict, _ended("FINISHED")).finished
    with pytest.raises(SinkUnavailable, match="1023"):
        _run(*[conflict] * TRIES)


def test_a_lost_answer_to_a_repair_never_counts_as_done() -> None:
    lost = SinkUnavailable("the answer is lost")
    assert _run(lost) is None  # no mall moves: all of them are there
    with pytest.raises(SinkUnavailable, match="the answer is lost"):
        _run(lost, reapply=True)


def test_the_error_of_a_batch_holds_no_text_of_its_statement() -> None:
    described = {
        "Status": "FAILED",
        "Error": "Query #2 failed",
        "SubStatements": [
            {"Id": "id:1"},
            {"Id": "id:2", "Error": "ERROR: Disk Full", "QueryString": "INSERT … 'error: 1023'"},
        ],
    }

    class Client:
        def batch_execute_statement(self, **_call: Any) -> dict[str, Any]:
            return {"Id": "id"}

        def describe_statement(self, **_call: Any) -> dict[str, Any]:
            return described

    data = RedshiftData(Client(), Warehouse("w", "d"), Waiting(), sleep=lambda _s: None)
    ended = data.run(["SELECT 1", "SELECT 2"], "token")
    assert (ended.error, ended.sub_ids) == ("ERROR: Disk Full", ("id:1", "id:2"))
    assert ended.told == "ERROR: Disk Full (in: INSERT … 'error: 1023')"
