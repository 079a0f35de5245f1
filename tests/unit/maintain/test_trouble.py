"""A failure of one mall, one Glue call or one service affects only what depends on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

import mallfeed.maintain.maintain
from mallfeed.errors import MallfeedError, SinkUnavailable, Transient
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import FeedRecord
from mallfeed.maintain import report
from mallfeed.maintain.arguments import MaintainArguments
from mallfeed.maintain.lease import MallBusy, give_back_dead, held, holder_of
from mallfeed.maintain.maintain import Maintenance, Outcome, maintain
from mallfeed.maintain.reconcile import Comparison
from mallfeed.maintain.tidy import Tidied
from mallfeed.pipeline.maintaining import Wired, tidied
from mallfeed.settings import Settings
from mallfeed.table.port import Commit

NIGHT = holder_of("stack-maintain", "jr_1")
DEAD = holder_of("stack-maintain", "jr_0")
MALLS = ["mall_a", "mall_b", "mall_c"]


class TroubledLedger(MemoryLedger):
    """For one call on one mall's item, the ledger answers that another transaction is working on it."""

    def __init__(self, call: str = "", mall_id: str = "mall_b", error: Exception | None = None):
        super().__init__()
        self._call, self._mall = call, mall_id
        self._error = error or Transient("ledger: TransactionConflictException")

    def _do(self, call: str, mall_id: str) -> None:
        if (call, mall_id) == (self._call, self._mall):
            raise self._error

    def lock_mall(self, mall_id: str, holder: str) -> bool:
        self._do("lock", mall_id)
        return super().lock_mall(mall_id, holder)

    def unlock_mall(self, mall_id: str, holder: str) -> None:
        self._do("unlock", mall_id)
        super().unlock_mall(mall_id, holder)

    def feeds(self, mall_id: str) -> list[FeedRecord]:
        self._do("feeds", mall_id)
        return super().feeds(mall_id)


class Table:
    def head(self) -> Commit:
        return Commit("table", 1, 1)

    def malls(self) -> set[str]:
        return set(MALLS)


class Named:
    def __init__(self, name: str, malls: Callable[[], set[str]] = set) -> None:
        self.name, self.malls = name, malls


def night(ledger: MemoryLedger, *sinks: Named) -> Maintenance:
    return Maintenance(ledger, Table(), lambda: sinks, NIGHT, lambda _job, _run: "RUNNING")  # type: ignore[arg-type]


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], Exception]:
    """Every comparison agrees, except for these sinks and malls, for which it raises."""
    raises: dict[tuple[str, str], Exception] = {}

    def agrees(_run: Any, sink: Any, mall_id: str, _head: Any, _check: Any) -> Comparison:
        if (sink.name, mall_id) in raises:
            raise raises[sink.name, mall_id]
        return Comparison(sink.name, mall_id, products=1)

    monkeypatch.setattr(mallfeed.maintain.maintain, "compared", agrees)
    return raises


@pytest.mark.usefixtures("compared")
@pytest.mark.parametrize("call", ["lock", "feeds", "unlock"])
@pytest.mark.parametrize(
    "error", [None, RuntimeError("a fault of ours")], ids=["may pass", "a bug"]
)
def test_a_mall_whose_ledger_items_answer_badly_fails_alone(
    call: str, error: Exception | None
) -> None:
    ledger = TroubledLedger(call, error=error)
    outcome = maintain(night(ledger, Named("index")))
    assert list(outcome.failed) == ["mall_b"]
    assert str(error or "TransactionConflict") in outcome.failed["mall_b"]
    looked_at = {one.mall_id for one in outcome.compared}
    assert looked_at == {"mall_a", "mall_c"} | ({"mall_b"} if call == "unlock" else set())
    assert outcome.skipped == {}
    assert ledger.lock_holders(["mall_a", "mall_c"]) == {}


def test_a_sink_that_fails_for_a_mall_costs_no_other_comparison(
    compared: dict[tuple[str, str], Exception],
) -> None:
    compared["index", "mall_b"] = RuntimeError("Job aborted due to stage failure\n\tat org.apache")
    outcome = maintain(night(MemoryLedger(), Named("index"), Named("warehouse")))
    assert outcome.failed == {"index mall_b": "Job aborted due to stage failure"}
    assert len(outcome.compared) == 5


@pytest.mark.usefixtures("compared")
def test_a_sink_that_cannot_list_its_malls_is_reported_and_the_rest_goes_on() -> None:
    def down() -> set[str]:
        raise SinkUnavailable("no answer")

    outcome = maintain(night(MemoryLedger(), Named("index", down), Named("warehouse")))
    assert outcome.failed == {"index": "no answer"}
    assert len(outcome.compared) == 6


