"""What an AWS error means for the pipeline: gone, transient, or ours."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import SystemRandom
from typing import TypeVar

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    IncompleteReadError,
)

from mallfeed.backoff import FullJitter
from mallfeed.errors import Transient

GONE = frozenset({"404", "NoSuchKey", "NoSuchVersion", "405", "MethodNotAllowed"})
"""What S3 answers if there is no such object; 405 is the answer of a delete marker."""
THROTTLED = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "TooManyRequestsException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "SlowDown",
        "LimitExceededException",
    }
)
PASSING = THROTTLED | frozenset(
    {
        "InternalError",
        "InternalServerError",
        "InternalServerException",
        "InternalServiceException",
        "OperationTimeoutException",
        "RequestTimeout",
        "ServiceUnavailable",
        "TransactionConflictException",
        "TransactionInProgressException",
        "500",
        "502",
        "503",
        "504",
    }
)

MET_ANOTHER = "TransactionConflictException"
"""A write that collided with another transaction has had no effect. botocore does not repeat it, as it
does for throttled calls."""
ATTEMPTS = 6
PAUSE_S = 0.1
T = TypeVar("T")
_CHANCE = SystemRandom()

CONNECTION_FAULTS = (HTTPClientError, ConnectionError, IncompleteReadError)


def code_of(error: ClientError) -> str:
    """The service's error code, e.g. `NoSuchKey` or `404`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def may_pass(error: Exception) -> bool:
    """Whether trying again later can help: throttling, 5xx, connections."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return code_of(error) in PASSING or status >= 500
    return isinstance(error, CONNECTION_FAULTS)


def pause(attempt: int) -> None:
    """Waits before the next attempt: up to 0.1 s after the first (0), twice as long after each."""
    time.sleep(FullJitter(PAUSE_S).delay_s(attempt, _CHANCE.random))


def patiently(call: Callable[[], T]) -> T:
    """The result of the call; repeated if it collided with another transaction, for about 3 s in all."""
    for attempt in range(ATTEMPTS - 1):
        try:
            return call()
        except ClientError as error:
            if code_of(error) != MET_ANOTHER:
                raise
            pause(attempt)
    return call()


@contextmanager
def transient(what: str) -> Iterator[None]:
    """Turns transient errors into Transient, with what was tried; others pass through."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        if may_pass(error):
            raise Transient(f"{what}: {error}") from error
        raise
