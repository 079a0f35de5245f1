"""What malls charge for an article: its usual price, a little more or less, now and then a mistake."""

from random import Random
from typing import Any

from .vocabulary import Article

# A listing of an article worth this much is now and then offered for a price nobody can mean.
TRAP_FROM_WON, TRAP_CHANCE, TRAP_WON = 300_000, 0.02, (100, 1_000, 10)


def _won(article: Article, variant: dict[str, Any]) -> float:
    """The article's usual price in this variant: amounts, packs and memory cost more."""
    won = float(article.won)
    for name, value in variant.items():
        least = article.kind.axes[name][0]
        if name in ("ml", "g") and article.kind.per_amount:
            won *= value / 1000
        elif name == "count" and article.won < 5_000:
            won *= value * (0.98 if value < 20 else 0.92)
        elif name in ("ml", "g", "gb", "count", "inch", "sheets", "tablets", "kg"):
            won *= (value / least) ** (0.25 if name == "gb" else 0.7)
    return won


def asked_prices(
    article: Article, variant: dict[str, Any], rng: Random
) -> tuple[int, int | None, bool]:
    """Price, list price and whether the price is a trap."""
    about = _won(article, variant)
    if article.won >= TRAP_FROM_WON and rng.random() < TRAP_CHANCE:
        return rng.choice(TRAP_WON), None, True
    price = max(500, round(about * rng.uniform(0.88, 1.12) / 10) * 10)
    return (
        price,
        (round(price * rng.uniform(1.05, 1.5) / 100) * 100 if rng.random() < 0.5 else None),
        False,
    )
