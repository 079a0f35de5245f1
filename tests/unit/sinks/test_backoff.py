"""Concurrency follows what the sink can bear."""

from __future__ import annotations

from mallfeed.backoff import Concurrency, FullJitter


def test_successes_add_one_per_round_up_to_the_maximum() -> None:
    gate = Concurrency(start=1, most=4)
    seen = []
    for _ in range(12):
        gate.succeeded()
        seen.append(gate.allowed)
    assert seen[0] == 2
    assert seen == sorted(seen)
    assert seen[-1] == 4


def test_a_fault_halves_it_but_never_below_one() -> None:
    gate = Concurrency(start=4, most=4)
    allowed = []
    for _ in range(4):
        gate.overloaded()
        allowed.append(gate.allowed)
    assert allowed == [2, 1, 1, 1]


def test_jitter_spreads_over_the_whole_wait() -> None:
    jitter = FullJitter(base_s=1.0, cap_s=10.0)
    assert jitter.delay_s(3, lambda: 0.0) == 0.0
    assert jitter.delay_s(3, lambda: 1.0) == 8.0
    assert jitter.delay_s(99, lambda: 1.0) == 10.0
