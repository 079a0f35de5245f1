"""Forms that upload to S3: what their policy does not allow is refused. moto does not look at the policy.

Sources: Amazon S3 API Reference, "POST Policy" (conditions, which fields need none, expiration), "Creating HTML forms (using AWS Signature
Version 4)" (the file is the last field that counts), "POST Object" and "Error responses" (codes). The signature is not checked.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder

from infra.local.limits.errors import Refusal

MOST_FIELD_BYTES = 20_000
"""Of all that stands before the file."""
_NEED_NO_CONDITION = frozenset({"x-amz-signature", "file", "policy", "awsaccesskeyid", "signature"})
_RANGE = "content-length-range"


@dataclass
class Form:
    """Fields by their name in lower case, and the file."""

    fields: dict[str, str] = field(default_factory=dict)
    file_name: str = ""
    size: int | None = None


def check(content_type: str, body: bytes, bucket: str, now: datetime) -> None:
    """Raises Refusal for a form that S3 would not take for that bucket."""
    form = read(content_type, body)
    if "key" not in form.fields:
        message = "Bucket POST must contain a field named 'key'. If it is specified, please check the order of the fields."
        raise Refusal("InvalidArgument", message)
    if form.size is None:
        message = "POST requires exactly one file upload per request."
        raise Refusal("IncorrectNumberOfFilesInPostRequest", message)
    if sum(len(name) + len(value) for name, value in form.fields.items()) > MOST_FIELD_BYTES:
        message = "Your POST request fields preceding the upload file were too large."
        raise Refusal("MaxPostPreDataLengthExceeded", message)
    if "policy" not in form.fields:
        raise Refusal("AccessDenied", "Access Denied")
    policy = _policy(form.fields["policy"])
    _check_time(policy, now)
    given = {**form.fields, "bucket": bucket}
    given["key"] = key(form)
    _check_conditions(policy["conditions"], given, form.size)


def key(form: Form) -> str:
    """The key under which the file is stored."""
    return form.fields.get("key", "").replace("${filename}", form.file_name)


def read(content_type: str, body: bytes) -> Form:
    """The form's fields up to the file; what comes after the file counts for nothing. What is no form has no fields."""
    form = Form()
    with suppress(ValueError):
        _read(form, content_type, body)
    return form


def _read(form: Form, content_type: str, body: bytes) -> None:
    _, options = parse_options_header(content_type)
    decoder = MultipartDecoder(options.get("boundary", "").encode())
    decoder.receive_data(body)
    decoder.receive_data(None)
    name = ""
    while not isinstance(event := decoder.next_event(), Epilogue):
        if isinstance(event, Field | File):
            if name == "file":
                break
            name = (event.name or "").lower()
            if name == "file":
                form.size, form.file_name = 0, getattr(event, "filename", "")
            else:
                form.fields[name] = ""
        elif isinstance(event, Data) and name == "file":
            form.size = (form.size or 0) + len(event.data)
        elif isinstance(event, Data):
            form.fields[name] += event.data.decode("utf-8", "replace")


def _policy(text: str) -> Mapping[str, Any]:
    try:
        policy = json.loads(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError) as error:
        raise _malformed("Invalid Policy: Invalid JSON.") from error
    if not isinstance(policy, dict) or "expiration" not in policy:
        raise _malformed("Invalid Policy: Policy missing expiration.")
    if not isinstance(policy.get("conditions"), list):
        raise _malformed("Invalid Policy: Policy missing conditions.")
    return policy


def _malformed(message: str) -> Refusal:
    return Refusal("InvalidPolicyDocument", message)


def _check_time(policy: Mapping[str, Any], now: datetime) -> None:
    try:
        until = datetime.fromisoformat(str(policy["expiration"]))
    except ValueError as error:
        message = f"Invalid Policy: Invalid 'expiration' value: '{policy['expiration']}'"
        raise _malformed(message) from error
    if until.tzinfo is None or now > until:
        raise _denied("Policy expired.")


def _denied(why: str) -> Refusal:
    return Refusal("AccessDenied", f"Invalid according to Policy: {why}")


def _check_conditions(conditions: Sequence[Any], given: Mapping[str, str], size: int) -> None:
    named = {"bucket"}
    for condition in conditions:
        kind, first, second = _condition(condition)
        if kind == _RANGE:
            _check_size(first, second, size)
            continue
        name = str(first).removeprefix("$").lower()
        named.add(name)
        value, wanted = given.get(name), str(second)
        fits = value is not None and (value == wanted if kind == "eq" else value.startswith(wanted))
        if not fits:
            raise _denied(f"Policy Condition failed: {json.dumps([kind, f'${name}', second])}")
    extra = {
        name
        for name in given
        if name not in named | _NEED_NO_CONDITION and not name.startswith("x-ignore-")
    }
    if extra:
        raise _denied(f"Extra input fields: {', '.join(sorted(extra))}")


def _condition(condition: Any) -> tuple[str, Any, Any]:
    """`{"acl": "private"}` and `["eq", "$acl", "private"]` say the same."""
    if isinstance(condition, dict) and len(condition) == 1:
        ((name, value),) = condition.items()
        return "eq", name, value
    if isinstance(condition, list) and len(condition) == 3:
        kind = str(condition[0]).lower()
        if kind in ("eq", "starts-with", _RANGE):
            return kind, condition[1], condition[2]
    raise _malformed(f"Invalid Policy: Invalid condition: {json.dumps(condition)}")


def _check_size(least: Any, most: Any, size: int) -> None:
    if size < int(least):
        raise Refusal(
            "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size"
        )
    if size > int(most):
        raise Refusal("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
