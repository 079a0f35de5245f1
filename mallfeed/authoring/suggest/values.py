"""What a single value looks like: an amount, an address, a trade item number, a moment, a word."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from mallfeed.authoring.suggest.currencies import SHARED, code_of, sign_of
from mallfeed.authoring.suggest.more_words import known_word, other_word

_SIGN = r"((?:US|HK|NT|A|C|S|U)?[$＄]|[₩￦€£¥￥元円₫฿\\₽₴₸₺₹]|[^\W\d_]{1,6}\.?)"
_MONEY = re.compile(
    rf"^\s*{_SIGN}?\s*[+-]?\s?\d[\d., \u00a0\u202f']*(?:e[+-]?\d{{1,2}})?\s*{_SIGN}?(?:[.,]?-)?\s*$",
    re.IGNORECASE,
)
_BESIDE = frozenset(
    ("kr", "kr.", "us$", "hk$", "nt$", "a$", "c$", "s$", "u$", "$", "＄", "¥", "￥", "\\")
)
"""Signs beside amounts that are those of several currencies."""
_SCIENTIFIC = re.compile(r"^\s*[+-]?\d(?:[.,]\d+)?e[+-]?\d{1,2}\s*$", re.IGNORECASE)
_NUMBER = re.compile(r"^\s*[+-]?(?:\d+(?:[.,]\d+)?|\d{1,3}(?:[., ]\d{3})+(?:[.,]\d+)?)\s*$")
_INTEGER = re.compile(r"^\s*\d{1,3}(?:,\d{3})+\s*$|^\s*[+-]?\d+\s*$")
_URL = re.compile(r"^\s*(?:https?:)?//[^\s/,|]+\.[^\s]+$|^\s*www\.[^\s]+\.[^\s]+$", re.IGNORECASE)
_PATH = re.compile(r"^\s*(?:\.{0,2}/[^/\s].{0,500}|\?[\w%]+=\S*)$")
_PICTURE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|bmp)(?:[?#;]\S*)?$|/(?:images?|img|thumb\w*|media|photos?|upload)/",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"<\s*/?\s*(?:p|br|div|b|strong|ul|li|span|table|img|h\d|a|em|font|tr|td)\b", re.I
)
_CURRENCY = re.compile(r"^\s*(?:KRW|USD|EUR|JPY|GBP|CNY|SEK|NOK|DKK|PLN|CHF|CAD|AUD|NZD|SGD|HKD|TWD|"
                       r"THB|VND|IDR|MYR|PHP|INR|BRL|MXN|CZK|HUF|RON|TRY|AED|SAR|ILS|ZAR|RUB|UAH|KZT|BYN)\s*$")  # fmt: skip
"""Codes that are words of nothing else: a column without a known name that holds them is one of currencies."""
_CODES = re.compile(
    r"^(?:[0-9a-f]{24,}|[A-Za-z]{0,3}[\d.-]+)(?:[|,;/>^\s]+(?:[0-9a-f]{24,}|[A-Za-z]{0,3}[\d.-]+))*$"
)
"""Numbers and hexadecimal keys, one or several: what a catalog of codes has in place of names."""
_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._/:#-]*$")
_TAGGED = re.compile(r"^<<<\s*\w+\s*>>>$")
_FILE = re.compile(r"^\s*[\w.-]+(?:/[\w. -]+)+$")
_LEVELS = re.compile(r"\S\s*(?:>|›|»|＞)\s*\S|[^\s|]\|[^\s|]")
_LIST = re.compile(r"^\s*\[.*\]\s*$", re.DOTALL)

YES_NO = frozenset(
    {"y", "n", "yes", "no", "true", "false", "t", "f", "1", "0", "예", "아니오", "o", "x"}
)
OPERATIONS: Mapping[str, str] = {
    **dict.fromkeys(("i", "u", "c", "insert", "update", "upsert", "create", "add", "modify", "new",
                     "upd", "ins", "mod", "edit", "등록", "신규", "수정", "추가", "변경"), "upsert"),
    **dict.fromkeys(("d", "delete", "del", "remove", "삭제", "제거", "단종"), "delete"),
}  # fmt: skip
NUMBERS_OF_DATES, RFC = "numbers", "rfc"
"""Dates of three numbers, in whatever order; those of mails (RFC 5322), whose day of the week no format reads."""
MOMENTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("iso8601", r"^(?:19|20)\d{2}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?"
                    r"(?: ?(?:Z|[+-]\d{2}(?::?\d{2})?))?)?$"),
        ("iso8601", r"^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
                    r"(?:T?(?:[01]\d|2[0-3])[0-5]\d[0-5]\d)?$"),
        ("yyyyMMddHHmm", r"^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d$"),
        ("epoch_millis", r"^1[0-9]{12}$"),
        ("epoch_seconds", r"^1[0-9]{9}(?:\.\d+)?$"),
        ("yyyy. M. d.", r"^(?:19|20)\d{2}\. \d{1,2}\. \d{1,2}\.$"),
        ("yyyy년 M월 d일", r"^(?:19|20)\d{2}[년年] *\d{1,2}[월月] *\d{1,2}[일日]$"),
        ("yyyy-MM-dd HH:mm:ss z", r"^(?:19|20)\d{2}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} [A-Z]{3,4}$"),
        (NUMBERS_OF_DATES, r"^(?:(?:19|20)\d{2}([/.])\d{2}\1\d{2}|\d{2}([/.])\d{2}\2(?:19|20)\d{2})"
                           r"(?: \d{2}:\d{2}(?::\d{2})?)?$"),
        (RFC, r"^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} \S+$"),
    )
)  # fmt: skip
"""Format as a catalog names it → how its values look; which number of NUMBERS_OF_DATES is the day `date_forms` tells."""


_TEXT_MARK = re.compile(r"""^(?:'|="(?=.*"$))([0-9][0-9 -]*)"?$""")
_BETWEEN_NUMBERS = re.compile(r"[\[\]\",;|/\n]")


def gtin_fits(value: str) -> bool:
    """Whether it has the length and the check digit of a trade item number (GS1, 7.9), or is a list of such; a
    spreadsheet's mark that it is text (`'0088…`, `="0099…"`) comes off when it is read."""
    value = _TEXT_MARK.sub(r"\1", value)
    several = [one for one in _BETWEEN_NUMBERS.split(value) if one.strip()]
    if len(several) > 1 or value[:1] == "[":
        return bool(several) and all(map(gtin_fits, several))
    digits = re.sub(r"[\s\u00a0-]", "", value)
    if not re.fullmatch(r"\d{8}|\d{12,14}", digits) or not digits.strip("0"):
        return False
    weighted = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(reversed(digits)))
    return weighted % 10 == 0


