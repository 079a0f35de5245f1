"""What a column's name says it holds, in Korean, English and other languages, however it is written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from mallfeed.catalog.name_words import LIKELY, NAMES, NEUTRAL, OTHER, SPOILING, SURE
from mallfeed.catalog.names_by_language import names_abroad

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\]]*[^\]\d][^\]]*\]|\{[^}]*\}")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PLURAL = re.compile(r"(?<![A-Za-z])([A-Z]{2,})s(?![a-z])")
_WORD = re.compile(r"[a-z]+|\d+|[가-힣ㄱ-ㅎ]+|[^\W\d_a-z가-힣]+")
_PREFIX = re.compile(r"^(?:g|c|p|pj|dc|s|schema|xsd)[:.](?=\w)", re.IGNORECASE)
_SHORT = {
    "nm": "name",
    "cd": "code",
    "dt": "date",
    "dttm": "date",
    "img": "image",
    "ctgr": "category",
    "prc": "price",
    "dlv": "delivery",
    "stk": "stock",
    "dtm": "date",
}
_EMPTY = frozenset(("yn", "is", "flag"))
_FIRST_CJK = "\u3040"
"""Kana, ideographs and Hangul follow: their names are compounds whose end says what they are."""
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_MARKS = re.compile(r"[*※★#]+")
_OTHER_CHANNEL = frozenset(
    ("mobile", "app", "모바일", "앱", "모바일앱", "スマートフォン", "スマホ")
)
_LESS = 0.85
"""How much of a name is believed that a bracket behind it says to be another channel's: `할인가(모바일)`."""
PARTLY = 0.55
"""How much a name is believed of which only a part is known."""
PRICES = ("price", "sale_price", "list_price")
"""Fields whose column may say that it is without tax."""
_TAX = r"(?:vat|tax(?:e?s)?|gst|mwst|ust|iva|btw|tva|dph|moms|mva|ндс|kdv|ptu|afa)"
_NO = (
    r"(?:excl\w*|exkl\w*|ekskl\w*|without|w/o|before|plus|ex|hors|ohne|zzgl|sin|sem|senza|esclus[ao]|bez|zonder|uden|uten|utan"
    r"|без|haric)"
)
_WITHOUT_TAX = re.compile(
    rf"(?<![^\W_])(?:ht|h\.t\.?|net|netto|{_NO}\.?[\W_]*(?:de[\W_]+)?{_TAX}|{_TAX}\.?[\W_]*{_NO})(?![^\W_])"
    r"|税抜|税別|未税|不含税|(?:vat|부가세|부가가치세|세금)[\W_]*(?:별도|미포함|불포함|제외)"
)


@dataclass(frozen=True)
class _Known:
    role: str
    weight: float
    words: frozenset[str]
    joined: str


def words_of(name: str) -> list[str]:
    """`g:salePrices` → ["sale", "price"]; numbers are words of their own."""
    out: list[str] = []
    text = _PLURAL.sub(r"\1", unicodedata.normalize("NFKC", name).strip())
    # Before the parts are told apart: `Categories (x,y,z...)` has none.
    without = _BRACKETS.sub(" ", text)
    text = without if _WORD.search(without.lower()) else text
    for part in _MARKS.sub("", text).split("."):
        bare = _PREFIX.sub("", _BRACKETS.sub(" ", part).strip())
        spaced = _plain_letters(_CAMEL.sub(" ", bare or part).lower())
        out += [_SHORT.get(word) or _stem(word) for word in _WORD.findall(spaced)]
    return [word for word in out if word not in _EMPTY] or out


def _plain_letters(text: str) -> str:
    """Latin and Greek letters without their accents; other scripts as they are."""
    return "".join(
        unicodedata.normalize("NFD", char)[0] if "\xc0" <= char < "\u0400" else char
        for char in text.translate(_LETTERS)
    )


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


@cache
def _known() -> tuple[_Known, ...]:
    found = []
    for role, weights in NAMES.items():
        for weight, names in weights.items():
            found += [_entry(role, weight, name) for name in names.split()]
    abroad = [one for one in names_abroad() if one[0] != "other"]
    return (*found, *(_entry(role, SURE if sure else LIKELY, name) for role, name, sure in abroad))


@cache
def _others() -> tuple[_Known, ...]:
    abroad = [name for role, name, _ in names_abroad() if role == "other"]
    return tuple(_entry("other", SURE, name) for name in (*OTHER.split(), *abroad))


def _entry(role: str, weight: float, name: str) -> _Known:
    words = words_of(name)
    return _Known(role, weight, frozenset(words), "".join(words))


