"""What is wrong with JSON, in our words; the two parsers have their own, made for programmers of parsers."""

from __future__ import annotations

import json
import re

from mallfeed.reading.depth import TOO_DEEP

_BEHIND = "something stands behind its end"
_NO_TEXT = " that is no text, such as the NUL bytes of a copy that was cut short"
_WORDS = (
    (("property name", "allowed token in map", "object key and value must"), "a key without double quotes or colon, or a comma too many"),
    (("':' delimiter",), "a colon is missing behind a key"),
    (("',' delimiter", "after key and value", "after array element"), "a comma, or the bracket that closes an object or a list, is missing"),
    (("control character", "invalid character inside string"), "a control character stands in a text, such as a line end instead of \\n"),
    (("escape", "occurs before a character", "hex character", "'\\'"), "a backslash stands before a character that it does not escape"),
    (("Unterminated string",), "a text is not closed by a double quote"),
    (("Extra data", "trailing garbage"), _BEHIND),
    (("comment",), "a comment stands in it, and JSON has none"),
    (("UTF8",), "bytes stand in it that are no text"),
    (("nested", "recursion", "depth"), TOO_DEEP),
    (("digits", "integer", "number", "decimal"), "a number is not written as JSON asks"),
)  # fmt: skip
_OTHER = (
    "a value is missing or is not written as JSON asks (texts in double quotes, true, false, null)"
)


_THERE = (
    (r"[\]}]", "a comma too many stands before a bracket"),
    (r"'", "single quotes stand where JSON has double ones"),
    (r"/[/*]|#", "a comment stands in it, and JSON has none"),
    (r"[+-]?(nan|inf)", "NaN or Infinity stands in it, and JSON has no such numbers"),
    (r"(None|NULL|Null|True|TRUE|False|FALSE|undefined)\b", "None, NULL, True or the like stands in it, where JSON has null, true, false"),
    (r"[+-]?\.?\d|\+", "a number is not written as JSON asks (no +, no 0 or point at its beginning)"),
    (r"\w", "a word stands in it without double quotes"),
)  # fmt: skip
"""What stands where something else must, by how it begins."""
_NEEDS_A_LOOK = (
    "property name",
    "Expecting value",
    "invalid object key",
    "unallowed token",
    "invalid char in",
    "invalid string in",
    "malformed number",
)


def words_of(error: Exception) -> str:
    """What the parser (json, ijson) stumbled over."""
    if isinstance(error, RecursionError):
        return TOO_DEEP
    if isinstance(error, json.JSONDecodeError):
        return _words(error.msg, error.doc[error.pos : error.pos + 20])
    said, *shown = str(error).split("\n")
    return _words(said, _pointed_at(shown))


def _words(said: str, there: str) -> str:
    """By what the parser said, and the text where it was."""
    if any(sign in said for sign in _NEEDS_A_LOOK):
        for begins, words in _THERE:
            if re.match(begins, there, re.IGNORECASE if "nan" in begins else 0):
                return words
    for signs, words in _WORDS:
        if any(sign in said for sign in signs):
            nothing_seen = words == _BEHIND and not there.strip("\0 \r\n")
            return f"{words}{_NO_TEXT if nothing_seen else ''}"
    return _OTHER


def _pointed_at(shown: list[str]) -> str:
    """The text from the word on to whose end yajl's arrow points; empty where it points to none."""
    if len(shown) < 2 or not shown[1].rstrip().endswith("^"):
        return ""
    text, place = shown[0], len(shown[1].rstrip()) - 2
    if not text[place : place + 1].strip():
        place += 1
    while place > 0 and (text[place - 1 : place].isalnum() or text[place - 1 : place] in "+-."):
        place -= 1
    return text[place:]


def words_of_line(error: Exception, line: str) -> str:
    """What is wrong with a line that should be one JSON object, and where."""
    if isinstance(error, RecursionError):
        return words_of(error)
    if not isinstance(error, json.JSONDecodeError):
        return f"not JSON: {words_of(error)}"
    if error.pos >= len(line) or error.msg.startswith("Unterminated string"):
        return (
            "not JSON: the line ends in the middle of the object; a record must stand on one line"
        )
    return f"not JSON at character {error.pos + 1:,}: {words_of(error)}"
