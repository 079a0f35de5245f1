"""HTML entities: named (HTML 4), decimal, hexadecimal, and escaped twice or more."""

from __future__ import annotations

from functools import cache
from html.entities import name2codepoint

from mallfeed.product.sql import case, each, let, looked_up, matches, replaced, tokens
from mallfeed.product.types.unicode import character

# &amp;amp;nbsp; and &#38;nbsp; are the same escaped once more: any depth becomes one ampersand.
_ESCAPED_AGAIN = r"&(?:(?:amp|AMP|#0{0,5}38|#[xX]0{0,5}26);)++"
_UNCLOSED = r"&(nbsp|amp|lt|gt|quot)(?![A-Za-z0-9;=])"
_PIECES = r"&#[0-9]{1,7};|&#[xX][0-9a-fA-F]{1,6};|&[A-Za-z][A-Za-z0-9]{1,9};|[^&]++|&"
ENTITY = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,9});"


@cache
def _names() -> dict[str, str]:
    """`&name;` → character; the numbers 128–159 mean Windows-1252, as browsers read them."""
    names = {f"&{name};": chr(code) for name, code in name2codepoint.items()}
    names |= {"&apos;": "'", "&LT;": "<", "&GT;": ">", "&QUOT;": '"', "&NBSP;": "\u00a0"}
    for code in range(128, 160):
        char = bytes([code]).decode("cp1252", errors="ignore")
        if char:
            names |= {f"&#{code};": char, f"&#x{code:x};": char, f"&#x{code:X};": char}
    return names


def unescaped(value: str) -> str:
    """The text with its entities replaced by what they stand for; unknown ones stay."""
    plain = replaced(replaced(value, _UNCLOSED, r"&$1;"), _ESCAPED_AGAIN, "&")
    return let(
        plain,
        lambda v: case(
            (matches(v, ENTITY), f"array_join({each(tokens(v, _PIECES), _piece)}, '')"),
            otherwise=v,
        ),
    )


def without_amp(value: str) -> str:
    """`&amp;` back to `&`, as URLs copied out of HTML need it."""
    return replaced(value, _ESCAPED_AGAIN, "&")


def _piece(piece: str) -> str:
    decimal = f"try_cast(substring({piece}, 3, char_length({piece}) - 3) as int)"
    hexadecimal = f"try_cast(conv(substring({piece}, 4, char_length({piece}) - 4), 16, 10) as int)"
    number = case(
        (matches(piece, "^&#[0-9]"), f"coalesce({character(decimal)}, '')"),
        (matches(piece, "^&#[xX]"), f"coalesce({character(hexadecimal)}, '')"),
        otherwise=piece,
    )
    return case(
        (f"not {matches(piece, '^&.')}", piece),
        otherwise=f"coalesce({looked_up(_names(), piece)}, {number})",
    )


def known_entity() -> str:
    """A pattern for every entity that `unescaped` would replace."""
    names = "|".join(sorted(name[1:-1] for name in _names() if name[1] != "#"))
    return rf"&(?=(?:#[0-9]{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|amp|AMP|{names});)"
