"""Functions, events and answers that Lambda refuses; each just within and just beyond."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from infra.local.limits import functions
from infra.local.limits.errors import Refusal


def _function(**more: Any) -> dict[str, Any]:
    return {"FunctionName": "probe", **more}


def _with(**variables: str) -> dict[str, Any]:
    return _function(Environment={"Variables": variables})


@pytest.mark.parametrize(
    ("within", "beyond", "said"),
    [
        (_function(Timeout=900), _function(Timeout=901), "Timeout"),
        (_function(Timeout=1), _function(Timeout=0), "Timeout"),
        (_function(MemorySize=10_240), _function(MemorySize=10_241), "MemorySize"),
        (_function(MemorySize=128), _function(MemorySize=127), "MemorySize"),
        (_with(AB="x" * 4087), _with(AB="x" * 4088), "4KB limit"),
        (_with(AB="가" * 1362), _with(AB="가" * 1363), "4KB limit"),
        (_with(AWS_ENDPOINT_URL="x"), _with(AWS_REGION="x"), "reserved keys .* AWS_REGION"),
        (_with(A1="x"), _with(A="x"), "A is no name"),
        (_with(a_="x"), _with(_a="x"), "_a is no name"),
    ],
)
def test_a_function_that_lambda_would_not_create_is_refused(
    within: dict[str, Any], beyond: dict[str, Any], said: str
) -> None:
    """Lambda Developer Guide, Lambda quotas; Working with Lambda environment variables."""
    functions.check_definition(within)
    with pytest.raises(Refusal, match=said) as refused:
        functions.check_definition(beyond)
    assert refused.value.code == "InvalidParameterValueException"


def _package(size: int) -> io.BytesIO:
    """A zip that says of its one file that it has that size; its contents do not matter."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("handler.py", "")
        archive.infolist()[0].file_size = size
    return out


def test_a_package_that_is_too_large_unzipped_is_refused() -> None:
    """Lambda quotas: 250 MB unzipped, layers included."""
    functions.check_package("probe", _package(functions.MOST_UNZIPPED_BYTES - 1))
    with pytest.raises(Refusal, match="Unzipped size must be smaller than 262144000 bytes"):
        functions.check_package("probe", _package(functions.MOST_UNZIPPED_BYTES))


@pytest.mark.parametrize(("asynchronous", "most"), [(False, 6_291_456), (True, 1_048_576)])
def test_an_event_holds_6_mb_and_an_asynchronous_one_1_mb(asynchronous: bool, most: int) -> None:
    """Lambda API Reference, Invoke."""
    functions.check_request(b"x" * most, asynchronous=asynchronous)
    with pytest.raises(Refusal, match=f"smaller than {most}") as refused:
        functions.check_request(b"x" * (most + 1), asynchronous=asynchronous)
    assert refused.value.code == "RequestTooLargeException"


def test_an_answer_holds_6_mb_and_counts_bytes() -> None:
    """Lambda quotas: 6 MB each for request and response."""
    functions.check_answer("x" * (functions.MOST_ANSWER_BYTES - 2))
    with pytest.raises(Refusal, match="exceeded maximum allowed payload size"):
        functions.check_answer("x" * (functions.MOST_ANSWER_BYTES - 1))
    with pytest.raises(Refusal):
        functions.check_answer("가" * 2_100_000)