def amount_of(value: str, comma: bool = False) -> float | None:
    """The number in an amount; `comma` = it marks decimals."""
    if _SCIENTIFIC.match(value):
        return float(value.replace(",", "."))
    bare = re.sub(r"[^\d.,-]", "", value).strip("-.,")
    if not bare:
        return None
    bare = bare.replace(".", "").replace(",", ".") if comma else bare.replace(",", "")
    try:
        return float(bare)
    except ValueError:
        return None


def is_money(value: str) -> bool:
    """Whether it is an amount, with or without a currency; `Mug 0` is none."""
    match = _MONEY.match(value)
    signs = [sign for sign in match.groups() if sign] if match else []
    return bool(match) and all(one.lower() in _BESIDE or sign_of(one) for one in signs)


def currency_in(value: str) -> str | None:
    """The currency that an amount names."""
    match = _MONEY.match(value)
    signs = (match[1] or "", match[2] or "") if match else ()
    found = next((code for sign in signs if sign and (code := sign_of(sign))), None)
    return found or next((code for sign, code in _WRITTEN if sign in value), None)


def shared_sign_in(value: str) -> str | None:
    """The sign beside an amount that several currencies have: `$`, `¥`."""
    match = _MONEY.match(value)
    return next((sign for sign in (match.groups() if match else ()) if sign in SHARED), None)


