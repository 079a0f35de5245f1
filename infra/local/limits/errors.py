"""A call that a service refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Check = Callable[[Mapping[str, Any], Any], None]
"""Given a call's parameters and moto's handler of it (which knows the account's resources); raises Refusal."""


class Refusal(Exception):
    """The service answers with an error instead of doing what was asked.

    Attributes
    ----------
    code : the error code as a client sees it (`ValidationException`, `InvalidInputException` …)
    message : what the service says; moto writes an answer of its protocol from both
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def detected(faults: Sequence[str]) -> str:
    """The sentence in which AWS's services report what a request's parameters violate."""
    errors = "error" if len(faults) == 1 else "errors"
    return f"{len(faults)} validation {errors} detected: {'; '.join(faults)}"


def fault(value: object, place: str, constraint: str) -> str:
    """One violation, for `detected`."""
    told = "null" if value is None else f"'{value}'"
    if len(told) > _LONGEST_TOLD:
        told = f"{told[:_LONGEST_TOLD]}…'"
    return f"Value {told} at '{place}' failed to satisfy constraint: {constraint}"


_LONGEST_TOLD = 200
