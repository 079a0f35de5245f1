"""The error answer of a server that was saved in place of a feed: the code or message that it names.

Sources: S3's (Amazon S3 API Reference, "Error responses"), that of AWS's query APIs, Google's and Azure's storage, RFC 9457 in
XML and JSON, and the JSON in which frameworks for the web tell of errors: few keys, all of which are about the error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_XML = re.compile(
    r"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:\w+:)?(?:error|errors|errorresponse|fault|problem)\b[^>]*>"
    r"(?:\s*<(?:\w+:)?(?:errors?|type|status)\b[^>]*>(?:[^<]*</[^>]*>)?)*\s*<(?:\w+:)?(?:code|faultcode|title|message)\b[^>]*>\s*(?P<code>[^<]{0,80})",
    re.IGNORECASE | re.DOTALL,
)
"""A code or a message comes first."""
_LONGEST = 4000
"""Characters of a JSON answer: a longer one is cut where it is looked at, and no feed is told by its first bytes alone."""
_SAYS_SO = (
    "error",
    "errors",
    "errorcode",
    "errormessage",
    "errordescription",
    "fault",
    "exception",
)
_NAMES = ("code", "errorcode")
_NUMBERS = (*_NAMES, "statuscode", "status")
_CODES = (*_NUMBERS, "name", "type")
_TEXTS = ("message", "msg", "errormessage", "errordescription", "title", "detail", "reason")
_EMPTY = ("data", "result", "results", "items", "products")
_OTHER = (
    "details", "instance", "path", "timestamp", "trace", "traceid", "requestid", "success", "ok", "documentationurl",
    "hint", "resource", "hostid", "errortype", "method", "url",
)  # fmt: skip
_KNOWN = {*_SAYS_SO, *_CODES, *_TEXTS, *_EMPTY, *_OTHER}
_SHOWN = 80


def error_told(text: str) -> str | None:
    """The code or message of an error answer, which may be empty; None = the text is none. `text` is a file's beginning,
    without what stands before its first character."""
    if found := _XML.match(text):
        return _short(found["code"])
    if not text.startswith("{") or len(text) > _LONGEST:
        return None
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):  # a hostile one is nested as deep as there are characters
        return None
    return _of_json({_plain(key): value for key, value in answer.items()})


def _of_json(answer: Mapping[str, Any]) -> str | None:
    if not answer or not answer.keys() <= _KNOWN or any(answer.get(name) for name in _EMPTY):
        return None
    fails = answer.get("success") is False or answer.get("ok") is False
    with_code = any(name in answer for name in _NUMBERS)
    with_text = any(name in answer for name in _TEXTS)
    if not (any(name in answer for name in _SAYS_SO) or (with_text and (with_code or fails))):
        return None
    return next(_texts(answer, (*_NAMES, *_SAYS_SO, *_TEXTS, *_CODES)), "")


def _texts(answer: Mapping[str, Any], names: Iterable[str]) -> Iterator[str]:
    """What it says of itself, the most telling first; a code that is a number tells nobody anything."""
    for name in names:
        value = answer.get(name)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            yield from _texts(
                {_plain(key): one for key, one in value.items()}, (*_NAMES, *_TEXTS, *_CODES)
            )
        elif isinstance(value, str) and value.strip() and not value.startswith(("http:", "https:")):
            yield _short(value)


def _plain(key: str) -> str:
    return re.sub(r"[_-]", "", key).lower()


def _short(text: str) -> str:
    return " ".join(text.split())[:_SHOWN]