_WRITTEN = (("₩", "KRW"), ("￦", "KRW"), ("원", "KRW"), ("€", "EUR"), ("£", "GBP"))
"""Signs that mean a currency wherever they stand in an amount's text."""


def moment_of(value: str) -> str | None:
    """The format of a moment, as in MOMENTS."""
    text = value.strip()
    return next((name for name, pattern in MOMENTS if pattern.match(text)), None)


def is_epoch(name: str | None) -> bool:
    """Whether the format is a number since 1970, which ids may resemble."""
    return name in ("epoch_seconds", "epoch_millis")


def is_url(value: str) -> bool:
    """Whether it is one web address."""
    return bool(_URL.match(value))


def is_picture(value: str) -> bool:
    """Whether an address, or a path, is that of a picture."""
    if not _PICTURE.search(value.strip()):
        return False
    return is_url(value) or bool(_PATH.match(value) or _FILE.match(value))


def urls_in(value: str, separator: str) -> int:
    """How many addresses the value consists of with this separator; 0 = it does not consist of addresses."""
    parts = [part.strip() for part in value.split(separator) if part.strip()]
    return len(parts) if parts and all(is_url(part) or is_picture(part) for part in parts) else 0


def word_of(field: str, value: str) -> str | None:
    """The canonical word of an enum that the value means, in whatever language a draft can name it."""
    return known_word(field, value) or other_word(field, value)


KINDS: dict[str, Callable[[str], bool]] = {
    "money": is_money,
    "number": lambda v: bool(_NUMBER.match(v)),
    "integer": lambda v: bool(_INTEGER.match(v)),
    "url": is_url,
    "path": lambda v: bool(_PATH.match(v)),
    "picture": is_picture,
    "gtin": gtin_fits,
    "moment": lambda v: (found := moment_of(v)) is not None and not is_epoch(found),
    "epoch": lambda v: is_epoch(moment_of(v)),
    "yes_no": lambda v: v.strip().lower() in YES_NO,
    "availability": lambda v: word_of("availability", v) is not None,
    "condition": lambda v: word_of("condition", v) is not None,
    "currency": lambda v: code_of(v) is not None,
    "currency_code": lambda v: bool(_CURRENCY.match(v)),
    "operation": lambda v: v.strip().lower() in OPERATIONS,
    "html": lambda v: bool(_TAG.search(v)),
    "code": lambda v: bool(_CODE.match(v.strip())) and any(c.isdigit() for c in v),
    "levels": lambda v: bool(_LEVELS.search(v)) and not is_url(v.split("|")[0]) and not _TAG.search(v),
    "codes": lambda v: bool(_CODES.match(v)) and any(c.isdigit() for c in v),
    "hangul": lambda v: any("가" <= c <= "힣" for c in v),
    "words": lambda v: any(c.isalpha() for c in v) and not is_url(v),
    "spaced": lambda v: " " in v.strip() and any(c.isalpha() for c in v),
    "json_list": lambda v: bool(_LIST.match(v)),
    "with_currency": lambda v: is_money(v) and currency_in(v) is not None,
}  # fmt: skip
"""Kind of value → test whether a value is of this kind."""


def is_data(cell: str) -> bool:
    """Whether a cell cannot be the name of a column: a number, an address, a moment, a long text."""
    text = cell.strip()
    if not text:
        return False
    return (
        bool(_NUMBER.match(text)) or is_url(text) or moment_of(text) is not None or len(text) > 60
        or ("<" in text and not _TAGGED.match(text)) or (is_money(text) and currency_in(text) is not None)
    )  # fmt: skip
