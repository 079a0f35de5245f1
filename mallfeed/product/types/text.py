"""Plain text and HTML to text: entities, tags, invisible characters, white space, NFC, length."""

from __future__ import annotations

from dataclasses import replace

from mallfeed.catalog.field_types import HtmlTextType, TextType
from mallfeed.product.sql import (
    CONTROLS,
    INVISIBLE,
    SPACES,
    UNUSUAL,
    VISIBLE,
    case,
    filled,
    let,
    matches,
    replaced,
    singles,
)
from mallfeed.product.types.entities import ENTITY, known_entity, unescaped
from mallfeed.product.types.reading import Problem, Reading, Sql, longer_than
from mallfeed.product.types.unicode import composed

MAX_CELL = 100_000
"""Characters of a cell that are looked at; what is behind them is cut (and told as too long)."""

_HTML_NAMES = (
    "a|abbr|acronym|address|applet|area|article|aside|audio|b|base|basefont|bdi|bdo|big|blink"
    "|blockquote|body|br|button|canvas|caption|center|cite|code|col|colgroup|data|datalist|dd|del"
    "|details|dfn|dialog|dir|div|dl|dt|em|embed|fieldset|figcaption|figure|font|footer|form|frame"
    "|frameset|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|legend|li|link|main|map"
    "|mark|marquee|menu|meta|nav|nobr|noscript|object|ol|optgroup|option|output|p|param|picture|pre"
    "|progress|q|rp|rt|ruby|s|samp|script|section|select|small|source|span|strike|strong|style|sub"
    "|summary|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul"
    "|var|video|wbr"
)
# <NEW> and <무료배송> are words of a title, not tags: only names of HTML count, and what cannot be
# anything else (a closing tag, a namespace, attributes).
_TAG_BODY = (
    rf"(?:/?(?:{_HTML_NAMES})(?:[\s/][^<>]*+)?>|/[a-z][^<>]*+>|[a-z][a-z0-9]*+[:-][^<>]*+>"
    r"|[a-z][a-z0-9]*+\s[^<>=]*+=[^<>]*+>|!(?:--|doctype)[^<>]*+>?|!\[CDATA\[)"
)
TAG = rf"(?i)<{_TAG_BODY}"
_TAG_START = rf"(?i)<(?={_TAG_BODY})"
# Each begins with the one character that Java can skip to.
_HIDDEN = (
    r"(?is)<(?:(script|style|noscript|template)\b[^<>]*+>.*?(?:</\1\s*+>|$)|!--.*?(?:-->|$)"
    r"|head\b.*?(?:</head>|$))"
)
_BLOCK = (
    r"(?i)</?(?:p|div|br|li|ul|ol|tr|table|h[1-6]|hr|dl|dt|dd|section|article|header|footer"
    r"|blockquote|pre|figure|figcaption|center|main|nav|form)(?:[\s/][^<>]*+)?>"
)
_CELL_END = r"(?i)</(?:td|th)\s*+>"
# None of these is white space, invisible, taken apart, or begins markup.
_USUAL = f"[가-힣{singles('!-%', chr(39) + '-;', '=-~')}]"
_RARER = (
    r"[\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u2010-\u2027\u2030-\u205e\u2070-\u20cf\u2100-\u2bff"
    r"\u3001-\u3098\u309b-\u3163\u3165-\u9fff\uff01-\uff9f]"
)
# An ampersand or a less-than sign by itself: no letter, number sign, slash or mark follows.
_ALONE = r"&(?![#A-Za-z])|<(?![A-Za-z/!])"
_TIDY = rf"^(?=[^ ]){_USUAL}*+(?:(?: (?! |\z)|{_ALONE}|{_RARER}){_USUAL}*+)*+\z"
_ONLY_SPACES = rf"^{_USUAL}*+(?:(?:[ \t\r\n\u00a0\u3000]++|{_ALONE}|{_RARER}){_USUAL}*+)*+\z"


def clean_text(value: Sql) -> Sql:
    """One line of text: no tag, entity or control character, spaces folded, NFC; null when blank.

    Text that needs nothing costs one look at each character.
    """
    return case(
        (matches(value, _TIDY), value),
        (matches(value, _ONLY_SPACES), _folded(value)),
        otherwise=_folded(_harmless(composed(_without_markup(f"left({value}, {MAX_CELL})")))),
    )


def clean_html(value: Sql) -> Sql:
    """Readable text of an HTML fragment; blocks become line breaks; null when blank."""
    cut = f"left({value}, {MAX_CELL})"
    return case(
        (matches(value, _TIDY), value),
        (matches(value, _ONLY_SPACES), _lines(value)),
        (f"{_without_entity(value)} and {_of_usual(value, _BREAKS)}", _usual_html(cut)),
        otherwise=_lines(_harmless(composed(_without_html(cut)))),
    )


_BREAKS = r"\r\n\t"


def _of_usual(value: Sql, more: str = "") -> Sql:
    """Printable ASCII and Hangul only: nothing invisible, taken apart or of odd width."""
    return f"not {matches(value, f'[^ {VISIBLE}{more}]')}"


def _without_entity(value: Sql) -> Sql:
    return f"(instr({value}, '&') = 0 or not {matches(value, '&[#A-Za-z]')})"


def _usual_html(value: Sql) -> Sql:
    """A fragment of usual characters without entities: only its tags and spaces are to be seen to."""
    return _lines(let(_broken_at_blocks(value), lambda v: replaced(v, _TAG_START, "< ")))


