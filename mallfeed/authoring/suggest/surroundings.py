"""What applies to a whole feed: its currency, time zone and base address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from mallfeed.authoring.suggest.currencies import counted, currency_in_name, meant_by_sign
from mallfeed.authoring.suggest.profile import Column
from mallfeed.authoring.suggest.sample import Sample
from mallfeed.authoring.suggest.suggested_field import FoundField
from mallfeed.authoring.suggest.values import currency_in, shared_sign_in
from mallfeed.wording import how_many

_MOST = 0.5
"""Share of amounts that must name a currency for the others to be in it."""

ZONES = {
    "KRW": "Asia/Seoul", "JPY": "Asia/Tokyo", "CNY": "Asia/Shanghai", "SEK": "Europe/Stockholm",
    "NOK": "Europe/Oslo", "DKK": "Europe/Copenhagen", "EUR": "Europe/Berlin", "GBP": "Europe/London",
    "USD": "America/New_York", "CAD": "America/Toronto", "AUD": "Australia/Sydney", "PLN": "Europe/Warsaw",
    "CHF": "Europe/Zurich", "SGD": "Asia/Singapore", "TWD": "Asia/Taipei", "HKD": "Asia/Hong_Kong", "RUB": "Europe/Moscow",
    "UAH": "Europe/Kyiv", "KZT": "Asia/Almaty", "BYN": "Europe/Minsk", "CZK": "Europe/Prague", "HUF": "Europe/Budapest",
    "RON": "Europe/Bucharest", "TRY": "Europe/Istanbul", "THB": "Asia/Bangkok", "VND": "Asia/Ho_Chi_Minh", "INR": "Asia/Kolkata",
    "BRL": "America/Sao_Paulo", "MXN": "America/Mexico_City", "ILS": "Asia/Jerusalem", "NZD": "Pacific/Auckland",
}  # fmt: skip
_BY_HOST = {"kr": "KRW", "jp": "JPY", "se": "SEK", "no": "NOK", "dk": "DKK", "de": "EUR", "fr": "EUR", "es": "EUR",
            "it": "EUR", "nl": "EUR", "fi": "EUR", "at": "EUR", "uk": "GBP", "pl": "PLN", "ch": "CHF", "be": "EUR", "ie": "EUR",
            "pt": "EUR", "gr": "EUR", "sk": "EUR", "cz": "CZK", "hu": "HUF", "ro": "RON", "tr": "TRY", "ru": "RUB", "ua": "UAH",
            "kz": "KZT", "by": "BYN", "cn": "CNY", "tw": "TWD", "hk": "HKD", "sg": "SGD", "th": "THB", "vn": "VND", "id": "IDR",
            "my": "MYR", "ph": "PHP", "in": "INR", "au": "AUD", "nz": "NZD", "ca": "CAD", "br": "BRL", "mx": "MXN", "il": "ILS",
            "za": "ZAR"}  # fmt: skip


_JAPANESE = ("cp932", "shift_jis", "euc-jp", "euc-jis-2004")
"""Encodings of Japanese alone."""
_LEAST_TEXTS = 3
_BY_SCRIPT = 0.55
"""How sure a currency is of which only the writing tells: shops write for other countries, too."""
_SCRIPTS = {
    "JPY": ("Japanese", 0.25, "\u3041", "\u30fe"), "THB": ("Thai", 0.5, "\u0e01", "\u0e4e"), "ILS": ("Hebrew", 0.5, "\u05d0", "\u05ea"),
    "EUR": ("Greek", 0.5, "\u0386", "\u03ce"),
}  # fmt: skip
"""Currency → what is written in one country only, or in countries with one currency: the script, the share of the texts
beyond ASCII that must have letters of it (Japanese has words without kana), its first letter and its last. Chinese, Cyrillic,
Arabic and Latin letters are those of several."""


def currency_of(sample: Sample, fields: Iterable[FoundField]) -> tuple[str, float, str]:
    """ISO 4217 code of amounts that name none, how sure, and why; no code where a column names one that is not known.

    What amounts name is theirs; of those that name none it decides where it is said of most, or nothing else says it.
    """
    by_name = {one.name: one for one in fields}
    told = by_name.get("currency")
    if told is not None and sample[told.sources[0]].values:
        found = _of_column(sample[told.sources[0]])
        if not found[0] or sample[told.sources[0]].filled >= _MOST:
            return found
        return _of_surroundings(sample, by_name) or (
            found[0],
            0.6,
            f"{found[2]}, of those that are filled",
        )
    columns = columns_of_price(sample, by_name.values())
    named, amounts = named_in_amounts(columns, _of_host(sample, by_name))
    code, count = named.most_common(1)[0] if named else ("", 0)
    if code and count >= _MOST * amounts:
        rest = "" if count == amounts else f" in {count:,} of {how_many(amounts, 'row')}"
        shared = any(shared_sign_in(value) for column in columns for value in column.values[:200])
        return code, 0.7 if shared else 0.95, f"the prices name it{rest}"
    found_elsewhere = _of_surroundings(sample, by_name)
    if found_elsewhere is not None:
        return found_elsewhere
    if code:
        return (
            code,
            0.5,
            f"{count:,} of {amounts:,} prices name it, and nothing says what the others are in",
        )
    cents = any("." in value or "," in value for c in columns for value in c.values[:200])
    return ("USD", 0.4, "nothing names it, and prices have cents: a guess") if cents else (
        "KRW", 0.5, "nothing names it: the default"
    )  # fmt: skip


def _of_surroundings(
    sample: Sample, by_name: Mapping[str, FoundField]
) -> tuple[str, float, str] | None:
    """What the name of the price's column, the feed's language or its pages say of amounts that name no currency."""
    for column in columns_of_price(sample, by_name.values()):
        if code := currency_in_name(column.name):
            return code, 0.9, f"the name of `{column.name}` says so"
    if _hangul(sample):
        return "KRW", 0.85, "the feed is Korean and its prices name no currency"
    if _kana(sample):
        return "JPY", 0.8, "the feed is Japanese and its prices name no currency"
    guess = _of_host(sample, by_name)
    host = _host(sample, by_name.get("url"))
    if guess:
        return guess, 0.6, f"nothing names it, but its pages are on {host}"
    if sample.encoding in _JAPANESE:
        return (
            "JPY",
            _BY_SCRIPT,
            f"nothing names it, but {sample.encoding} is how Japanese is written",
        )
    for code, (script, wanted, first, last) in _SCRIPTS.items():
        if _share_in(sample, first, last) >= wanted:
            return code, _BY_SCRIPT, f"nothing names it, but its words are {script}"
    return None


def _of_host(sample: Sample, by_name: Mapping[str, FoundField]) -> str:
    """The currency of the country whose domain the feed's pages are in; empty where that is none."""
    return _BY_HOST.get(_host(sample, by_name.get("url")).rpartition(".")[2], "")


