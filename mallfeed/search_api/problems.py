"""Every error as a problem document (RFC 9457), saying what was wrong and what to do next."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, ConfigDict, Field

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_S = 5


class ParameterFault(BaseModel):
    """One invalid parameter."""

    model_config = ConfigDict(extra="forbid")

    parameter: str = Field(description="Its name.", examples=["size"])
    detail: str = Field(
        description="What was expected.", examples=["Input should be less than or equal to 100"]
    )
    code: str = Field(description="A stable name for it.", examples=["less_than_equal"])


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(
        description="The kind of problem; stable, to be compared by programs.",
        examples=["urn:mallfeed:problem:parameters-invalid"],
    )
    title: str = Field(description="The kind in words.", examples=["Parameters cannot be taken"])
    status: int = Field(description="The HTTP status.", examples=[422])
    detail: str = Field(description="What was wrong this time, and what to do next.")
    instance: str = Field(description="The request's id in the logs.", examples=["urn:uuid:…"])
    errors: list[ParameterFault] | None = Field(None, description="Each parameter at fault.")


class ApiProblem(Exception):
    """Raised by a route, and answered as a problem document.

    Attributes
    ----------
    status : HTTP status
    kind : last part of the problem's type
    title, detail : for people
    errors : parameters at fault
    headers : beside the usual ones
    """

    def __init__(
        self,
        status: int,
        kind: str,
        title: str,
        detail: str,
        errors: Sequence[ParameterFault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.title = title
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})


def parameters_invalid(errors: Sequence[ParameterFault]) -> ApiProblem:
    """422: each fault named."""
    names = ", ".join(dict.fromkeys(fault.parameter for fault in errors))
    detail = f"Correct {names} and try again; /docs has every parameter with its limits."
    return ApiProblem(422, "parameters-invalid", "Parameters cannot be taken", detail, errors)


def not_found(what: str) -> ApiProblem:
    """404."""
    return ApiProblem(404, "not-found", "There is no such thing", what)


def conflict(why: str) -> ApiProblem:
    """409: parameters that are valid each, but conflict."""
    return ApiProblem(409, "parameters-conflict", "Parameters do not go together", why)


def method_not_allowed(method: str, allowed: Sequence[str]) -> ApiProblem:
    """405 with the methods that are allowed."""
    words = ", ".join(allowed)
    detail = f"{method} is not possible here: use {words}. The API only reads."
    return ApiProblem(
        405, "method-not-allowed", "Method not allowed", detail, headers={"Allow": words}
    )


def unavailable(why: str) -> ApiProblem:
    """503: transient."""
    detail = f"{why} Try again in {RETRY_AFTER_S} seconds."
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    return ApiProblem(503, "search-unavailable", "Search is not available", detail, headers=headers)


def internal() -> ApiProblem:
    """500: an error on our side; the log has it under the request's id."""
    detail = "An error of this API, not of the request; it is logged under `instance`."
    return ApiProblem(500, "internal", "Internal error", detail)


def answer(problem: ApiProblem, request_id: str) -> Response[str]:
    """The problem as a response; never cached."""
    document: dict[str, Any] = {
        "type": f"urn:mallfeed:problem:{problem.kind}",
        "title": problem.title,
        "status": int(HTTPStatus(problem.status)),
        "detail": problem.detail,
        "instance": f"urn:mallfeed:request:{request_id}",
    }
    if problem.errors:
        document["errors"] = [fault.model_dump() for fault in problem.errors]
    return Response(
        status_code=problem.status,
        content_type=CONTENT_TYPE,
        body=json.dumps(document, ensure_ascii=False),
        headers={"Cache-Control": "no-store", **problem.headers},
    )
