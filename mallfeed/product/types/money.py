"""Amounts: one parser for all the ways in which prices are written."""

from __future__ import annotations

from typing import Literal

from mallfeed.product.sql import case, let, matches, replaced
from mallfeed.product.types.reading import Reading, Sql, unreadable

DecimalMark = Literal[".", ",", "auto"]

AMOUNT = "decimal(38,6)"
_PLAIN = r"^[0-9]{1,16}(?:[.][0-9]{1,2})?$"
_THOUSANDS = r"^[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4}$"
_CURRENCY = r"(?:[A-Za-z]{3}|(?i:US|HK|NT|[AUCS])[$]|[₩￦\\$＄€£¥￥元円₫฿]|원화?|달러|유로|위안|엔)"
_AROUND = rf"^{_CURRENCY}?\s*+([+-]?\s?[0-9.,][0-9., ]*?)\s*+{_CURRENCY}?(?:[.,]?-)?$"
# Grouped thousands start with 1–3 digits, the first not 0; one mark groups throughout.
_GROUPED = r"[1-9][0-9]{0,2}(?:([MARK ])[0-9]{3}(?:\1[0-9]{3})*+)"
_DOT = rf"^[+-]?(?:{_GROUPED.replace('MARK', ',')}|[0-9]++)(?:[.][0-9]*+)?$|^[+-]?[.][0-9]++$"
_COMMA = rf"^[+-]?(?:{_GROUPED.replace('MARK', '.')}|[0-9]++)(?:[,][0-9]*+)?$|^[+-]?[,][0-9]++$"


def read_money(source: Sql, decimal_mark: DecimalMark) -> Reading:
    """An amount as decimal(38,6); what does not fit the field's type is told by the field's rules."""
    return Reading(
        cell=source,
        parse=lambda cell: amount(cell, decimal_mark),
        problems=(unreadable("not_a_number"),),
        sql_type=AMOUNT,
    )


def amount(cell: Sql, decimal_mark: DecimalMark) -> Sql:
    """The number in the text, or null when it is not exactly one number."""
    usual = [(matches(cell, _PLAIN), f"try_cast({cell} as {AMOUNT})")]
    if decimal_mark != ",":
        usual.append((matches(cell, _THOUSANDS), f"try_cast(replace({cell}, ',', '') as {AMOUNT})"))
    return case(
        *usual,
        otherwise=let(_digits(cell), lambda body: _number(body, decimal_mark)),
    )


def _digits(cell: Sql) -> Sql:
    """Sign, digits and marks without currency; full-width forms and odd spaces made plain."""
    plain = f"translate({cell}, '０１２３４５６７８９，．－−\u00a0\u202f\u2009’', '0123456789,.--   \\'')"
    bare = replaced(plain, r"(?<=[0-9])'(?=[0-9]{3})", " ")
    return let(
        bare,
        lambda b: case(
            (matches(b, _AROUND), replaced(replaced(b, _AROUND, "$1"), r"^([+-]) ", "$1")),
        ),
    )


def _number(body: Sql, decimal_mark: DecimalMark) -> Sql:
    dot, comma = matches(body, _DOT), matches(body, _COMMA)
    as_dot = f"try_cast({replaced(body, '[, ]', '')} as {AMOUNT})"
    commas_to_dots = f"replace({replaced(body, '[. ]', '')}, ',', '.')"
    as_comma = f"try_cast({commas_to_dots} as {AMOUNT})"
    # Both readings hold for 1,234 and 1.234 only: `auto` groups, else the catalog's mark decides.
    both = {
        ".": as_dot,
        ",": as_comma,
        "auto": case((f"instr({body}, '.') > 0", as_comma), otherwise=as_dot),
    }[decimal_mark]
    plain = matches(body, "^[+-]?[0-9]++$")
    return case((plain, as_dot), (f"{dot} and {comma}", both), (dot, as_dot), (comma, as_comma))
