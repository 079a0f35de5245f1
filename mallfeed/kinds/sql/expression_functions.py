"""The functions that an expression may call: what they take, give, and how large that can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mallfeed.kinds.sql import expression_size as size


@dataclass(frozen=True)
class Function:
    """One function.

    Attributes
    ----------
    arguments : t text, n number, i int, p literal pattern, l literal int, s literal text; * = more of it
    result : kind of what it gives
    size : how large that can be
    optional : arguments at the end that may be left out
    """

    arguments: tuple[str, ...]
    result: str
    size: size.Rule
    optional: int = 0


FUNCTIONS: Mapping[str, Function] = {
    **dict.fromkeys(
        ("upper", "lower", "trim", "ltrim", "rtrim", "initcap", "reverse"),
        Function(("t",), "text", size.of_first),
    ),
    **dict.fromkeys(("length", "char_length"), Function(("t",), "int", size.of_number)),
    **dict.fromkeys(
        ("substring", "substr"), Function(("t", "i", "i"), "text", size.cut_to(2), optional=1)
    ),
    **dict.fromkeys(("left", "right"), Function(("t", "i"), "text", size.cut_to(1))),
    **dict.fromkeys(("lpad", "rpad"), Function(("t", "l", "t"), "text", size.filled_to)),
    **dict.fromkeys(
        ("startswith", "endswith", "contains"), Function(("t", "t"), "bool", size.of_number)
    ),
    **dict.fromkeys(("floor", "ceil", "abs"), Function(("n",), "number", size.of_number)),
    "concat": Function(("t*",), "text", size.together),
    "concat_ws": Function(("t", "t*"), "text", size.separated),
    "replace": Function(("t", "t", "t"), "text", size.put_in),
    "translate": Function(("t", "t", "t"), "text", size.of_first),
    "regexp_replace": Function(("t", "p", "s"), "text", size.put_in_by_pattern),
    "regexp_extract": Function(("t", "p", "l"), "text", size.of_first, optional=1),
    "split_part": Function(("t", "s", "l"), "text", size.of_first),
    "instr": Function(("t", "t"), "int", size.of_number),
    "get_json_object": Function(("t", "s"), "text", size.of_first),
    "round": Function(("n", "l"), "number", size.of_number, optional=1),
    **dict.fromkeys(
        ("try_add", "try_subtract", "try_multiply", "try_divide"),
        Function(("n", "n"), "number", size.of_number),
    ),
}
SAME_KIND = {"coalesce": 1, "nvl": 2, "ifnull": 2, "nullif": 2, "greatest": 2, "least": 2}
"""Functions whose arguments are of one kind, which is that of their result; how many at least."""
SIZE_RULES: Mapping[str, size.Rule] = {
    **{name: function.size for name, function in FUNCTIONS.items()},
    **dict.fromkeys((*SAME_KIND, "if"), size.largest),
}
NAMES = tuple(sorted(SIZE_RULES))
"""The functions that an expression may call."""