def columns_of_price(sample: Sample, fields: Iterable[FoundField]) -> list[Column]:
    """The columns from which the price is read."""
    names = [name for one in fields if one.name == "price" for name in one.sources]
    return [sample[name] for name in names if name in sample]


def named_in_amounts(columns: Iterable[Column], currency: str) -> tuple[Counter[str], int]:
    """Code → how many amounts name it, and how many amounts there are; `$` is read as in a catalog of the currency."""
    named: Counter[str] = Counter()
    amounts = 0
    for column in columns:
        for value, count in column.words:
            amounts += count
            sign = shared_sign_in(value)
            code = currency_in(value) or (meant_by_sign(sign, currency) if sign else None)
            if code:
                named[code] += count
    return named, amounts


def mixed(named: Counter[str], rows: int, currency: str) -> str:
    """What to say of amounts in several currencies; empty where there is one only, `currency` being that of the others."""
    others = max(rows - named.total(), 0)
    if not named or (set(named) == {currency} if others else len(named) == 1):
        return ""
    said = ", ".join(f"{code} in {count:,}" for code, count in named.most_common())
    rest = f", none in {others:,}, which are taken for {currency}" if others else ""
    return f"of {how_many(rows, 'row')} it names {said}{rest}"


def _of_column(column: Column) -> tuple[str, float, str]:
    codes = counted(column.words)
    if not codes:
        words = ", ".join(column.values[:5])
        return "", 0.0, f"`{column.name}` names what is known as no currency: {words}"
    code, _ = codes.most_common(1)[0]
    others = f", in most rows; others: {', '.join(one for one in codes if one != code)}"
    return code, 0.95, f"`{column.name}` says so{others if len(codes) > 1 else ''}"


def timezone_of(currency: str, sure: float) -> tuple[str, float, str]:
    """The zone for times that name none, how sure it is, and why."""
    if not currency:
        return "Asia/Seoul", 0.3, "nothing names it: the default"
    return (
        ZONES.get(currency, "Asia/Seoul"),
        min(sure, 0.7),
        f"the zone of the currency {currency}; times with a zone keep their own",
    )


def base_url_of(sample: Sample, fields: Iterable[FoundField]) -> str | None:
    """The site of absolute addresses, if others are relative; None = none is needed or known."""
    addresses = [
        one for one in fields if one.name in ("url", "image_url", "mobile_url", "extra_image_urls")
    ]
    columns = [sample[name] for one in addresses for name in one.sources if name in sample]
    if not any(column.share("path") > 0.05 and column.share("url") < 1 for column in columns):
        return None
    if all(
        value.startswith("//")
        for c in columns
        for value in c.values
        if not value.startswith("http")
    ):
        return None
    hosts = Counter(f"{urlsplit(v).scheme or 'https'}://{urlsplit(v).netloc}" for c in columns for v in c.values
                    if urlsplit(v).netloc)  # fmt: skip
    return hosts.most_common(1)[0][0] if hosts else None


def needs_base_url(sample: Sample, fields: Iterable[FoundField]) -> bool:
    """Whether an address that is mapped is relative."""
    return any(
        sample[name].share("path") > 0.5 and not any(v.startswith("//") for v in sample[name].values[:5])
        for one in fields if one.name in ("url", "image_url") for name in one.sources if name in sample
    )  # fmt: skip


def _hangul(sample: Sample) -> bool:
    return any(
        column.share("hangul") > 0.2 and column.share("words") > 0.5 for column in sample.columns
    )


def _kana(sample: Sample) -> bool:
    texts = [value for column in sample.columns for value in column.values[:20]]
    return sum(any("\u3041" <= char <= "\u30fe" for char in text) for text in texts) > 0.1 * len(
        texts
    )


def _share_in(sample: Sample, first: str, last: str) -> float:
    """The share of names and texts beyond ASCII that have a letter of the script; 0 where there are hardly any."""
    texts = [column.name for column in sample.columns]
    texts += [value for column in sample.columns for value in column.values[:20]]
    written = [text for text in texts if any(c.isalpha() and not c.isascii() for c in text)]
    if len(written) < _LEAST_TEXTS:
        return 0.0
    return sum(any(first <= c <= last for c in text) for text in written) / len(written)


def _host(sample: Sample, url: FoundField | None) -> str:
    if url is None or url.sources[0] not in sample:
        return ""
    values = sample[url.sources[0]].values
    return urlsplit(values[0]).netloc if values else ""
