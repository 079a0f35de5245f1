"""Who calls the Data API, and whether IAM lets them: asked of the local AWS, which knows roles and sessions."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import Message
from typing import Any

from infra.local import events_inbox
from infra.local.calls.account import OPERATOR
from infra.local.calls.signature import signed
from infra.local.redshift_data.errors import ApiError

SERVICE = "redshift-data"
_CODES = {
    "AccessDenied": "AccessDeniedException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "MissingAuthenticationToken": "MissingAuthenticationTokenException",
}
_SQL = frozenset({"Sql", "Sqls", "Parameters"})
"""Which IAM asks nothing about, and which can be long."""


def allowed(
    endpoint: str | None,
    headers: Message,
    operation: str,
    members: Mapping[str, Any],
    owner: str | None,
) -> str:
    """The `aws:userid` of the caller, who may make that call; raises ApiError, AccessDeniedException, if not.

    Parameters
    ----------
    endpoint : of the local AWS; without one, nobody but the operator is known
    owner : `aws:userid` of who submitted the statement that the call is about, None if it is about none
    """
    who = signed(
        {
            "HTTP_AUTHORIZATION": headers.get("Authorization", ""),
            "HTTP_X_AMZ_SECURITY_TOKEN": headers.get("X-Amz-Security-Token"),
        }
    )
    if who and who.key == OPERATOR:
        return OPERATOR
    if endpoint is None:
        raise ApiError("UnrecognizedClientException", "No local AWS is there to say who calls.")
    given = {name: value for name, value in members.items() if name not in _SQL}
    asked = {
        "key": who and who.key,
        "token": who and who.token,
        "region": who and who.region,
        "service": SERVICE,
        "operation": operation,
        "members": given if owner is None else {**given, "StatementOwner": owner},
    }
    answer = events_inbox.post(endpoint, "ask", asked)
    if answer["refused"]:
        code, message = answer["refused"]
        raise ApiError(_CODES.get(code, code), message)
    return str(answer["userid"])
