"""Feeds as files, made once per seed and size and kept in the project's cache."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow.csv

from benchmarks.feeds import COLUMNS, Day, Numbers, Shop, figures, table
from infra.paths import cache_dir

MADE_BY = 1
"""Raise it when the same seed gives other bytes: earlier files are then made again."""
_CHUNK = 100_000


@dataclass(frozen=True)
class Fingerprint:
    """The state of a mall's products in a sink: count, sums of prices and reviews."""

    products: int
    prices: int
    reviews: int


@dataclass(frozen=True)
class FeedFile:
    """A feed on disk, and the state of a sink once it is loaded."""

    path: Path
    shop: Shop
    day: Day
    size_bytes: int
    after: Fingerprint


def feed_file(shop: Shop, day: Day, shuffled: bool = False, folder: Path | None = None) -> FeedFile:
    """The feed of that day; `shuffled` = the same rows in another order."""
    folder = folder or cache_dir() / "bench" / f"v{MADE_BY}-seed{shop.seed}"
    name = f"{shop.rows}-from-{shop.begin}-{day}{'-shuffled' if shuffled else ''}"
    path, told = folder / f"{name}.csv", folder / f"{name}.json"
    if not told.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".new")
        after = _write(draft, shop, day, shuffled)
        draft.replace(path)
        told.write_text(json.dumps(asdict(after)), "utf-8")
    after = Fingerprint(**json.loads(told.read_text("utf-8")))
    return FeedFile(path, shop, day, path.stat().st_size, after)


def _write(path: Path, shop: Shop, day: Day, shuffled: bool) -> Fingerprint:
    numbers = shop.numbers(day)
    if shuffled:
        numbers = shop.shuffled(numbers)
    prices = reviews = 0
    with path.open("wb") as file:
        file.write((",".join(COLUMNS) + "\n").encode())
        for begin in range(0, len(numbers), _CHUNK):
            some: Numbers = numbers[begin : begin + _CHUNK]
            amounts = figures(shop, some, day)
            prices += int(amounts.price.sum())
            reviews += int(amounts.reviews.sum())
            options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed")
            pyarrow.csv.write_csv(table(shop, some, day), file, options)
    return Fingerprint(len(numbers), prices, reviews)
