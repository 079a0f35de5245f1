"""Regular expressions as `java.util.regex.Pattern` reads them: what it would refuse, and what could explode.

A pattern is checked where no JVM is. What Python's `re` reads and Java does not is refused here; the
grammar is that of the Javadoc of `java.util.regex.Pattern` (Java 17).

A run counts how often a pattern looks at a character (`BoundedPattern.java`), but a part that may match
nothing can be tried without a look: `(|a)(|a)(|a)\\z` is tried in eight ways at the end of a text. How
many such ways there are follows from the pattern alone, and is bounded here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from mallfeed.kinds.sql.character_properties import is_property
from mallfeed.kinds.sql.expression_tree import SyntaxFault

MOST_WAYS = 100
"""Ways to match nothing, one after the other, without a look at a character."""
_ENDLESS = MOST_WAYS + 1
_MOST_TIMES = 2**31 - 1
_FLAGS = frozenset("imsux")
_FLAGGED = re.compile(r"\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])")
_TIMES = re.compile(r"\{(\d+)(,?)(\d*)\}")
_TAKE_NOTHING = frozenset("bBAZ123456789")
"""Signs of escapes that take no character, or that of a group; in a class they mean nothing to Java."""
_PROPERTY = re.compile(r"[pP]\{(\w+)\}")


@dataclass(frozen=True)
class _Part:
    """How a part of a pattern matches without a look at a character.

    Attributes
    ----------
    ways : in how many ways it can match nothing; 0 = it always takes a character
    tried : how many are tried at most, one after the other, within it
    """

    ways: int
    tried: int = 1


_TAKES_ONE, _TAKES_NONE = _Part(0), _Part(1)


def groups_in_java(pattern: str) -> int:
    """How many groups it has that `$1` … name.

    The pattern is one that Python's `re` reads, so its parentheses are in order.

    Raises SyntaxFault for what Java cannot read, and for what it may try in too many ways.
    """
    reader = _Reader(pattern)
    if reader.whole().tried > MOST_WAYS:
        raise SyntaxFault(
            f"pattern {pattern[:40]!r}: parts that may match nothing can be combined in more than "
            f"{MOST_WAYS} ways, which Java tries one by one; write `+` for `*` inside groups that are "
            "repeated, and leave out empty alternatives"
        )
    return reader.groups


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._has_comments = False
        self.groups = 0

    def whole(self) -> _Part:
        return self._alternatives()

    def _next(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _take(self) -> str:
        taken = self._next()
        self._at += 1
        return taken

    def _fault(self, what: str) -> SyntaxFault:
        return SyntaxFault(f"pattern {self._pattern[:40]!r}: {what}")

    def _alternatives(self) -> _Part:
        """Up to the parenthesis that closes, which stays."""
        found = [self._sequence()]
        while self._next() == "|":
            self._at += 1
            found.append(self._sequence())
        ways = sum(one.ways for one in found)
        tried = sum(one.tried for one in found) if len(found) > 1 and ways > 1 else 0
        return _bounded(ways, max(tried, *(one.tried for one in found), ways))

    def _sequence(self) -> _Part:
        ways = before = tried = 1
        while True:
            self._skip_comments()
            if self._next() in ("", "|", ")"):
                return _bounded(ways, tried)
            part = self._repeated(self._atom())
            tried = max(tried, before * part.tried, before * part.ways)
            before = before * part.ways or 1  # behind a character that was looked at it begins anew
            ways *= part.ways

    def _skip_comments(self) -> None:
        while self._has_comments and (sign := self._next()):
            if sign == "#":
                end = self._pattern.find("\n", self._at)
                self._at = len(self._pattern) if end < 0 else end
            elif sign.isspace():
                self._at += 1
            else:
                return

    def _atom(self) -> _Part:
        match self._take():
            case "(":
                return self._group()
            case "[":
                self._class()
                return _TAKES_ONE
            case "\\":
                return self._escape()
            case "^" | "$":
                return _TAKES_NONE
            case "{":
                raise self._fault(r"a brace that counts nothing is written \{ in Java")
            case _:
                return _TAKES_ONE

    def _escape(self) -> _Part:
        sign = self._take()
        if sign == "U":
            raise self._fault(f"Java has no \\{sign}; write the character itself or \\uXXXX")
        if sign == "0" and not re.match("[0-7]", self._next()):
            raise self._fault(r"write \00 for the character of code 0")
        if sign in ("p", "P"):
            self._property()
        return _TAKES_NONE if sign in _TAKE_NOTHING else _TAKES_ONE

    def _property(self) -> None:
        found = _PROPERTY.match(self._pattern, self._at - 1)
        if found is None or not is_property(found[1]):
            name = found[1] if found else ""
            raise self._fault(
                f"Java has no property {{{name}}}; it has {{L}}, {{Nd}}, {{IsHangul}} …"
            )
        self._at = found.end()

    def _class(self) -> None:
        """Up to the bracket that closes. Classes of Java's stand in one another, Python's do not."""
        self._at += self._next() == "^"
        if self._next() == "]":
            raise self._fault(r"a bracket at the beginning of a character class is written \] here")
        while (sign := self._take()) != "]":
            if sign == "":
                raise self._fault(r"a bracket in a character class is written \[ in Java")
            if sign == "[":
                self._class()
            elif sign == "\\":
                if self._next() in _TAKE_NOTHING:
                    raise self._fault(f"Java has no \\{self._next()} in a character class")
                self._escape()
            elif sign == "&" and self._next() == "&":
                self._both()
            elif self._has_comments and (sign.isspace() or sign == "#"):
                raise self._fault(r"with the flag x, a space in a class is written \x20, a # \x23")

    def _both(self) -> None:
        """`&&` in a class, which Java reads as "and also": it needs something on either side."""
        before, self._at = self._pattern[self._at - 2], self._at + 1
        if before in "[^&" or self._next() in "]&":
            raise self._fault(r"an ampersand beside another one in a class is written \& in Java")

    def _group(self) -> _Part:
        outer = self._has_comments
        kind = self._opened()
        if kind == "flags":  # for the rest of the group around
            return _TAKES_NONE
        inner = self._alternatives()
        self._at += 1
        self._has_comments = outer
        if kind == "group":
            return inner
        return replace(inner, ways=1 if kind == "look" else min(inner.ways, 1))

    def _opened(self) -> Literal["group", "look", "atomic", "flags"]:
        """Takes what a group begins with; says whether it is one, looks around, matches once, or has flags only."""
        if self._next() != "?":
            self.groups += 1
            return "group"
        for sign in ("?=", "?!", "?<=", "?<!", "?>"):
            if self._pattern.startswith(sign, self._at):
                self._at += len(sign)
                return "atomic" if sign == "?>" else "look"
        flags = _FLAGGED.match(self._pattern, self._at - 1)
        if flags is None:
            begins = self._pattern[self._at - 1 : self._at + 2]
            raise self._fault(f"Java has no group that begins with {begins}; use ( … ) or (?: … )")
        on, off, end = flags[1], flags[2] or "", flags[3]
        if unknown := sorted({*on, *off} - _FLAGS):
            raise self._fault(f"Java has no flag {unknown[0]}; it has {', '.join(sorted(_FLAGS))}")
        self._at = flags.end()
        self._has_comments = ("x" in on or self._has_comments) and "x" not in off
        return "flags" if end == ")" else "group"

    def _repeated(self, part: _Part) -> _Part:
        """The part with the quantifiers behind it."""
        self._skip_comments()
        fewest, more = self._quantifier()
        if fewest is None:
            return part
        is_atomic = self._next() == "+"
        self._at += self._next() in ("+", "?") and self._next() != ""
        if not part.ways:
            return replace(part, ways=int(fewest == 0))
        times = _power(part.ways, fewest)
        # Java goes round no more once a round has taken nothing.
        ways = times * (1 + part.ways) if more and (fewest == 0 or part.ways > 1) else times
        return _bounded(1 if is_atomic else ways, max(ways, times * max(fewest, 1)) * part.tried)

    def _quantifier(self) -> tuple[int | None, bool]:
        """How often at least (None = it is no quantifier), and whether it may be more."""
        match self._next():
            case "*" | "?":
                self._at += 1
                return 0, True
            case "+":
                self._at += 1
                return 1, True
            case "{":
                return self._counted()
            case _:
                return None, False

    def _counted(self) -> tuple[int, bool]:
        found = _TIMES.match(self._pattern, self._at)
        if found is None:
            raise self._fault(
                r"Java reads {3}, {3,} and {3,5}; a brace that counts nothing is written \{"
            )
        self._at = found.end()
        fewest = int(found[1])
        most = int(found[3]) if found[3] else None
        if max(fewest, most or 0) > _MOST_TIMES:
            raise self._fault(f"Java counts to {_MOST_TIMES:,}")
        return fewest, bool(found[2]) and most != fewest


def _bounded(ways: int, tried: int) -> _Part:
    return _Part(min(ways, _ENDLESS), min(max(tried, 1), _ENDLESS))


def _power(ways: int, times: int) -> int:
    if ways == 1:
        return 1
    return _ENDLESS if times > MOST_WAYS else min(ways**times, _ENDLESS)