@cache
def roles_of(name: str) -> dict[str, float]:
    """Role → how surely the name means it (1 = it can mean nothing else), best first."""
    words = words_of(name)
    if not words:
        return {}
    forms = _forms(name, words)
    if any(set(words_of(said)) & _OTHER_CHANNEL for said in _BRACKETS.findall(name)):
        forms = [(discount * _LESS, form) for discount, form in forms]
    if apart := _apart(words):
        forms.append((0.95, apart))
    if "(" in name:
        forms.append((1.0, words_of(name.replace("(", " ").replace(")", " "))))
    found: dict[str, float] = {}
    for discount, form in forms:
        for known in _like(form):
            weight = _matched(form, known) * known.weight * discount
            if weight > found.get(known.role, 0.0):
                found[known.role] = weight
    if is_without_tax(name):
        found |= {role: min(found[role], PARTLY) for role in PRICES if role in found}
    other = found.pop("other", 0.0)
    kept = {role: weight for role, weight in found.items() if weight >= other or weight >= 0.99}
    return dict(sorted(kept.items(), key=lambda one: -one[1]))


def is_without_tax(name: str) -> bool:
    """Whether a column says that its amounts are without the tax that buyers pay: `Prix (HT)`, `販売価格(税抜)`, `판매가(VAT별도)`."""
    return bool(_WITHOUT_TAX.search(_plain_letters(unicodedata.normalize("NFKC", name)).lower()))


def _apart(words: list[str]) -> list[str]:
    """The words with those that are written together taken apart: `buyurl` → buy, url; [] if none are."""
    found = [part for word in words for part in (_split(word) or [word])]
    return found if len(found) > len(words) else []


@cache
def _split(word: str) -> list[str]:
    """Known words that make up a long one, the fewest; [] where something is left over."""
    if len(word) < 6 or not word.isascii() or word in _parts():
        return []
    best: list[list[str] | None] = [[], *[None] * len(word)]
    for end in range(1, len(word) + 1):
        for start in range(end):
            before, part = best[start], word[start:end]
            if before is None or part not in _parts():
                continue
            if best[end] is None or len(before) + 1 < len(best[end] or ()):
                best[end] = [*before, part]
    return best[-1] or []


@cache
def _parts() -> frozenset[str]:
    """English words of known names; short ones are in any word by chance."""
    names = (
        name for weights in NAMES.values() for text in weights.values() for name in text.split()
    )
    words = {word for name in (*names, *OTHER.split(), *_ALSO) for word in words_of(name)}
    return frozenset(word for word in words if word.isascii() and (len(word) > 2 or word == "id"))


_ALSO = ("buy", "page", "shop", "item", "product", "alternative", "main", "text", "standard")


def is_other(name: str) -> bool:
    """Whether the name is known to mean no canonical field."""
    words = words_of(name)
    return bool(words) and not roles_of(name) and any(
        _matched(words, known) == 1.0 for known in _like(words) if known.role == "other"
    )  # fmt: skip


def is_known_name(text: str) -> bool:
    """Whether a text is, or has in it, a name of a column that is known."""
    if not text.strip() or len(text) > 60:
        return False
    words = words_of(text)
    exact = any(weight >= PARTLY for weight in roles_of(text).values())
    others = (known for known in _like(words) if known.role == "other")
    return exact or any(_matched(words, known) >= 0.9 for known in others) or (
        level_of(text) is not None
    )  # fmt: skip


def _forms(name: str, words: list[str]) -> list[tuple[float, list[str]]]:
    """The whole name; of a dotted path its ends too, believed a little less the more is left off."""
    parts = [part for part in re.split(r"\.| / ", name) if words_of(part)]
    if len(parts) < 2 or (name.lower().startswith(("g:", "c:")) and len(parts) == 1):
        return [(1.0, words)]
    last = words_of(parts[-1])
    two = words_of(".".join(parts[-2:]))
    outer = set(words_of(".".join(parts[:-1])))
    plain = outer <= NEUTRAL | {"google", "shopping"} | {
        "offer",
        "product",
        "attribute",
        "field",
        "base",
        "element",
        "spec",
    }
    return [(1.0, words), (1.0, two), (0.98 if plain else 0.72, last)]


@cache
def _by_sign() -> dict[tuple[str, str], list[int]]:
    """What a name must share with a known one to be like it → places of those among `_everything`."""
    found: dict[tuple[str, str], list[int]] = {}
    for place, known in enumerate(_everything()):
        signs = [("word", word) for word in known.words] + [("joined", known.joined)]
        if known.joined[:1] >= _FIRST_CJK:
            signs.append(("end", known.joined[-1]))
        for sign in signs:
            found.setdefault(sign, []).append(place)
    return found


