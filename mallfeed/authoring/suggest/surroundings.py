"""What applies to a whole feed: its currency, time zone and base address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlsplit

from mallfeed.authoring.suggest.sample import Sample
from mallfeed.authoring.suggest.suggested_field import FoundField
from mallfeed.authoring.suggest.values import currency_in

ZONES = {
    "KRW": "Asia/Seoul", "JPY": "Asia/Tokyo", "CNY": "Asia/Shanghai", "SEK": "Europe/Stockholm",
    "NOK": "Europe/Oslo", "DKK": "Europe/Copenhagen", "EUR": "Europe/Berlin", "GBP": "Europe/London",
    "USD": "America/New_York", "CAD": "America/Toronto", "AUD": "Australia/Sydney", "PLN": "Europe/Warsaw",
    "CHF": "Europe/Zurich", "SGD": "Asia/Singapore", "TWD": "Asia/Taipei", "HKD": "Asia/Hong_Kong",
}  # fmt: skip
_BY_HOST = {"kr": "KRW", "jp": "JPY", "se": "SEK", "no": "NOK", "dk": "DKK", "de": "EUR", "fr": "EUR", "es": "EUR",
            "it": "EUR", "nl": "EUR", "fi": "EUR", "at": "EUR", "uk": "GBP", "pl": "PLN", "ch": "CHF"}  # fmt: skip


def currency_of(sample: Sample, fields: Iterable[FoundField]) -> tuple[str, float, str]:
    """ISO 4217 code of amounts that name none, how sure, and why."""
    by_name = {one.name: one for one in fields}
    told = by_name.get("currency")
    if told is not None and sample[told.sources[0]].values:
        code = sample[told.sources[0]].values[0]
        return code, 0.95, f"`{told.sources[0]}` says so"
    price = by_name.get("price")
    columns = [sample[name] for name in price.sources if name in sample] if price else []
    named = Counter(one for c in columns for value in c.values if (one := currency_in(value)))
    if named:
        return named.most_common(1)[0][0], 0.95, "the prices name it"
    if _hangul(sample):
        return "KRW", 0.85, "the feed is Korean and its prices name no currency"
    host = _host(sample, by_name.get("url"))
    guess: str | None = _BY_HOST.get(host.rpartition(".")[2])
    if guess:
        return guess, 0.6, f"nothing names it, but its pages are on {host}"
    cents = any("." in value or "," in value for c in columns for value in c.values[:200])
    return ("USD", 0.4, "nothing names it, and prices have cents: a guess") if cents else (
        "KRW", 0.5, "nothing names it: the default"
    )  # fmt: skip


def timezone_of(currency: str, sure: float) -> tuple[str, float, str]:
    """The zone for times that name none, how sure it is, and why."""
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


def _host(sample: Sample, url: FoundField | None) -> str:
    if url is None or url.sources[0] not in sample:
        return ""
    values = sample[url.sources[0]].values
    return urlsplit(values[0]).netloc if values else ""