def _visible(value: Sql) -> Sql:
    return replaced(value, f"{UNUSUAL}(?! )[{INVISIBLE}{CONTROLS}]++", "")


def _without_markup(value: Sql) -> Sql:
    """Entities decoded, then scripts, comments and tags taken out; a block leaves a space."""
    shown = _visible(unescaped(_visible(value)))

    def untagged(v: Sql) -> Sql:
        return _without_tags(replaced(replaced(v, _HIDDEN, " "), _BLOCK, " "))

    return let(shown, lambda v: case((f"instr({v}, '<') > 0", untagged(v)), otherwise=v))


def _without_html(value: Sql) -> Sql:
    """As `_without_markup`, with a line break for each block; source line breaks are then spaces."""
    shown = _visible(unescaped(_visible(value)))
    return let(shown, lambda v: case((f"instr({v}, '<') > 0", _broken_at_blocks(v)), otherwise=v))


def _broken_at_blocks(value: Sql) -> Sql:
    """The fragment without tags, a line break for each block."""
    breaks = r"[\r\n\u2028\u2029]++"
    flat = case((matches(value, _BLOCK), replaced(value, breaks, " ")), otherwise=value)
    blocks = replaced(replaced(flat, _HIDDEN, " "), _BLOCK, "\n")
    return _without_tags(replaced(blocks, _CELL_END, " "))


def _without_tags(value: Sql) -> Sql:
    return f"replace({replaced(value, TAG, '')}, ']]>', '')"


def _harmless(value: Sql) -> Sql:
    """What still looks like a tag or an entity after all that is taken apart by a space."""
    return let(
        value,
        lambda v: case(
            (
                f"instr({v}, '<') > 0 or {matches(v, ENTITY)}",
                replaced(replaced(v, _TAG_START, "< "), known_entity(), "& "),
            ),
            otherwise=v,
        ),
    )


# A single space before a usual character is as it should be.
_NOT_TIDY = f"{UNUSUAL}(?! [{VISIBLE}])"


def _folded(value: Sql) -> Sql:
    return filled(f"trim({replaced(value, f'{_NOT_TIDY}[{SPACES}]++', ' ')})")


def _lines(value: Sql) -> Sql:
    """Spaces folded within lines, no space around a line break, at most one empty line."""
    breaks = replaced(value, rf"\r\n?|{UNUSUAL}[\u000b\f\u0085\u2028\u2029]", "\n")
    spaces = replaced(breaks, f"{_NOT_TIDY}(?!\\n)[{SPACES}&&[^\\n]]++", " ")
    tight = let(
        spaces,
        lambda v: case(
            (f"instr({v}, '\n') > 0", replaced(replaced(v, " ?\n ?", "\n"), "\n{3,}", "\n\n")),
            otherwise=v,
        ),
    )
    return filled(f"trim(both ' \n' from {tight})")


# Linear: everything up to the first opening that nothing closes is passed over once.
_UNCLOSED = (
    r"(?is)^(?:[^<]++|<(script|style|noscript|template)\b[^<>]*+>.*?</\1\s*+>|<!--.*?-->"
    r"|<head\b.*?</head>|<(?!(?:script|style|noscript|template)\b[^<>]*+>|!--|head\b))*+<"
)


def unseen(source: Sql) -> tuple[Problem, ...]:
    """What cleaning may take out of a text that the mall must be told of.

    No text at all behind the markup; everything behind a script, style or comment that is never
    closed; what is behind the first MAX_CELL characters.
    """
    written = matches(source, rf"[^{SPACES}{INVISIBLE}{CONTROLS}]")
    # Escaped markup counts: it is unescaped before tags are taken out.
    marked = f"(instr({source}, '<') > 0 or instr({source}, '&lt;') > 0)"
    bare = f"replace({source}, '&lt;', '<')"
    long = f"octet_length({source}) > {MAX_CELL} and char_length({source}) > {MAX_CELL}"
    return (
        Problem("no_text", lambda cell, _: f"({cell} is null and {written})"),
        Problem(
            "unclosed",
            lambda _cell, _parsed: f"({marked} and {matches(bare, _UNCLOSED)})",
            False,
        ),
        Problem("too_long", lambda _cell, _parsed: f"({long})", False),
    )


def read_text(options: TextType, cleaned: Sql, source: Sql, max_length: int | None) -> Reading:
    """Cleaned text, cut at the shorter of the option's and the field's length."""
    return _cut(cleaned, source, options.max_length, max_length)


def read_html(options: HtmlTextType, cleaned: Sql, source: Sql, max_length: int | None) -> Reading:
    """Text of an HTML fragment, cut at the shorter of the option's and the field's length."""
    return _cut(cleaned, source, options.max_length, max_length)


def _cut(cell: Sql, source: Sql, *lengths: int | None) -> Reading:
    limits = [length for length in lengths if length is not None]
    whole = Reading(cell, lambda c: c, problems=unseen(source), cleaned=True, source=source)
    if not limits:
        return whole
    length = min(limits)
    cut = replace(
        whole,
        parse=lambda c: case(
            (f"char_length({c}) > {length}", f"trim(both ' \n' from left({c}, {length}))"),
            otherwise=c,
        ),
    )
    return cut.with_problem(longer_than(length), first=True)
