"""How sellers write an amount: 500 (ml) as `500ml`, `500 ml`, `0.5L`; 1024 (GB) as `1TB`, `1테라`."""

from collections.abc import Callable
from random import Random
from typing import Any

LABELS = {
    "ml": "용량", "g": "중량", "kg": "용량(kg)", "inch": "크기(인치)", "gb": "저장용량", "count": "수량",
    "cm": "크기(cm)", "mm": "크기(mm)", "m": "길이(m)", "watt": "출력", "mah": "배터리", "serves": "인분",
    "tablets": "정수", "sheets": "매수", "seats": "인용", "people": "인용", "shoe": "신발사이즈",
    "waist": "허리사이즈", "size": "사이즈", "bed": "침대크기", "stage": "단계", "tints": "색수",
    "mmthick": "두께(mm)",
}  # fmt: skip


def plain(value: float) -> str:
    """The number without needless zeros: 1.5, 2."""
    return f"{value:g}" if value < 1_000_000 else str(int(value))


def _volume(ml: float) -> list[str]:
    litres = plain(ml / 1000)
    if ml >= 10_000:
        return [f"{litres}L", f"{litres} L", f"{litres}리터"]
    if ml < 300:
        return [f"{plain(ml)}ml", f"{plain(ml)} ml", f"{plain(ml)}mL"]
    return [f"{plain(ml)}ml", f"{plain(ml)} ml", f"{plain(ml)}ML", f"{litres}L", f"{litres} L"]


def _weight(g: float) -> list[str]:
    if g < 300:
        return [f"{plain(g)}g", f"{plain(g)} g"]
    return [f"{plain(g / 1000)}kg", f"{plain(g / 1000)} kg", f"{plain(g)}g", f"{plain(g / 1000)}KG"]


def _memory(gb: float) -> list[str]:
    if gb >= 1024:
        return [f"{plain(gb / 1024)}TB", f"{plain(gb / 1024)} TB", f"{plain(gb / 1024)}테라"]
    return [f"{plain(gb)}GB", f"{plain(gb)} GB", f"{plain(gb)}기가"]


def _count(n: float) -> list[str]:
    return (
        [] if n == 1 else [f"{plain(n)}개", f"{plain(n)}개입", f"x {plain(n)}개", f"{plain(n)}입"]
    )


WRITTEN: dict[str, Callable[[float], list[str]]] = {
    "ml": _volume,
    "g": _weight,
    "gb": _memory,
    "count": _count,
    "kg": lambda n: [f"{plain(n)}kg", f"{plain(n)} kg", f"{plain(n)}KG"],
    "inch": lambda n: [f"{plain(n)}인치", f"{plain(n)} 인치", f"{plain(n)}형", f'{plain(n)}"'],
    "cm": lambda n: [f"{plain(n)}cm", f"{plain(n)} cm", f"{plain(n)}센치"],
    "mm": lambda n: [f"{plain(n)}mm", f"{plain(n)} mm"],
    "mmthick": lambda n: [f"{plain(n)}mm", f"{plain(n)}T"],
    "m": lambda n: [f"{plain(n)}m", f"{plain(n)}미터"],
    "watt": lambda n: [f"{plain(n)}W", f"{plain(n)}와트"],
    "mah": lambda n: [f"{plain(n)}mAh", f"{plain(n)} mAh"],
    "serves": lambda n: [f"{plain(n)}인용"],
    "tablets": lambda n: [f"{plain(n)}정", f"{plain(n)}캡슐"],
    "sheets": lambda n: [f"{plain(n)}매", f"{plain(n)}장"],
    "seats": lambda n: [f"{plain(n)}인용", f"{plain(n)}인"],
    "people": lambda n: [f"{plain(n)}인용"],
    "shoe": lambda n: [f"{plain(n)}", f"{plain(n)}mm"],
    "waist": lambda n: [f"{plain(n)}", f"{plain(n)}인치"],
    "tints": lambda n: [f"{plain(n)}색"],
}


def written(name: str, value: float | str, rng: Random) -> str:
    """One of the ways to write it, the first three times in four; empty when a seller says nothing."""
    if isinstance(value, str):
        return value
    ways = WRITTEN[name](value)
    if not ways:
        return ""
    return ways[0] if rng.random() < 0.6 else rng.choice(ways)


def usual(name: str, truth: dict[str, Any]) -> str:
    """The amount as a mall's own attribute has it; empty when there is none to tell."""
    value = truth.get(name)
    if value is None or isinstance(value, str):
        return value or ""
    return next(iter(WRITTEN[name](value)), "")
