"""Invented values of columns: nobody's rows, but with the shapes that real ones have.

Each maker takes the row's number and a parameter. What belongs to one product (its name, category,
prices) is derived from that number alone, so that columns of a row agree.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.suggest_eval.words import LANGUAGES, Words

Make = Callable[[int, str, Words], Any]
HOST, CDN = "https://www.shop.example", "https://cdn.shop.example"
EPOCH = 1_790_000_000


def _number(row: int, factor: int = 7919) -> int:
    """A number below 10,000 that looks like chance and is the same at each run."""
    return (row * factor + 1237) % 10_000


def _noun(row: int, words: Words) -> tuple[str, tuple[str, ...]]:
    return words.products[row % len(words.products)]


def _title(row: int, _: str, words: Words) -> str:
    noun, _path = _noun(row, words)
    brand = words.brands[row % len(words.brands)]
    return f"{brand} {noun} {words.extras[row % len(words.extras)]} {100 + row * 3}"


def _short(row: int, _: str, words: Words) -> str:
    return f"{words.extras[(row + 1) % len(words.extras)]} {_noun(row, words)[0]}"


def _description(row: int, _: str, words: Words) -> str:
    return " ".join([_short(row, "", words), words.sentence, _title(row, "", words)]) + "."


def _html(row: int, _: str, words: Words) -> str:
    return f"<p>{_description(row, '', words)}</p><ul><li>{words.sentence}</li></ul>"


def _path(row: int, mark: str, words: Words) -> str:
    levels = _noun(row, words)[1]
    return (f" {mark} " if mark in ">|" else mark).join(levels)


def _level(number: int) -> Make:
    return lambda row, _, words: _noun(row, words)[1][number]


def _won(row: int) -> int:
    """Today's price in whole units: 9,900, 12,400 …"""
    return 9_900 + _number(row) // 40 * 500


def _money(times: float) -> Make:
    """Amounts in the style that the parameter names: `int`, `comma`, `dec`, `decc`, `cur XXX` …"""

    def make(row: int, style: str, words: Words) -> Any:
        whole = round(_won(row) * times / 100) * 100
        cents = f"{whole / 1000 + 0.99:.2f}"
        match style.partition(" "):
            case ("int", _, _):
                return str(whole)
            case ("comma", _, _):
                return f"{whole:,}"
            case ("decc", _, _):
                return cents.replace(".", ",")
            case ("cur", _, code):
                return f"{whole}.00 {code}" if code == "KRW" else f"{cents} {code}"
            case ("pre", _, code):
                return f"{code}{cents}"
            case ("num", _, _):
                return float(cents)
            case ("float", _, _):
                return float(whole)
            case ("sci", _, _):
                return f"{whole + 0.5:.6e}" if row % 3 else str(whole)
            case _:
                return f"{whole}.00" if words.whole_money else cents

    return make


def _sale(row: int, style: str, words: Words) -> Any:
    return _money(1.0)(row, style, words) if row % 3 == 0 else None


def _ean(row: int, _: str, __: Words, length: int = 13) -> str:
    body = f"{4006381_000000 + row * 7919:0{length - 1}d}"[-(length - 1) :]
    weighted = sum(int(d) * (1 if i % 2 else 3) for i, d in enumerate(reversed(body)))
    return f"{body}{-weighted % 10}"


def _image(number: int) -> Make:
    return lambda row, _, __: f"{CDN}/images/{1000 + row}_{number}.jpg"


def _images(row: int, mark: str, words: Words) -> str:
    return (mark or " ").join(_image(n)(row, "", words) for n in range(1 + row % 3))


def _moment(pattern: str) -> Make:
    def make(row: int, _: str, __: Words) -> str:
        day, hour = 1 + row % 28, row % 24
        return pattern.format(d=day, h=hour, m=row % 12 + 1, H=(hour - 1) % 12 + 1)

    return make


def _code(row: int, start: str, _: Words) -> str:
    return f"{start}{1000 + row * 17}"


def _hex(factor: int) -> Make:
    return lambda row, _, __: f"{(row + 3) * factor * 0x9E3779B97F4A7C15 % 2**96:024x}"


def _choice(row: int, options: str, _: Words) -> str | None:
    several = options.split(",") if ", " not in options else [options]
    return several[_number(row) % len(several)] or None


def _tags(row: int, mark: str, words: Words) -> str:
    extras = words.extras
    return (mark or " ").join([_noun(row, words)[0].split()[0], extras[row % len(extras)]])


