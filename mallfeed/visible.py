"""Makes text from others safe to display: characters that act or hide are shown as their escapes.

A mall's cell, header, file name or key can contain escape sequences that clear a terminal or set its title,
marks that change the direction of writing (so that a file name reads like another one), and invisible
characters. All text that leaves this system passes through here, once (docs/decisions/untrusted-input.md):
terminal, logs, reports, messages, file names. Data stays as it is; in JSON, the same characters are written
as JSON's own escapes, so that reading it returns the original text.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from types import TracebackType
from typing import Any

_HIDDEN = (
    "\0-\x08\x0b-\x1f\x7f-\x9f"  # control characters of ASCII (but tab, line end) and of Latin-1
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"  # direction, no width
    "\u115f\u1160\u3164\uffa0"  # Hangul's fillers, which show nothing
    "\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff"  # annotations, no characters at all
    "\U000e0000-\U000e007f"  # tags
)
_ANY = re.compile(f"[{_HIDDEN}]")
_IN_LINE = re.compile(f"[\t\n{_HIDDEN}]")
_NO_NAME = re.compile(f"[\t\n/\\\\{_HIDDEN}]")
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def visible(text: str) -> str:
    r"""The text with `\x1b`, `\u202e` … in place of characters that act or hide; line ends and tabs stay."""
    return _ANY.sub(_escape, text)


def visible_line(text: str) -> str:
    r"""The same in one line: line ends and tabs are `\n` and `\t`."""
    return _IN_LINE.sub(_escape, text)


def file_name(text: str) -> str:
    """A name for a file or the last part of a key: what no folder or terminal bears is `_`."""
    return _NO_NAME.sub("_", text)


def json_text(data: Any, indent: int | None = None) -> str:
    """JSON with Korean as it is; what acts or hides as JSON's escapes. Times as ISO 8601."""
    written = json.dumps(data, ensure_ascii=False, indent=indent, default=str)
    return _ANY.sub(_json_escape, written)


class VisibleFormatter(logging.Formatter):
    """Log lines in which no text of others can begin a line of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """The line, before a traceback."""
        return visible_line(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """The traceback, of several lines."""
        return visible(super().formatException(ei))


def log_to_stderr(level: int, form: str) -> None:
    """Logs of this process go to standard error, in this form."""
    handler = logging.StreamHandler()
    handler.setFormatter(VisibleFormatter(form))
    logging.basicConfig(level=level, handlers=[handler])


def show_uncaught() -> None:
    """A bug's traceback, whose message may quote a feed, is shown through here too."""
    sys.excepthook = _show


def _show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    sys.stderr.write(visible("".join(traceback.format_exception(kind, error, trace))))


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if found[0] in _SHORT:
        return _SHORT[found[0]]
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )


def _json_escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
