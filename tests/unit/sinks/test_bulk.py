"""Every answer to a bulk request is read, and what may pass is sent again."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opensearchpy.exceptions import TransportError

from mallfeed.errors import SinkRefused, SinkUnavailable
from mallfeed.sinks.opensearch.bulk import BulkOutcome
from mallfeed.sinks.opensearch.bulk_answer import (
    ItemAnswer,
    OpenSearchBulk,
    RequestLost,
    RequestTooLarge,
    reason_kind,
)
from mallfeed.sinks.opensearch.bulk_body import BatchLimits, BulkItem, batches, body
from mallfeed.sinks.port import Refusal
from tests.unit.sinks.bulk_fakes import OK, Clock, gone, item, sender

BUSY = ItemAnswer(429, "rejected_execution_exception", "queue is full")


def ids_sent(sent: object) -> list[list[str]]:
    return sent._endpoint.requests  # type: ignore[attr-defined,no-any-return]


def test_every_action_carries_its_version_deletes_too() -> None:
    lines = [json.loads(line) for line in body([item(1), gone(2)]).splitlines()]
    versioned = {"version": 7, "version_type": "external_gte"}
    assert lines[0] == {"index": {"_id": "alpha:p1", **versioned}}
    assert lines[1] == {"title": "x"}
    assert lines[2] == {"delete": {"_id": "alpha:p2", **versioned}}


def test_a_body_ends_with_a_line_break() -> None:
    assert body([item(1)]).endswith(b"\n")


@given(st.lists(st.integers(0, 400), max_size=60), st.integers(1, 7), st.integers(200, 900))
def test_batches_keep_the_order_and_both_bounds(
    sizes: list[int], max_items: int, max_bytes: int
) -> None:
    items = [BulkItem(f"m:{n}", "index", 1, b"x" * size) for n, size in enumerate(sizes)]
    made = list(batches(items, BatchLimits(max_bytes, max_items)))
    assert [i for batch in made for i in batch] == items
    assert all(len(batch) <= max_items for batch in made)
    assert all(len(b) == 1 or sum(i.size_bytes for i in b) <= max_bytes for b in made)


def test_only_the_items_that_were_turned_away_are_sent_again() -> None:
    def script(number: int, ids: list[str]) -> list[ItemAnswer]:
        return [BUSY if number == 0 and i == "alpha:p2" else OK for i in ids]

    sent = sender(script)
    outcome = sent.send([item(1), item(2), item(3)])
    assert ids_sent(sent) == [["alpha:p1", "alpha:p2", "alpha:p3"], ["alpha:p2"]]
    assert outcome.written == {"alpha": 3}
    assert outcome.retried == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_passing_fault_of_an_item_is_tried_again(status: int) -> None:
    answers = iter([ItemAnswer(status, "x", "y"), OK])
    assert sender(lambda _n, _ids: [next(answers)]).send([item(1)]).written == {"alpha": 1}


def test_waits_double_with_full_jitter_up_to_their_cap() -> None:
    clock = Clock()
    answers = iter([*[BUSY] * 9, OK])
    sender(lambda _n, _ids: [next(answers)], clock).send([item(1)])
    assert clock.slept == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0]


def test_a_lost_request_is_sent_again_whole() -> None:
    def script(number: int, ids: list[str]) -> list[ItemAnswer]:
        if number == 0:
            raise RequestLost("connection reset")
        return [OK] * len(ids)

    sent = sender(script)
    assert sent.send([item(1), gone(2)]).settled == 2
    assert ids_sent(sent) == [["alpha:p1", "alpha:p2"]] * 2


def test_too_few_answers_count_as_a_lost_request() -> None:
    sent = sender(lambda number, ids: [OK] * (len(ids) - (number == 0)))
    sent.send([item(1), item(2)])
    assert len(ids_sent(sent)) == 2


def test_the_deadline_ends_the_trying() -> None:
    clock = Clock()
    with pytest.raises(SinkUnavailable, match="did not take 1 documents within 60 s"):
        sender(lambda _n, _i: [BUSY], clock, deadline_s=60.0).send([item(1)])
    assert clock.now >= 60


def test_others_progress_does_not_extend_an_items_deadline() -> None:
    def script(_number: int, ids: list[str]) -> list[ItemAnswer]:
        return [BUSY if i == "alpha:p0" else OK for i in ids]

    with pytest.raises(SinkUnavailable):
        sender(script, deadline_s=60.0, limits=BatchLimits(max_items=1)).send(map(item, range(50)))


def test_a_newer_stored_version_counts_as_stale() -> None:
    conflict = ItemAnswer(
        409,
        "version_conflict_engine_exception",
        "[alpha:p1]: version conflict, current version [9] is higher than the one provided [7]",
    )
    outcome = sender(lambda _n, ids: [conflict] * len(ids)).send([item(1), gone(2)])
    assert outcome.stale == {"alpha": 2}
    assert outcome.written == {}


def test_a_conflict_with_an_older_stored_version_stops_the_sync() -> None:
    conflict = ItemAnswer(409, "version_conflict_engine_exception", "current version [6] is …")
    with pytest.raises(SinkRefused, match="although it holds only 6"):
        sender(lambda _n, _i: [conflict]).send([item(1)])


def test_a_delete_of_what_is_not_there_is_fine() -> None:
    outcome = sender(lambda _n, _i: [ItemAnswer(404)]).send([gone(1)])
    assert outcome.deleted == {}


@pytest.mark.parametrize(
    ("status", "error_type"),
    [
        (403, "cluster_block_exception"),
        (403, "security_exception"),
        (401, "unauthorized"),
        (404, "index_not_found_exception"),
        (400, "index_closed_exception"),
    ],
)
def test_errors_that_no_document_causes_are_the_sinks_own(status: int, error_type: str) -> None:
    trouble = ItemAnswer(status, error_type, "blocked by: [FORBIDDEN/8/index write (api)]")
    with pytest.raises(SinkUnavailable, match=f"{status} {error_type}"):
        sender(lambda _n, ids: [trouble] * len(ids)).send([item(1), gone(2)])


@pytest.mark.parametrize(
    ("status", "error_type", "raised"),
    [
        (403, "cluster_block_exception", SinkUnavailable),
        (401, "unauthorized", SinkUnavailable),
        (404, "index_not_found_exception", SinkUnavailable),
        (429, "rejected_execution_exception", RequestLost),
        (413, "too_large", RequestTooLarge),
        (400, "illegal_argument_exception", SinkRefused),
    ],
)
def test_a_request_turned_away_as_a_whole(
    status: int, error_type: str, raised: type[Exception]
) -> None:
    class Transport:
        def perform_request(self, *_: object, **__: object) -> object:
            raise TransportError(status, error_type, {})

    class Client:
        transport = Transport()

    with pytest.raises(raised):
        OpenSearchBulk(Client(), "products-000001").post(b"{}")


def test_a_refused_document_is_recorded_and_the_others_go_in() -> None:
    bad = ItemAnswer(400, "mapper_parsing_exception", "failed to parse field [price] 'x'")

    def script(_number: int, ids: list[str]) -> list[ItemAnswer]:
        return [bad if i == "alpha:p1" else OK for i in ids]

    outcome = sender(script).send([item(1), item(2)])
    assert outcome.refused == [Refusal("alpha", "p1", bad.error_type, bad.reason)]
    assert outcome.written == {"alpha": 1}
    outcome.check_refusals()


def outcome_with(refused: int, written: int, of_others: int = 0) -> BulkOutcome:
    outcome = BulkOutcome()
    outcome.written["alpha"] = written
    outcome.written["beta"] = of_others
    for number in range(refused):
        answer = ItemAnswer(400, "mapper_parsing_exception", f"field [f] in document 'p{number}'")
        outcome.reasons["alpha", reason_kind(answer)] += 1
        outcome.refused.append(Refusal("alpha", f"p{number}", answer.error_type, answer.reason))
    return outcome


@pytest.mark.parametrize(("refused", "written"), [(50, 0), (51, 5049), (100, 9900)])
def test_few_refusals_of_a_kind_are_tolerated(refused: int, written: int) -> None:
    outcome_with(refused, written).check_refusals()


@pytest.mark.parametrize(("refused", "written"), [(51, 0), (51, 5048), (101, 9900)])
def test_many_refusals_of_a_kind_stop_the_sync(refused: int, written: int) -> None:
    told = f"refused {refused} of {refused + written} documents of alpha "
    with pytest.raises(SinkRefused, match=told):
        outcome_with(refused, written).check_refusals()


def test_other_malls_documents_do_not_hide_one_malls_refusals() -> None:
    with pytest.raises(SinkRefused, match="refused 500 of 500 documents of alpha for the same"):
        outcome_with(500, 0, of_others=60_000).check_refusals()


def test_few_refusals_of_each_of_many_malls_are_tolerated_like_those_of_one() -> None:
    whole = BulkOutcome()
    for number in range(100):
        one = BulkOutcome(refused=[Refusal(f"mall{number}", "p", "x", "y")] * 40)
        one.reasons[f"mall{number}", "x"] = 40
        whole.add(one)
    whole.check_refusals()


def test_when_nearly_all_is_refused_the_rest_is_not_sent() -> None:
    bad = ItemAnswer(400, "strict_dynamic_mapping_exception", "dynamic introduction of [x]")
    sent = sender(lambda _n, ids: [bad] * len(ids), limits=BatchLimits(max_items=500))
    with pytest.raises(SinkRefused, match="strict_dynamic_mapping_exception"):
        sent.send(map(item, range(1_000_000)))
    assert len(ids_sent(sent)) == 3


def test_when_nearly_all_of_many_small_malls_is_refused_the_rest_is_not_sent() -> None:
    bad = ItemAnswer(400, "strict_dynamic_mapping_exception", "dynamic introduction of [x]")
    sent = sender(lambda _n, ids: [bad] * len(ids), limits=BatchLimits(max_items=500))
    with pytest.raises(SinkRefused, match="documents of mall0 for the same reason"):
        sent.send(item(n, mall=f"mall{n // 10}") for n in range(1_000_000))
    assert len(ids_sent(sent)) == 3


def test_a_body_too_large_is_sent_in_halves() -> None:
    def script(_number: int, ids: list[str]) -> list[ItemAnswer]:
        if len(ids) > 2:
            raise RequestTooLarge("413")
        return [OK] * len(ids)

    sent = sender(script)
    assert sent.send(map(item, range(7))).written == {"alpha": 7}


def test_a_single_document_too_large_is_refused_alone() -> None:
    def script(_number: int, ids: list[str]) -> list[ItemAnswer]:
        if "alpha:p1" in ids:
            raise RequestTooLarge("413")
        return [OK] * len(ids)

    outcome = sender(script).send(map(item, range(4)))
    assert [(r.product_id, r.code) for r in outcome.refused] == [("p1", "document_too_large")]
    assert outcome.written == {"alpha": 3}


def test_malls_are_counted_apart() -> None:
    outcome = sender(lambda _n, ids: [OK] * len(ids)).send([item(1), item(2, mall="beta"), gone(3)])
    assert (outcome.written, outcome.deleted) == ({"alpha": 1, "beta": 1}, {"alpha": 1})


@given(st.lists(st.none() | st.sets(st.integers(0, 9)), max_size=12))
def test_whatever_passes_by_everything_is_accepted_once(faults: list[set[int] | None]) -> None:
    """Lost requests (None) and busy items in any order end with every item written once."""
    accepted: list[str] = []

    def script(number: int, ids: list[str]) -> list[ItemAnswer]:
        fault = faults[number] if number < len(faults) else set()
        if fault is None:
            raise RequestLost("reset")
        busy = {f"alpha:p{n}" for n in fault}
        accepted.extend(i for i in ids if i not in busy)
        return [BUSY if i in busy else OK for i in ids]

    limits = BatchLimits(max_items=3)
    outcome = sender(script, limits=limits, deadline_s=1e9).send(map(item, range(10)))
    assert sorted(accepted) == sorted(f"alpha:p{n}" for n in range(10))
    assert outcome.written == {"alpha": 10}
