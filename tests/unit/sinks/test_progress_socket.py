"""Counts that executors call home: newest of each task, strangers unheard, silence no fault."""

from __future__ import annotations

import queue
import socket
from collections.abc import Mapping

from mallfeed.sinks.progress_socket import Caller, Home, counts_home

HERE = "127.0.0.1"


def told(counts: queue.Queue[dict[str, int]], wanted: dict[str, int]) -> None:
    """Wait until the driver has heard that."""
    while counts.get(timeout=10) != wanted:
        pass


def test_the_newest_count_of_each_task_is_added_up() -> None:
    counts: queue.Queue[dict[str, int]] = queue.Queue()
    with counts_home(HERE, lambda sent: counts.put(dict(sent))) as home:
        assert home is not None
        first, second = Caller(home, "0"), Caller(home, "1")
        first({"a": 5})
        told(counts, {"a": 5})
        second({"a": 1, "b": 2})
        told(counts, {"a": 6, "b": 2})
        first({"a": 9})
        first.close()
        told(counts, {"a": 10, "b": 2})
        again = Caller(home, "0")
        again({"a": 1})
        told(counts, {"a": 2, "b": 2})
        again.close()
        second.close()


def test_a_task_calls_at_most_once_a_second_and_at_its_end() -> None:
    heard: queue.Queue[dict[str, int]] = queue.Queue()
    now = [0.0]
    with counts_home(HERE, lambda sent: heard.put(dict(sent))) as home:
        assert home is not None
        caller = Caller(home, "0", lambda: now[0])
        for number in range(1, 100):
            now[0] = number / 100
            caller({"a": number})
        caller.close()
        assert [heard.get(timeout=10), heard.get(timeout=10)] == [{"a": 1}, {"a": 99}]
        assert heard.empty()


def test_a_stranger_is_not_heard() -> None:
    counts: queue.Queue[dict[str, int]] = queue.Queue()
    with counts_home(HERE, lambda sent: counts.put(dict(sent))) as home:
        assert home is not None
        stranger = Caller(Home(home.host, home.port, "0" * 32), "0")
        stranger({"a": 1000})
        stranger.close()
        with socket.create_connection((home.host, home.port)) as noise:
            noise.sendall(b'{"half\n["list"]\n')
        friend = Caller(home, "1")
        friend({"a": 1})
        assert counts.get(timeout=10) == {"a": 1}
        friend.close()


def test_a_driver_that_does_not_listen_is_no_failure() -> None:
    with socket.socket() as taken:
        taken.bind((HERE, 0))
        caller = Caller(Home(HERE, taken.getsockname()[1], "t"), "0")
        caller({"a": 1})
        caller.close()


def test_a_machine_that_cannot_listen_there_goes_without() -> None:
    heard: list[Mapping[str, int]] = []
    with counts_home("192.0.2.1", heard.append) as home:
        assert home is None
