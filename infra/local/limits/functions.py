"""AWS Lambda: what a function may be, and what it may be handed and answer.

Sources: AWS Lambda Developer Guide, "Lambda quotas" (time, memory, package, payloads), "Working with Lambda environment variables"
(names, 4 KB) and "Defined runtime environment variables" (reserved ones); API Reference, Invoke (6 MB, asynchronously 1 MB). An answer may
have 100 bytes more than a request, as the message of Lambda's own refusal says.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from typing import IO, Any

from infra.local.limits.errors import Refusal

MOST_UNZIPPED_BYTES = 250 * 1024 * 1024
"""Of a package with its layers."""
MOST_ENVIRONMENT_BYTES = 4096
MOST_REQUEST_BYTES = 6 * 1024 * 1024
MOST_ANSWER_BYTES = MOST_REQUEST_BYTES + 100
MOST_ASYNCHRONOUS_BYTES = 1024 * 1024
SECONDS, MEGABYTES = (1, 900), (128, 10_240)
RESERVED = frozenset(
    {
        "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT",
    }
)  # fmt: skip
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]+")


def _invalid(message: str) -> Refusal:
    return Refusal("InvalidParameterValueException", message)


def check_definition(properties: Mapping[str, Any]) -> None:
    """Raises Refusal for a function that Lambda would not create."""
    name = properties["FunctionName"]
    for key, usual, (least, most) in (("Timeout", 3, SECONDS), ("MemorySize", 128, MEGABYTES)):
        value = int(properties.get(key, usual))
        if not least <= value <= most:
            raise _invalid(f"{name}: {key} must be between {least} and {most}: {value}")
    _environment(name, properties.get("Environment", {}).get("Variables", {}))


def _environment(name: str, variables: Mapping[str, Any]) -> None:
    said = "Lambda was unable to configure your environment variables because the environment variables you have provided"
    if reserved := sorted(RESERVED & set(variables)):
        raise _invalid(
            f"{name}: {said} contains reserved keys that are currently not supported for modification. Reserved keys "
            f"used in this request: {', '.join(reserved)}"
        )
    for key in variables:
        if not _NAME.fullmatch(key):
            raise _invalid(
                f"{name}: {key} is no name of an environment variable: letters, digits and _, first a letter, two at least"
            )
    texts = {key: str(value) for key, value in variables.items()}
    measured = payload(texts)
    if len(measured) > MOST_ENVIRONMENT_BYTES:
        raise _invalid(
            f"{name}: {said} exceeded the 4KB limit. String measured: {measured.decode()}"
        )


def check_package(name: str, zipped: IO[bytes]) -> None:
    """Raises Refusal for a package that is too large once it is unzipped."""
    with zipfile.ZipFile(zipped) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size >= MOST_UNZIPPED_BYTES:
        raise _invalid(
            f"{name}: Unzipped size must be smaller than {MOST_UNZIPPED_BYTES} bytes: {size}"
        )


def payload(event: Any) -> bytes:
    """An event or answer as it is sent."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def check_request(sent: bytes, *, asynchronous: bool) -> None:
    """Raises Refusal for an event that Invoke does not take."""
    most = MOST_ASYNCHRONOUS_BYTES if asynchronous else MOST_REQUEST_BYTES
    if len(sent) > most:
        raise Refusal(
            "RequestTooLargeException",
            f"Request must be smaller than {most} bytes for the InvokeFunction operation: {len(sent)}",
        )


def check_answer(answer: Any) -> None:
    """Raises Refusal for an answer that Lambda does not hand on: the call fails, although the handler has done its work."""
    size = len(payload(answer))
    if size > MOST_ANSWER_BYTES:
        raise Refusal(
            "Function.ResponseSizeTooLarge",
            f"Response payload size ({size} bytes) exceeded maximum allowed payload size ({MOST_ANSWER_BYTES} bytes).",
        )
