"""One try of ours at each kind of task: what is timed, what is verified, what else is recorded."""

from __future__ import annotations

from dataclasses import asdict

from benchmarks import index, ours, runs, targets
from benchmarks.bench_stack import OURS, Stand
from benchmarks.feed_files import FeedFile
from benchmarks.samples import Facts, Sample, Samples, now_and_then
from benchmarks.verify import prove
from benchmarks.warehouse import OURS as OUR_SCHEMA
from mallfeed.ledger.states import UNCHANGED_BYTES, State

MALL = "bench_mall"


def load(samples: Samples, number: int, at: Stand, work: str, feed: FeedFile) -> Sample:
    """Ours, and whether both sinks equal the feed afterwards."""

    def tried() -> tuple[float, Facts]:
        runs.until_idle(at)
        times = ours.load(at, feed, MALL, now_and_then())
        prove(at, feed, MALL, OURS, OUR_SCHEMA)
        return times.both_s, _facts(at, times)

    return samples.measure(work, targets.OURS, number, tried)


def other_order(samples: Samples, number: int, at: Stand, shuffled: FeedFile) -> Sample:
    """Nothing has changed: time until the feed is closed, and how many documents were written."""

    def tried() -> tuple[float, Facts]:
        runs.until_idle(at)
        before = index.writes(at.opensearch_url, OURS)
        times = ours.load(at, shuffled, MALL, now_and_then())
        written = index.writes(at.opensearch_url, OURS) - before
        prove(at, shuffled, MALL, OURS, OUR_SCHEMA)
        # Nothing becomes searchable, so what counts is when the feed is closed.
        return times.loaded_s, {**_facts(at, times), "documents_written": written}

    return samples.measure("other_order", targets.OURS, number, tried)


def same_bytes(samples: Samples, number: int, at: Stand, published: FeedFile) -> Sample:
    """Time until the feed is IGNORED, and the Glue runs started for it."""

    def tried() -> tuple[float, Facts]:
        runs.until_idle(at)
        seconds, record, begun = ours.unchanged(at, published, MALL)
        if (record.state, record.code) != (State.IGNORED, UNCHANGED_BYTES):
            raise ours.DidNotLoad(
                f"{record.feed_id} is {record.state} {record.code}, expected IGNORED {UNCHANGED_BYTES}"
            )
        return seconds, {"glue_runs": begun}

    return samples.measure("same_bytes", targets.OURS, number, tried)


def thousand(at: Stand, feed: FeedFile) -> tuple[float, Facts]:
    """A small feed alone: time until it is searchable."""
    runs.until_idle(at)
    times = ours.load(at, feed, MALL, now_and_then())
    prove(at, feed, MALL, OURS, OUR_SCHEMA)
    return times.searchable_s, _facts(at, times)


def many(at: Stand, feeds: dict[str, FeedFile]) -> tuple[float, Facts]:
    """Feeds of many malls at once: time until all are searchable; runs and DPU-seconds of all of them.

    The profile is that of the run that cost most.
    """
    before = len(runs.of(at))
    searchable, loaded, ids = ours.load_many(at, feeds, "bench_s%", now_and_then())
    runs.until_idle(at)
    for mall, feed in list(feeds.items())[:: max(1, len(feeds) // 5)]:
        prove(at, feed, mall, OURS, OUR_SCHEMA)
    begun = runs.of(at)[before:]
    one_feed = ours.of_run(at, ids, max(begun, key=runs.dpu_seconds)["Id"])
    return searchable, {
        "loaded_s": round(loaded, 2),
        "glue_runs": len(begun),
        "dpu_seconds": round(sum(map(runs.dpu_seconds, begun)), 1),
        "profile": runs.profile(one_feed) if one_feed else None,
    }


def _facts(at: Stand, times: ours.Times) -> Facts:
    """Seconds to each step, what the run cost, and what the feed counted."""
    runs.until_idle(at)
    run = runs.of(at)[-1]
    told = {name: round(value, 2) for name, value in asdict(times).items() if name != "feed"}
    return {
        **told,
        "dpu_seconds": round(runs.dpu_seconds(run), 1),
        "changed": times.feed.counts.changed,
        "vanished": times.feed.counts.vanished,
        "profile": runs.profile(times.feed.feed_id),
    }