@cache
def _everything() -> tuple[_Known, ...]:
    return (*_known(), *_others())


def _like(words: list[str]) -> list[_Known]:
    """The known names that these words may match at all (`_matched`), in their order: a few of many hundred."""
    joined = "".join(words)
    signs = [("joined", joined), ("end", joined[-1:]), *(("word", word) for word in words)]
    places = sorted({place for sign in signs for place in _by_sign().get(sign, ())})
    return [_everything()[place] for place in places]


def _matched(words: list[str], known: _Known) -> float:
    mine = frozenset(words)
    joined = "".join(words)
    if mine == known.words or joined == known.joined:
        return 1.0
    bare = mine - NEUTRAL
    if bare == known.words:
        return 0.95
    if bare != mine and bare and bare == known.words - NEUTRAL:
        return 0.95
    if known.joined[:1] >= _FIRST_CJK and joined.endswith(known.joined):
        return _compound(joined[: -len(known.joined)])
    rest = bare - known.words
    near = len(known.words) > 1 or (len(rest) == 1 and words[-1] in known.words)
    if known.words < bare and near and not rest & SPOILING and len(known.joined) > 3:
        return PARTLY
    return 0.0


_BEFORE = frozenset("실 최종 대표 기본 노출 현재 원 pc pc用 用 メイン 代表 主".split())  # noqa: SIM905


def _compound(rest: str) -> float:
    """How much an ending is believed behind what stands before it."""
    if rest in NEUTRAL or rest in _BEFORE:
        return 0.9
    return 0.0 if any(word in rest for word in SPOILING) else PARTLY


@dataclass(frozen=True)
class Level:
    """A column that holds one level of a category."""

    stem: str
    number: int
    code: bool


_ORDINALS = {"대": 1, "중": 2, "소": 3, "세": 4, "세세": 5, "상세": 4}
_CATEGORY_TEXT = (
    "category cate cat catename catnm categorie caid cateid depth lv level 분류 카테고리 카테고리명 분류명 "
    "catename categorynm ctg ctgr 차카테고리 차분류 카테고리코드 분류코드 카테고리id 차카테고리명"
)
_CATEGORY = frozenset(_CATEGORY_TEXT.split())
_CODES_TEXT = "id code cd no caid cateid 코드 번호 카테고리코드 분류코드 카테고리id"
_CODES = frozenset(_CODES_TEXT.split())


def level_of(name: str) -> Level | None:
    """Which level of a category the column holds, by its name; None = it is none."""
    words = words_of(name)
    joined = "".join(words)
    code = any(word in _CODES for word in words) or "코드" in joined
    korean = re.search(r"(대|중|소|세세|세|상세)(?:분류|카테고리)(?:명|코드|번호)?$", joined)
    if korean:
        return Level(_stem_of(joined, korean[1]), _ORDINALS[korean[1]], code)
    place = re.search(r"\[(\d)\]", name)
    if place and any(word in _CATEGORY for word in words):
        return Level("".join(w for w in words if not w.isdigit()), int(place[1]) + 1, code)
    turned = re.search(r"(?:분류|카테고리)(대|중|소|세)$", joined)
    if turned:
        return Level(_stem_of(joined, turned[1]), _ORDINALS[turned[1]], code)
    if any(word in _CATEGORY for word in words) and not {"google", "naver", "image"} & set(words):
        numbers = [int(word) for word in words if word.isdigit()]
        if len(numbers) == 1 and numbers[0] <= 9:
            rest = "".join(word for word in words if not word.isdigit())
            return Level(rest, numbers[0] or 1, code)
    wide = {"large": 1, "l": 1, "big": 1, "middle": 2, "mid": 2, "m": 2, "medium": 2, "small": 3, "s": 3,
            "detail": 4, "d": 4, "main": 1, "sub": 2}  # fmt: skip
    sizes = [word for word in words if word in wide]
    if len(sizes) == 1 and len(words) <= 3 and any(word in _CATEGORY for word in words):
        return Level("".join(w for w in words if w not in wide), wide[sizes[0]], code)
    return None


def _stem_of(joined: str, ordinal: str) -> str:
    return joined.replace(ordinal, "", 1)


def image_number(name: str) -> int | None:
    """The number of one of several picture columns (`image2`, `추가이미지3`)."""
    words = words_of(name)
    numbers = [int(word) for word in words if word.isdigit()]
    if len(numbers) != 1:
        return None
    roles = roles_of("_".join(word for word in words if not word.isdigit()))
    about = max(roles.get("image_url", 0.0), roles.get("extra_image_urls", 0.0))
    return numbers[0] if about >= PARTLY else None
