"""Puts IAM before the local AWS server."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape

from infra.local.calls import refusal
from infra.local.calls.account import Account, Caller, NotAssumed
from infra.local.calls.call import Operation
from infra.local.calls.gate import Gate, Refusal
from infra.local.calls.operation import JSON, Unknown, body_of, put_back, recognised
from infra.local.calls.record import Record
from infra.local.calls.rules import rules
from infra.local.calls.s3_form import signed_form
from infra.local.calls.signature import Signed, signed
from infra.local.events_inbox import PATH, Inbox, Wsgi

_NOT_AWS = ("/moto-api", f"{PATH}/")
_NONE_OF_OURS = "sts"
_S3 = "http://s3.amazonaws.com/doc/2006-03-01/"


def install(application: Wsgi, inbox: Inbox) -> Wsgi:
    """The application behind IAM; the inbox answers `assume`, `ask`, `asked` and `policies` for it.

    `assume` {role, by, name} has the environment variables of a session that a service opens, or `error`. `ask`
    {key, token, region, service, operation, members} is a call that another stand-in serves: {refused: None or code
    and message, userid}. `asked` is `Gate.report`. `policies` {of: ARN → document} attaches policies of resources.
    """
    account = Account()
    gate = Gate(account, Record())
    inbox.answer("assume", lambda body: _assume(account, body))
    inbox.answer("ask", lambda body: _ask(gate, body))
    inbox.answer("asked", lambda _: gate.report())
    inbox.answer("policies", lambda body: account.attach(body["of"]))

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if str(environ.get("PATH_INFO", "")).startswith(_NOT_AWS):
            return application(environ, start_response)
        form = signed_form(environ)
        who = form[0] if form else signed(environ)
        caller = gate.who(who)
        if caller is None:
            return application(environ, start_response)
        if isinstance(caller, Refusal):
            return _refuse(environ, start_response, caller, who)
        assert who is not None
        try:
            call = form[1] if form else recognised(environ, who, rules())
            if call.name == "DeleteObjects":
                return _delete(gate, caller, call, application, environ, start_response)
            refused = gate.refusal(caller, call)
        except Unknown as unknown:
            return _refuse(environ, start_response, gate.unknown(caller, unknown), who)
        if refused is None and call.name in rules().services[call.service].missing:
            return _admitting(gate, caller, call, application, environ, start_response)
        if refused is None:
            return application(environ, start_response)
        return _send(environ, start_response, refused, call.service, call.protocol)

    return serve


def _refuse(
    environ: dict[str, Any], start_response: Any, refused: Refusal, who: Signed | None
) -> Iterable[bytes]:
    """Of a call whose operation is not known."""
    known = rules().signed_as(who.service) if who else []
    service = known[0] if known else ("s3" if who is None else _NONE_OF_OURS)
    protocol = refusal.protocol_of(environ, service)
    if protocol == JSON and service in ("s3", _NONE_OF_OURS):
        service = "dynamodb"  # any service that speaks JSON: the form is the same
    return _send(environ, start_response, refused, service, protocol)


def _send(
    environ: dict[str, Any], start_response: Any, refused: Refusal, service: str, protocol: str
) -> Iterable[bytes]:
    """The refusal; the connection ends with it, since a body that nobody read may follow."""
    method = environ["REQUEST_METHOD"]
    status, headers, body = refusal.answer(refused, service, protocol, method)
    _read_away(environ)
    start_response(status, headers)
    return [body]


def _read_away(environ: dict[str, Any]) -> None:
    """Read what the client still sends, or it would see a broken connection and not the answer."""
    with contextlib.suppress(OSError):
        body_of(environ)


def _delete(
    gate: Gate,
    caller: Caller,
    call: Operation,
    application: Wsgi,
    environ: dict[str, Any],
    start_response: Any,
) -> Iterable[bytes]:
    """S3 answers per key: those that may be deleted are, of the others the answer has an error each."""
    refused: dict[tuple[str, str | None], str] = {}
    for ask, decision in gate.decisions(caller, call):
        if not decision.allowed:
            item = ask.item
            refused.setdefault((item["Key"], item.get("VersionId")), decision.message)
    if not refused:
        return application(environ, start_response)
    delete = call.members["Delete"]
    left = [one for one in delete["Objects"] if (one["Key"], one.get("VersionId")) not in refused]
    errors = "".join(_error(*which, message) for which, message in refused.items())
    if not left:
        text = f'<DeleteResult xmlns="{_S3}">{errors}</DeleteResult>'
        start_response("200 OK", _of_xml(text))
        return [text.encode()]
    quiet = "<Quiet>true</Quiet>" if delete.get("Quiet") else ""
    objects = "".join(
        f"<Object>{_named(one['Key'], one.get('VersionId'))}</Object>" for one in left
    )
    put_back(environ, f'<Delete xmlns="{_S3}">{objects}{quiet}</Delete>'.encode())
    told: list[Any] = []
    parts = application(environ, lambda *answer: told.extend(answer))
    text = b"".join(parts).decode()
    end = "</DeleteResult>"
    if end in text:
        text = text.replace(end, errors + end)
    else:  # `Quiet`, and nothing to tell
        text = f'<DeleteResult xmlns="{_S3}">{errors}</DeleteResult>'
    start_response(told[0], _of_xml(text))
    return [text.encode()]


def _of_xml(text: str) -> list[tuple[str, str]]:
    return [("Content-Type", "application/xml"), ("Content-Length", str(len(text.encode())))]


def _named(key: str, version: str | None) -> str:
    of_version = f"<VersionId>{escape(version)}</VersionId>" if version else ""
    return f"<Key>{escape(key)}</Key>{of_version}"


def _error(key: str, version: str | None, message: str) -> str:
    why = f"<Code>AccessDenied</Code><Message>{escape(message)}</Message>"
    return f"<Error>{_named(key, version)}{why}</Error>"


def _admitting(
    gate: Gate,
    caller: Caller,
    call: Operation,
    application: Wsgi,
    environ: dict[str, Any],
    start_response: Any,
) -> Iterable[bytes]:
    """S3 says that an object does not exist only to who may list the bucket."""
    told: list[Any] = []
    parts = application(environ, lambda *answer: told.extend(answer))
    try:
        refused = gate.hides(caller, call) if str(told[0]).startswith("404") else None
    except Unknown as unknown:
        refused = gate.unknown(caller, unknown)
    if refused:
        b"".join(parts)
        return _send(environ, start_response, refused, call.service, call.protocol)
    start_response(*told)
    return parts


def _assume(account: Account, body: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"environment": account.assume(body["role"], body["by"], body["name"])}
    except NotAssumed as why:
        return {"error": str(why)}


def _ask(gate: Gate, body: dict[str, Any]) -> dict[str, Any]:
    who = Signed(body["key"], body["region"], body["service"], body["token"])
    caller = gate.who(who if body["key"] else None)
    if caller is None:
        return {"refused": None, "userid": "operator"}
    if isinstance(caller, Refusal):
        return {"refused": [caller.code, caller.message], "userid": ""}
    call = Operation(body["service"], body["operation"], body["region"], JSON, body["members"])
    refused = gate.refusal(caller, call)
    return {
        "refused": [refused.code, refused.message] if refused else None,
        "userid": caller.userid,
    }
