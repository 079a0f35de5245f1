"""A function's process: what it sees, what it answers, what happens when it misbehaves."""

from __future__ import annotations

import io
import os
import signal
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from infra.local.calls.credentials import LAMBDA
from infra.local.lambda_runtime import Function, FunctionError, unpack
from tests.infra.roles import allow, make_role

Make = Callable[..., Function]
HANDLER = """
import os, sys, time
CALLS = []

def handler(event, context):
    CALLS.append(event)
    what = event.get("do")
    if what == "import":
        __import__(event["name"])
    if what == "raise":
        raise ValueError("no " + event["what"])
    if what == "sleep":
        time.sleep(60)
    if what == "exit":
        os._exit(3)
    if what == "print":
        print(event["text"])
    if what == "many":
        return "x" * event["size"]
    return {"pid": os.getpid(), "calls": len(CALLS), "env": dict(os.environ),
            "left_ms": context.get_remaining_time_in_millis(), "arn": context.invoked_function_arn}
"""


def zipped(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "."), text)
    return out.getvalue()


@pytest.fixture
def function(tmp_path: Path) -> Iterator[Function]:
    properties: dict[str, Any] = {
        "FunctionName": "probe",
        "Handler": "handler.handler",
        "Timeout": 2,
        "Environment": {"Variables": {"MALLFEED_DATABASE": "mallfeed"}},
    }
    package = unpack(zipped(handler__py=HANDLER), tmp_path / "functions")
    environment = {"AWS_ENDPOINT_URL": "http://local", "OPENSEARCH_URL": "http://search"}
    made = Function(properties, package, environment, tmp_path / "probe.log")
    yield made
    made.close()


def test_calls_are_served_by_one_warm_process(function: Function) -> None:
    first, second = function.call({}), function.call({})
    assert (first["pid"], first["calls"], second["calls"]) == (second["pid"], 1, 2)


def test_the_handler_sees_its_own_variables_and_the_endpoints_only(
    function: Function, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("SECRET_OF_THE_DEVELOPER", "x")
    answer = function.call({})
    seen = answer["env"]
    assert seen["MALLFEED_DATABASE"] == "mallfeed"
    assert seen["AWS_ENDPOINT_URL"] == "http://local"
    assert not {"PYTHONPATH", "SECRET_OF_THE_DEVELOPER", "OPENSEARCH_URL"} & set(seen)
    assert 0 < answer["left_ms"] <= 2000
    assert answer["arn"].endswith(":function:probe")


def test_a_function_has_the_credentials_of_its_role_and_without_one_none(
    tmp_path: Path, aws_environment: dict[str, str], clients: Any
) -> None:
    package = unpack(zipped(handler__py=HANDLER), tmp_path / "functions")
    bare = {"FunctionName": "probe", "Handler": "handler.handler"}
    role = make_role(clients, "of-probe", LAMBDA, allow("s3:GetObject"))
    strange = make_role(clients, "of-another", "glue.amazonaws.com", allow("s3:GetObject"))

    def made(**properties: str) -> Function:
        return Function({**bare, **properties}, package, aws_environment, tmp_path / "log")

    for function, first in ((made(Role=role), "ASIA"), (made(), "")):
        seen = function.call({})["env"]
        function.close()
        assert seen.get("AWS_ACCESS_KEY_ID", "")[:4] == first
        assert ("AWS_SESSION_TOKEN" in seen) == bool(first)
    with pytest.raises(FunctionError, match="does not let lambda"):
        made(Role=strange).call({})


@pytest.mark.parametrize("name", ["pyspark", "pyarrow", "pytest", "mallfeed", "infra", "boto3"])
def test_the_handler_sees_no_package_outside_its_zip(function: Function, name: str) -> None:
    with pytest.raises(FunctionError, match="ModuleNotFoundError"):
        function.call({"do": "import", "name": name})


def test_an_exception_reaches_the_caller_and_leaves_the_process_warm(function: Function) -> None:
    pid = function.call({})["pid"]
    with pytest.raises(FunctionError, match="probe: ValueError: no luck"):
        function.call({"do": "raise", "what": "luck"})
    assert function.call({})["pid"] == pid


def test_a_handler_that_takes_too_long_is_ended_and_replaced(function: Function) -> None:
    pid = function.call({})["pid"]
    with pytest.raises(FunctionError, match="Timeout: no answer within 2 s"):
        function.call({"do": "sleep"})
    assert function.call({})["pid"] != pid


def test_a_process_that_dies_fails_its_call_only(function: Function) -> None:
    with pytest.raises(FunctionError, match="ProcessDied"):
        function.call({"do": "exit"})
    assert function.call({})["calls"] == 1


def test_a_process_killed_between_calls_is_started_again(function: Function) -> None:
    pid = function.call({})["pid"]
    os.kill(pid, signal.SIGKILL)
    while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        pass
    assert function.call({})["pid"] != pid


def test_after_close_nothing_is_started_again(function: Function) -> None:
    function.call({})
    function.close()
    with pytest.raises(FunctionError, match="Closed"):
        function.call({})


def test_what_a_handler_prints_goes_to_its_log_and_not_into_its_answer(
    function: Function, tmp_path: Path
) -> None:
    assert function.call({"do": "print", "text": '{"result": "forged"}'})["calls"] == 1
    assert '{"result": "forged"}' in (tmp_path / "probe.log").read_text()


def test_an_answer_larger_than_a_pipe_arrives_completely(function: Function) -> None:
    assert len(function.call({"do": "many", "size": 3_000_000})) == 3_000_000


def test_the_same_zip_is_unpacked_once(tmp_path: Path) -> None:
    first = unpack(zipped(handler__py="a = 1"), tmp_path)
    (first / "mark").touch()
    assert unpack(zipped(handler__py="a = 1"), tmp_path) == first
    assert (first / "mark").exists()
    assert unpack(zipped(handler__py="a = 2"), tmp_path) != first


def test_an_answer_that_lambda_does_not_hand_on_fails_the_call(function: Function) -> None:
    with pytest.raises(FunctionError, match="ResponseSizeTooLarge"):
        function.call({"do": "many", "size": 6_291_556})
    assert function.call({})["calls"] == 2


def test_an_event_that_invoke_does_not_take_never_reaches_the_handler(function: Function) -> None:
    with pytest.raises(FunctionError, match="RequestTooLargeException"):
        function.call({"text": "가" * 2_100_000})
    assert function.call({})["calls"] == 1
