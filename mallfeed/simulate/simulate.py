"""The use case: simulate a profile for a number of malls, with and without shared runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mallfeed.plan.limits import Limits
from mallfeed.simulate.arrivals import DAY_S, arrivals
from mallfeed.simulate.figures import Measured, Prices, Quotas, measured, prices, quotas
from mallfeed.simulate.outcome import Outcome, outcome
from mallfeed.simulate.profile import Profile
from mallfeed.simulate.world import World

Progress = Callable[[float], None]
"""Receives the share that is done, 0 to 1."""


@dataclass(frozen=True)
class Question:
    """What to simulate.

    Attributes
    ----------
    limits : the limits of dispatch
    grouping : whether feeds share runs; if not, each plan has one feed
    note : what is special about this simulation, for the heading
    """

    profile: Profile
    malls: int
    limits: Limits
    days: float = 1.0
    seed: int = 1
    grouping: bool = True
    note: str = ""


def simulate(
    question: Question,
    progress: Progress = lambda _: None,
    model: Measured | None = None,
    price: Prices | None = None,
    quota: Quotas | None = None,
) -> Outcome:
    """The outcome; the same question always has the same outcome."""
    world = world_of(question, model or measured(), quota or quotas())
    end_s = question.days * DAY_S
    world.run(lambda at_s: progress(min(1.0, at_s / end_s)))
    return outcome(world, question.malls, price or prices(), question.note)


def world_of(question: Question, model: Measured, quota: Quotas) -> World:
    """The world for this question, ready to run."""
    profile, limits = question.profile, question.limits
    if not question.grouping:
        limits = limits.model_copy(update={"max_feeds": 1})
    return World(
        sent=arrivals(profile, question.malls, question.days, question.seed),
        days=question.days,
        limits=limits,
        measured=model,
        quotas=quota,
        seed=question.seed,
        runs_that_die=profile.runs_that_die,
        person_after_s=profile.person_after_minutes * 60,
    )
