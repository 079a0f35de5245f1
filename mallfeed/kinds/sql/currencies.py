"""ISO 4217: which currencies there are, how many decimals they have, how prices name them."""

from __future__ import annotations

from mallfeed.kinds.sql.pieces import Sql, called, text, word_list

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
# ISO 4217 list one: minor units other than 2.
DECIMALS = {
    **dict.fromkeys(
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
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}
"""Currency → how many decimals its amounts have, where those are not two."""
USUAL_DECIMALS = 2
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
# Symbols and abbreviations as CLDR gives them in the currency's own country (narrow symbols where no other currency
# has the same), and what Korean shops write. Upper case, as the amounts' words are compared.
_WORDS = {
    "₩": "KRW", "￦": "KRW", "\\": "KRW", "원": "KRW", "WON": "KRW", "원화": "KRW",
    "US$": "USD", "U$": "USD", "달러": "USD", "달러화": "USD", "US달러": "USD", "불": "USD",
    "€": "EUR", "유로": "EUR", "유로화": "EUR", "£": "GBP", "￡": "GBP", "파운드": "GBP",
    "엔": "JPY", "엔화": "JPY", "円": "JPY", "元": "CNY", "위안": "CNY", "위안화": "CNY", "RMB": "CNY",
    "HK$": "HKD", "A$": "AUD", "C$": "CAD", "S$": "SGD", "NT$": "TWD", "MX$": "MXN", "R$": "BRL",
    "₫": "VND", "Đ": "VND", "฿": "THB", "바트": "THB", "RP": "IDR", "RM": "MYR", "₱": "PHP",
    "₹": "INR", "루피": "INR", "₪": "ILS", "₺": "TRY", "₮": "MNT", "₭": "LAK", "៛": "KHR", "৳": "BDT",
    "₽": "RUB", "РУБ": "RUB", "РУБ.": "RUB", "Р": "RUB", "Р.": "RUB", "RUR": "RUB", "루블": "RUB",
    "₴": "UAH", "ГРН": "UAH", "ГРН.": "UAH", "₸": "KZT", "ТГ": "KZT", "ТГ.": "KZT", "₾": "GEL", "₼": "AZN", "֏": "AMD",
    "ZŁ": "PLN", "KČ": "CZK", "FT": "HUF", "ЛВ": "BGN", "ЛВ.": "BGN", "FR": "CHF", "FR.": "CHF", "LEI": "RON",
    "₦": "NGN", "₡": "CRC", "₲": "PYG",
}  # fmt: skip
_KRONER = frozenset(["SEK", "NOK", "DKK", "ISK"])
_RUPEES = frozenset(["INR", "PKR", "LKR", "NPR", "MUR"])
UNKNOWN = "?"
"""In place of a code: the amount names a currency that is none of these."""


def words_of(catalog_currency: str) -> dict[str, str]:
    """Word in upper case → ISO code. What several currencies are called (`$`, `¥`, `kr`, `Rs`) follows the catalog's."""
    dollar = catalog_currency if catalog_currency in _DOLLARS else "USD"
    yen = "CNY" if catalog_currency == "CNY" else "JPY"
    words = {**{code: code for code in sorted(CURRENCIES)}, **_WORDS}
    if catalog_currency in _KRONER:
        words |= dict.fromkeys(("KR", "KR."), catalog_currency)
    rupee = catalog_currency if catalog_currency in _RUPEES else "INR"
    words |= dict.fromkeys(("RS", "RS.", "₨"), rupee)
    return words | {"$": dollar, "＄": dollar, "¥": yen, "￥": yen}


def named_in(amount: Sql, catalog_currency: str) -> Sql:
    """The currency that an amount's text names, by a word on one side or one on each (`KRW 12900`, `$12.99 USD`): null
    if none, UNKNOWN if a word is not known (`12900 XYZ`) or the two stand for different ones."""
    return called("named_currency", amount, word_list(words_of(catalog_currency)))


def decimals_of(currency: str) -> int:
    """How many decimals amounts of the currency have."""
    return DECIMALS.get(currency, USUAL_DECIMALS)


def decimals() -> Sql:
    """The currencies whose amounts have other than two decimals, as the JVM functions take them."""
    return text(",".join(f"{code}:{places}" for code, places in sorted(DECIMALS.items())))
