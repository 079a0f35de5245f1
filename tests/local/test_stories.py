"""Stories told side by side: one run per step, and each fails by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from tests.local import stories
from tests.local.stories import Ends, Story, loaded


class Steps:
    """Stands for the way to a stack: loads whatever is put, and notes which malls' feeds were gathered."""

    def __init__(self) -> None:
        self.gatherings: list[list[str]] = []

    @contextmanager
    def gathered(self, malls: Iterable[str]) -> Iterator[Callable[[str], None]]:
        ids: list[str] = []
        yield ids.append
        self.gatherings.append(ids)
        assert {one.partition("/")[0] for one in ids} == set(malls)

    def put(self, mall: str, name: str, body: bytes) -> str:
        return f"{mall}/{name}"

    def closed(self, ids: Sequence[str]) -> dict[str, Any]:
        states = {one: "HELD" if "bad" in one else "LOADED" for one in ids}
        return {
            one: SimpleNamespace(feed_id=one, state=state, message=None)
            for one, state in states.items()
        }

    def report(self, feed: str) -> dict[str, Any]:
        return {"of": feed}


def _story(mall: str, *names: str) -> Callable[[Any], Story]:
    def tell(way: Any) -> Story:
        for name in names:
            report = yield from loaded(way, mall, name, b"")
            assert report == {"of": f"{mall}/{name}"}

    return tell


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Steps, Ends]]:
    def play(**told: Callable[[Any], Story]) -> tuple[Steps, Ends]:
        monkeypatch.setattr(stories, "_TELLERS", told)
        steps = Steps()
        return steps, Ends(steps)  # type: ignore[arg-type]

    return play


def test_feeds_of_a_step_are_gathered_and_a_short_story_ends_before_a_long_one(
    played: Callable[..., tuple[Steps, Ends]],
) -> None:
    steps, ends = played(a=_story("a", "1", "2", "3"), b=_story("b", "1"))
    assert steps.gatherings == [["a/1", "b/1"], ["a/2"], ["a/3"]]
    assert ends.well("a")
    assert ends.well("b")


def test_a_story_that_fails_ends_and_the_others_go_on(
    played: Callable[..., tuple[Steps, Ends]],
) -> None:
    steps, ends = played(a=_story("a", "1", "bad", "3"), b=_story("b", "1", "2", "3"))
    assert steps.gatherings == [["a/1", "b/1"], ["a/bad", "b/2"], ["b/3"]]
    assert ends.well("b")
    with pytest.raises(AssertionError, match="HELD"):
        ends.well("a")


def test_what_is_no_put_can_bring_a_feed_too(played: Callable[..., tuple[Steps, Ends]]) -> None:
    def tell(way: Any) -> Story:
        feed = yield partial(str, "a/dropped")
        assert feed.feed_id == "a/dropped"

    steps, ends = played(a=tell)
    assert steps.gatherings == [["a/dropped"]]
    assert ends.well("a")


def test_a_story_that_nobody_has_told_did_not_go_well(
    played: Callable[..., tuple[Steps, Ends]],
) -> None:
    assert not played(a=_story("a"))[1].well("b")
