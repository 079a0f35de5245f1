"""Regular expressions in a catalog's expressions: whether they can be one, and how many groups they have."""

from __future__ import annotations

import re
import warnings

from mallfeed.kinds.sql.expression_tree import DEEPEST, Node, SyntaxFault
from mallfeed.kinds.sql.pattern_grammar import groups_in_java
from mallfeed.kinds.sql.pattern_words import PROPERTY, STAND_IN, in_own_words, not_read_here

LONGEST = 1_000
"""Characters of a pattern."""


def check_groups(name: str, parts: tuple[Node, ...]) -> None:
    """Groups that are asked for must be in the pattern."""
    if name == "regexp_extract":
        wanted = int(parts[2].name) if len(parts) > 2 else 1
    elif name == "regexp_replace":
        found = re.findall(r"(?<!\\)\$(\d+)?", parts[2].name)
        if "" in found or parts[2].name.endswith("\\"):
            raise SyntaxFault("regexp_replace: write a dollar sign as \\$")
        wanted = max((int(group) for group in found), default=0)
    else:
        return
    if groups_of(parts[1].name) < wanted:
        raise SyntaxFault(f"{name}: the pattern has no group {wanted}")


def groups_of(pattern: str) -> int:
    """Number of groups of a regular expression; raises where it cannot be one."""
    if len(pattern) > LONGEST:
        raise SyntaxFault(f"a pattern of {len(pattern):,} characters, at most {LONGEST:,} are read")
    if _depth(pattern) > DEEPEST:
        raise SyntaxFault(f"pattern {pattern[:40]!r}: groups nested deeper than {DEEPEST}")
    if told := not_read_here(pattern):
        raise SyntaxFault(f"pattern {pattern[:40]!r}: {told}")
    try:
        with warnings.catch_warnings(
            action="ignore", category=FutureWarning
        ):  # Java's rule follows
            re.compile(PROPERTY.sub(lambda _: STAND_IN, pattern))
    except (RecursionError, OverflowError) as error:
        raise SyntaxFault(
            f"pattern {pattern[:40]!r}: nested too deep, or counts too far"
        ) from error
    except re.error as error:
        raise SyntaxFault(f"pattern {pattern[:40]!r}: {in_own_words(error, pattern)}") from error
    except ValueError as error:  # flags that Python does not take together
        raise SyntaxFault(f"pattern {pattern[:40]!r}: its flags do not go together") from error
    return groups_in_java(pattern)


def _depth(pattern: str) -> int:
    """The most parentheses that are open at once, at least."""
    deepest = depth = 0
    for sign in re.findall(r"\\.|[()]", pattern, re.DOTALL):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        deepest = max(deepest, depth)
    return deepest