def test_a_lock_whose_run_is_unknown_is_neither_taken_nor_reported_as_busy() -> None:
    ledger = MemoryLedger()
    ledger.lock_mall("mall_a", DEAD)

    def throttled(_job: str, _run: str) -> str:
        raise Transient("GetJobRun: ThrottlingException")

    with pytest.raises(Transient), held(ledger, "mall_a", NIGHT, throttled):
        pass
    assert ledger.lock_holder("mall_a") == DEAD


def test_a_lock_that_another_run_takes_in_the_meantime_belongs_to_it() -> None:
    ledger = MemoryLedger()
    ledger.lock_mall("mall_a", DEAD)

    def taken_over(_job: str, _run: str) -> str:
        ledger.unlock_mall("mall_a", DEAD)
        ledger.lock_mall("mall_a", "plan-7")
        return "FAILED"

    with pytest.raises(MallBusy, match="plan-7"), held(ledger, "mall_a", NIGHT, taken_over):
        pass
    assert ledger.lock_holder("mall_a") == "plan-7"


@pytest.mark.parametrize("error", [Transient("ThrottlingException"), RuntimeError("AccessDenied")])
def test_dead_locks_are_given_back_beside_one_whose_run_cannot_be_asked_for(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    ledger, asked = MemoryLedger(), []
    for mall_id, run in (("mall_a", "unknown"), ("mall_b", "unknown"), ("mall_c", "jr_0")):
        ledger.lock_mall(mall_id, holder_of("stack-maintain", run))

    def status_of(_job: str, run: str) -> str:
        asked.append(run)
        if run == "unknown":
            raise error
        return "FAILED"

    assert give_back_dead(ledger, MALLS, status_of) == ["mall_c"]
    assert set(ledger.lock_holders(MALLS)) == {"mall_a", "mall_b"}
    assert sorted(asked) == ["jr_0", "unknown"]  # once each: Glue throttles those who ask often
    assert "cannot tell whether" in caplog.text


def test_dead_locks_are_given_back_beside_one_that_the_ledger_does_not_let_go(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ledger = TroubledLedger("unlock")
    for mall_id in MALLS:
        ledger.lock_mall(mall_id, DEAD)
    assert give_back_dead(ledger, MALLS, lambda _job, _run: "FAILED") == ["mall_a", "mall_c"]
    assert ledger.lock_holders(MALLS) == {"mall_b": DEAD}
    assert "not released" in caplog.text


def test_a_ledger_that_cannot_list_locks_releases_none_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(_malls: Any) -> dict[str, str]:
        raise Transient("ledger: batch get: ThrottlingException")

    ledger = MemoryLedger()
    monkeypatch.setattr(ledger, "lock_holders", refused)
    assert give_back_dead(ledger, MALLS, lambda _job, _run: "FAILED") == []


def test_a_night_that_does_not_know_what_is_needed_expires_nothing_and_tidies_all_the_same() -> (
    None
):
    class Untidy(Wired):
        def __init__(self) -> None:
            pass

        def expire_before(self) -> datetime:
            raise Transient("ledger: query: ThrottlingException")

        def tidy(self, before: datetime | None) -> Tidied:
            assert before is None
            return Tidied(
                {"products": {"files_rewritten": 3}},
                left={"tidy products: compact mall_a": "a load has committed in the meantime"},
                failed={"tidy rejects: orphans": "AccessDenied"},
            )

    outcome = Outcome()
    assert tidied(Untidy(), outcome) == {"products": {"files_rewritten": 3}}
    assert outcome.failed == {
        "tidy": "ledger: query: ThrottlingException",
        "tidy rejects: orphans": "AccessDenied",
    }
    assert outcome.skipped == {
        "tidy products: compact mall_a": "a load has committed in the meantime"
    }


def test_failures_are_measured_even_if_the_report_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    measured: dict[str, int] = {}

    class Service:
        def put_metric_data(self, **call: Any) -> None:
            measured.update({one["MetricName"]: one["Value"] for one in call["MetricData"]})

        def put_object(self, **_call: Any) -> None:
            raise MallfeedError("S3 is down")

    monkeypatch.setattr(report, "client", lambda _service: Service())
    settings = Settings(feeds_bucket="f", lake_bucket="l", ledger_table="t", region="eu-west-1")
    arguments = MaintainArguments((), "nightly", "scheduled", "stack-maintain", "jr_1", settings)
    with pytest.raises(MallfeedError, match="S3 is down"):
        report.tell(arguments, Outcome(failed={"mall_b": "TransactionConflict"}), {})
    assert measured == {"MaintenanceMended": 0, "MaintenanceTrouble": 1}
