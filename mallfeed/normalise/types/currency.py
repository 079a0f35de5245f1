"""ISO 4217: which currencies there are, how many decimals they have, how prices name them."""

from __future__ import annotations

from mallfeed.normalise.types.reading import Reading, Sql, unreadable
from mallfeed.product.sql import called, text, word_list

# ISO 4217 list one (active codes), without funds, metals and test codes.
CURRENCIES = frozenset(
    [
        "AED",
        "AFN",
        "ALL",
        "AMD",
        "ANG",
        "AOA",
        "ARS",
        "AUD",
        "AWG",
        "AZN",
        "BAM",
        "BBD",
        "BDT",
        "BGN",
        "BHD",
        "BIF",
        "BMD",
        "BND",
        "BOB",
        "BRL",
        "BSD",
        "BTN",
        "BWP",
        "BYN",
        "BZD",
        "CAD",
        "CDF",
        "CHF",
        "CLP",
        "CNY",
        "COP",
        "CRC",
        "CUP",
        "CVE",
        "CZK",
        "DJF",
        "DKK",
        "DOP",
        "DZD",
        "EGP",
        "ERN",
        "ETB",
        "EUR",
        "FJD",
        "FKP",
        "GBP",
        "GEL",
        "GHS",
        "GIP",
        "GMD",
        "GNF",
        "GTQ",
        "GYD",
        "HKD",
        "HNL",
        "HTG",
        "HUF",
        "IDR",
        "ILS",
        "INR",
        "IQD",
        "IRR",
        "ISK",
        "JMD",
        "JOD",
        "JPY",
        "KES",
        "KGS",
        "KHR",
        "KMF",
        "KPW",
        "KRW",
        "KWD",
        "KYD",
        "KZT",
        "LAK",
        "LBP",
        "LKR",
        "LRD",
        "LSL",
        "LYD",
        "MAD",
        "MDL",
        "MGA",
        "MKD",
        "MMK",
        "MNT",
        "MOP",
        "MRU",
        "MUR",
        "MVR",
        "MWK",
        "MXN",
        "MYR",
        "MZN",
        "NAD",
        "NGN",
        "NIO",
        "NOK",
        "NPR",
        "NZD",
        "OMR",
        "PAB",
        "PEN",
        "PGK",
        "PHP",
        "PKR",
        "PLN",
        "PYG",
        "QAR",
        "RON",
        "RSD",
        "RUB",
        "RWF",
        "SAR",
        "SBD",
        "SCR",
        "SDG",
        "SEK",
        "SGD",
        "SHP",
        "SLE",
        "SOS",
        "SRD",
        "SSP",
        "STN",
        "SVC",
        "SYP",
        "SZL",
        "THB",
        "TJS",
        "TMT",
        "TND",
        "TOP",
        "TRY",
        "TTD",
        "TWD",
        "TZS",
        "UAH",
        "UGX",
        "USD",
        "UYU",
        "UZS",
        "VED",
        "VES",
        "VND",
        "VUV",
        "WST",
        "XAF",
        "XCD",
        "XCG",
        "XOF",
        "XPF",
        "YER",
        "ZAR",
        "ZMW",
        "ZWG",
    ]
)
# ISO 4217 minor unit 0.
WITHOUT_DECIMALS = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
_DOLLARS = frozenset(
    [
        "USD",
        "AUD",
        "CAD",
        "HKD",
        "NZD",
        "SGD",
        "TWD",
        "BSD",
        "BZD",
        "FJD",
        "JMD",
        "MXN",
        "ARS",
        "CLP",
        "COP",
    ]
)
_WORDS = {
    "₩": "KRW", "￦": "KRW", "\\": "KRW", "원": "KRW", "WON": "KRW", "원화": "KRW", "€": "EUR",
    "£": "GBP", "元": "CNY", "위안": "CNY", "엔": "JPY", "円": "JPY", "US$": "USD", "U$": "USD",
    "달러": "USD", "유로": "EUR", "RMB": "CNY", "HK$": "HKD", "A$": "AUD", "C$": "CAD", "S$": "SGD",
    "NT$": "TWD", "₫": "VND", "฿": "THB",
}  # fmt: skip


def _words(catalog_currency: str) -> dict[str, str]:
    """Word in upper case → ISO code. `$` and `¥` follow the catalog's currency."""
    dollar = catalog_currency if catalog_currency in _DOLLARS else "USD"
    yen = "CNY" if catalog_currency == "CNY" else "JPY"
    words = {**{code: code for code in sorted(CURRENCIES)}, **_WORDS}
    return words | {"$": dollar, "＄": dollar, "¥": yen, "￥": yen}


def read_currency(source: Sql, catalog_currency: str) -> Reading:
    """A currency column: ISO code in any case, or a usual symbol or word."""
    words = {word.lower(): code for word, code in _words(catalog_currency).items()}
    return Reading(
        cell=source,
        parse=lambda cell: called("word", cell, word_list(words)),
        problems=(unreadable("unknown"),),
    )


def named_in(amount: Sql, catalog_currency: str) -> Sql:
    """The currency that an amount's text names (`KRW 12900`, `$12.99`), or null."""
    return called("named_currency", amount, word_list(_words(catalog_currency)))


def without_decimals() -> Sql:
    """The currencies whose amounts are whole numbers, as `mallfeed.fitted` takes them."""
    return text(",".join(sorted(WITHOUT_DECIMALS)))
