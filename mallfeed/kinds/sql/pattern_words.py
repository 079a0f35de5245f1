"""What is said of a pattern that cannot be checked: in words of patterns, not in those of Python's `re`.

A pattern is read by Java, and checked by Python (`mallfeed.kinds.sql.pattern_grammar`): what Java has and Python has
not is not read here, and what to write in its place is said. What neither has is a mistake.
"""

from __future__ import annotations

import re

_NOT_READ = {
    "z": "write $",
    "R": r"write [\r\n]+",
    "h": r"write [ \t]",
    "H": r"write [^ \t]",
    "V": r"write [^\r\n]",
    "X": "write . for a character",
    "G": "a pattern is looked for from the beginning: write ^",
    "e": r"write \x1b",
    "c": r"write \x and two hexadecimal digits",
    "Q": r"write \ before each sign that is meant as it stands",
    "E": r"write \ before each sign that is meant as it stands",
    "k": r"write the group's number, as in \1",
    "N": r"write the character itself or \uXXXX",
}
"""Letter of an escape that Java has → what to write."""
_ESCAPED = re.compile(r"\\(?:(x\{)|(b\{g\})|(.))", re.DOTALL)
_WORDS: tuple[tuple[str, str], ...] = (
    (r"missing \), unterminated comment", "a comment (?# … ) is not read here; leave it out"),
    (r"missing \)", r"a parenthesis is opened and not closed; a parenthesis in the text is written \("),
    ("unbalanced parenthesis", r"a parenthesis is closed that is not open; a parenthesis in the text is written \)"),
    ("unterminated character set", r"a bracket is opened and not closed; a bracket in the text is written \["),
    ("nothing to repeat", r"there is nothing before it to be repeated; a sign in the text is written \* \+ \?"),
    ("multiple repeat", "what is repeated already is repeated again; put it in a group: (?: … )"),
    ("min repeat greater", "it counts down; write the smaller number first, as {1,2}"),
    ("bad character range", "a range in brackets runs backwards, or from more than one character; - in the text is written \\-"),
    ("end of pattern\\)", r"it ends with a single \; a backslash in the text is written \\"),
    ("incomplete escape", r"an escape lacks hexadecimal digits: \x has two, \u four"),
    ("octal escape", r"an octal escape goes up to \0377; write \uXXXX"),
    ("look-behind requires", "what stands behind (?<= or (?<! must be of one length here; look for each length by itself, as "
                             "(?:(?<=a)|(?<=bc))"),
    ("cannot refer to an open group", "a group cannot be asked for within itself"),
    ("invalid group reference|unknown group name", "it asks for a group that is not there"),
    ("global flags", "flags for the rest are read at the beginning only; write (?i: … ) for a part"),
    ("flag|missing -|missing :", "(? begins flags that are not read here; as flags are read: i, m, s, u, x, as in (?i) or (?i: … )"),
    ("unknown extension|end of pattern|group name", "(? begins a group that is not read here; use ( … ) or (?: … )"),
)  # fmt: skip
"""Part of what Python says → what is said instead."""


def not_read_here(pattern: str) -> str | None:
    """Of an escape that Java has and a check has not, that it is not read, and what to write; None = there is none."""
    for found in _ESCAPED.finditer(pattern):
        if found[1]:
            return r"\x{ … } is not read here; write the character itself or \uXXXX"
        if found[2]:
            return r"\b{g} is not read here; write \b"
        if found[3] in _NOT_READ:
            return f"\\{found[3]} is not read here; {_NOT_READ[found[3]]}"
    return None


def in_own_words(error: re.error, pattern: str) -> str:
    """What is wrong with a pattern that Python does not read, and where."""
    if escape := re.match(r"bad escape (\\[A-Za-z])$", error.msg):
        return f"{escape[1]} means nothing in a pattern; a backslash in the text is written \\\\"
    if named := re.match(r"unknown extension \?<\w", error.msg):
        begins = f"({named[0].split()[-1][:2]}"
        return f"{begins}name> names a group, which is not read here; use ( … ) and its number"
    if flag := re.match(r"unknown extension \?([A-Za-z])$", error.msg):
        return f"the flag {flag[1]} is not read here; as flags are read: i, m, s, u, x"
    said = next(
        (words for part, words in _WORDS if re.search(part, error.msg)),
        "it is not read here as a pattern",
    )
    return said if error.pos is None else f"at character {_place(error.pos, pattern):,}: {said}"


PROPERTY = re.compile(r"\\[pP]\{\w+\}")
"""Python has none; each is checked as the stand-in."""
STAND_IN = r"\w"


def _place(pos: int, pattern: str) -> int:
    """The place in the pattern, from 1, of one in the pattern with stand-ins."""
    for found in PROPERTY.finditer(pattern):
        if found.start() >= pos:
            break
        pos += len(found[0]) - len(STAND_IN)
    return min(pos, len(pattern)) + 1
