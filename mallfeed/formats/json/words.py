"""What is wrong with JSON, in our words; the two parsers have their own, made for programmers of parsers."""

from __future__ import annotations

import json

_WORDS = (
    (("property name", "allowed token in map", "object key and value must"), "a key without double quotes or colon, or a comma too many"),
    (("':' delimiter",), "a colon is missing behind a key"),
    (("',' delimiter", "after key and value", "after array element"), "a comma, or the bracket that closes an object or a list, is missing"),
    (("control character", "invalid character inside string"), "a control character stands in a text, such as a line end instead of \\n"),
    (("escape", "occurs before a character", "hex character", "'\\'"), "a backslash stands before a character that it does not escape"),
    (("Unterminated string",), "a text is not closed by a double quote"),
    (("Extra data", "trailing garbage"), "something stands behind its end"),
    (("UTF8",), "bytes stand in it that are no text"),
    (("nested", "recursion", "depth"), "it is nested too deep"),
    (("digits", "integer", "number", "decimal"), "a number is not written as JSON asks"),
)  # fmt: skip
_OTHER = (
    "a value is missing or is not written as JSON asks (texts in double quotes, true, false, null)"
)


def words_of(error: Exception) -> str:
    """What the parser (json, ijson) stumbled over."""
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    said = str(error)
    for signs, words in _WORDS:
        if any(sign in said for sign in signs):
            return words
    return _OTHER


def words_of_line(error: Exception, line: str) -> str:
    """What is wrong with a line that should be one JSON object, and where."""
    if not isinstance(error, json.JSONDecodeError):
        return f"not JSON: {words_of(error)}"
    if error.pos >= len(line) or error.msg.startswith("Unterminated string"):
        return (
            "not JSON: the line ends in the middle of the object; a record must stand on one line"
        )
    return f"not JSON at character {error.pos + 1:,}: {words_of(error)}"
