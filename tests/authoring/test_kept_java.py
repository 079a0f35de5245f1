"""Java stays up between commands, for its owner alone, and no longer than it is of use."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
import pytest

from mallfeed.authoring.kept_java import VARIABLE, minutes, place_for
from mallfeed.errors import Terminal
from tests.catalog_command import end_java, kept
from tests.local.walk import until

COUNT = """
from mallfeed.authoring.local_spark import LocalSpark
with LocalSpark() as local, local.session() as spark:
    print(spark.range(7).count(), flush=True)
    {then}
"""
ENDS_KILLED = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
HELD = "print(spark.sparkContext._gateway.java_gateway_server.getGateway().getBindings().size())"
WAITS = "import sys; sys.stdin.read()"


def environment(place: Path, minutes: str = "10") -> Mapping[str, str]:
    return {**os.environ, "XDG_RUNTIME_DIR": str(place), VARIABLE: minutes}


def started(place: Path, then: str = "", keep: str = "10") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", COUNT.format(then=then)],
        env=environment(place, keep), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def counted(place: Path, then: str = "", keep: str = "10") -> str:
    return started(place, then, keep).communicate()[0].strip()


def until_ended(java: int) -> None:
    until(lambda: not psutil.pid_exists(java), "Java's end", timeout_s=60, pause_s=0.05)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """With a Java that one command has left."""
    found = tmp_path_factory.mktemp("kept")
    assert counted(found) == "7"
    yield found
    end_java(found)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    end_java(tmp_path)


def test_the_next_command_has_the_same_java(place: Path) -> None:
    [first] = kept(place)
    assert psutil.pid_exists(first["process"])
    assert counted(place) == "7"
    assert kept(place) == [first]


def test_what_a_killed_command_left_is_stopped(place: Path) -> None:
    known = kept(place)
    assert counted(place, ENDS_KILLED) == "7"
    assert counted(place) == "7"
    assert kept(place) == known


def test_java_lets_go_of_what_earlier_commands_had(place: Path) -> None:
    before, after = (int(counted(place, HELD).splitlines()[-1]) for _ in range(2))
    assert 0 < after <= before


def test_a_java_that_does_not_answer_is_ended_and_another_one_starts(empty: Path) -> None:
    counted(empty)
    [first] = kept(empty)
    os.kill(first["process"], signal.SIGSTOP)
    assert counted(empty) == "7"
    until_ended(first["process"])
    [other] = kept(empty)
    assert other["process"] != first["process"]


def test_two_commands_at_a_time_do_not_share_one(place: Path) -> None:
    known = kept(place)
    with started(place, WAITS) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "7\n"
        assert counted(place) == "7"
        first.communicate()
    assert kept(place) == known


def test_only_its_owner_can_enter(place: Path) -> None:
    [gateway] = place.glob("*/*/gateway.json")
    modes = [path.stat().st_mode & 0o777 for path in (gateway, *list(gateway.parents)[:2])]
    assert modes == [0o600, 0o700, 0o700]


def test_a_folder_that_others_can_enter_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert place_for({}) is not None
    tmp_path.joinpath(f"mallfeed-java-{os.geteuid()}").chmod(0o755)
    assert place_for({}) is None


def test_after_java_was_killed_another_one_starts_and_ends_when_it_is_of_no_use(
    empty: Path,
) -> None:
    counted(empty)
    [first] = kept(empty)
    os.kill(first["process"], signal.SIGKILL)
    until_ended(first["process"])
    command = started(empty, WAITS, keep="0.001")
    assert command.stdout is not None
    assert command.stdout.readline() == "7\n"
    [one] = kept(empty)  # in use for longer than that
    assert one["process"] != first["process"]
    assert psutil.pid_exists(one["process"])
    command.communicate()
    until_ended(one["process"])
    assert kept(empty) == []


def test_what_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "ten")
    with pytest.raises(
        Terminal, match="MALLFEED_KEEP_JAVA is 'ten'; expected minutes, such as 10, or 0"
    ):
        minutes()