def _of_first(make: Make) -> Make:
    """Filled in the first row of a product with three variants, else blank."""
    return lambda row, arg, words: None if row % 3 else make(row // 3, arg, words)


def _slug(row: int, _: str, __: Words) -> str:
    return f"{('soft', 'small', 'blue', 'round')[row % 4]}-thing-{row}"


MAKERS: Mapping[str, Make] = {
    "title": _title, "short": _short, "desc": _description, "html": _html,
    "catpath": _path, "cat1": _level(0), "cat2": _level(1), "cat3": _level(2),
    "catcode": lambda row, _, words: str(50_000_000 + row % len(words.products) * 17),
    "jsoncat": lambda row, mark, words: json.dumps([f" {mark} ".join(_noun(row, words)[1])]),
    "price": _money(1.0), "list": _money(1.25), "cost": _money(0.6), "sale": _sale,
    "fee": lambda row, _, __: ("0", "2500", "3000")[row % 3],
    "brand": lambda row, _, words: words.brands[row % len(words.brands)],
    "maker": lambda row, _, words: f"{words.brands[row % len(words.brands)]} {words.company}",
    "origin": lambda row, _, words: words.countries[row % len(words.countries)],
    "model": lambda row, _, __: f"{'QXM'[row % 3]}{'RT'[row % 2]}-{200 + row * 3}",
    "sku": lambda row, _, __: f"SK-{1000 + row * 7}", "sku2": lambda row, _, __: f"L{row * 13 + 7}",
    "num": lambda row, start, __: str(int(start) + row * 37), "seq": lambda row, _, __: str(row + 1),
    "code": _code, "hex": _hex(1), "hex2": _hex(3), "slug": _slug,
    "hexlist": lambda row, _, words: "|".join([_hex(5)(row % 8, "", words), _hex(7)(row % 5, "", words)]),
    "ean": _ean, "ean14": lambda row, arg, words: _ean(row, arg, words, 14),
    "group": lambda row, _, __: f"GR{row // 2 + 50}",
    "url": lambda row, _, __: f"{HOST}/p/{1000 + row}", "murl": lambda row, _, __: f"https://m.shop.example/p/{1000 + row}",
    "relurl": lambda row, _, __: f"/{_slug(row, '', LANGUAGES['en'])}/",
    "track": lambda row, _, __: f"https://track.example/click?a=12&p={1000 + row}",
    "pixel": lambda row, _, __: f"https://track.example/image-{row}-{row * 3}",
    "img": _image(0), "img2": _image(1), "img3": _image(2), "imgs": _images,
    "imgname": lambda row, _, __: f"thing_{row}.jpg",
    "imgpath": lambda row, _, __: f"catalog/demo/thing_{row}.jpg",
    "imglist": lambda row, _, words: [_image(n)(row, "", words) for n in range(1 + row % 3)],
    "jsonimgs": lambda row, _, words: json.dumps([_image(n)(row, "", words) for n in range(1 + row % 3)]),
    "qty": lambda row, _, __: str(_number(row, 31) % 90),
    "weight": lambda row, _, __: f"{0.2 + row % 9 / 10:.3f}",
    "pct": lambda row, _, __: f"{_number(row, 17) % 30 + 0.5:.2f}",
    "rating": lambda row, _, __: f"{3 + _number(row, 13) % 20 / 10:.1f}",
    "ratingna": lambda row, _, __: f"{3 + row % 3}" if row % 2 else "No rating available",
    "score100": lambda row, _, __: str(80 + row % 20),
    "count": lambda row, _, __: str(_number(row, 11) % 700),
    "tags": _tags,
    "words": lambda row, _, words: [words.extras[row % len(words.extras)], words.sentence],
    "list2": lambda row, _, words: list(_noun(row, words)[1]),
    "color": lambda row, _, words: words.extras[row % len(words.extras)],
    "size": lambda row, _, __: ("S", "M", "L")[row % 3],
    "choice": _choice, "const": lambda _, value, __: value, "blank": lambda *_: None,
    "bool": lambda row, _, __: row % 4 == 0, "jsonobj": lambda row, _, __: json.dumps({"size": row % 5}),
    "date": _moment("2026-{m:02d}-{d:02d}"), "dt": _moment("2026-{m:02d}-{d:02d} {h:02d}:15:00"),
    "iso": _moment("2026-{m:02d}-{d:02d}T{h:02d}:15:00Z"), "ts": _moment("2026-{m:02d}-{d:02d}T{h:02d}:15:00"),
    "utc": _moment("2026-{m:02d}-{d:02d} {h:02d}:15:00 +0000"), "dedt": _moment("{d:02d}.{m:02d}.2026 {h:02d}:15"),
    "mdt": _moment("{m:02d}/{d:02d}/2026 {h:02d}:15"), "epoch": lambda row, _, __: str(EPOCH + row * 86_399),
    "vtitle": _of_first(_title), "vhtml": _of_first(_html), "vcatpath": _of_first(_path),
    "vcat": _of_first(_level(1)), "vtags": _of_first(_tags), "vconst": _of_first(lambda _, v, __: v),
    "vbrand": _of_first(lambda row, _, words: words.brands[row % len(words.brands)]),
    "pslug": lambda row, arg, words: _slug(row // 3, arg, words),
}  # fmt: skip
"""Kind of value, as a layout names it → its maker."""
