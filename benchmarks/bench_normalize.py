"""How much normalising costs: CSV → raw frame → canonical Parquet, against Spark's own CSV → Parquet.

    python benchmarks/bench_normalize.py [--rows 300000] [--limit 2.5] [--rounds 5]

The same 14-column feed goes both ways on 2 cores; the best round counts. Preparing is part of
ours. Fails if the ratio of seconds is above the limit. Prints the time of each step, and CPU seconds
(of Python and Java together), which do not depend on other work on the machine.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from pyspark.sql import SparkSession

from mallfeed.catalog.read import read_catalog
from mallfeed.feed.prepare import LocalFiles, LocalParts, prepare
from mallfeed.feed.source_columns import wanted_columns
from mallfeed.load.raw_frame import raw_frame
from mallfeed.normalise.normalise import normalise
from mallfeed.product.record import PRODUCT
from tests.spark_session import spark_session

CATALOG = """
mall: bench
version: 1
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@example.com
base_url: https://shop.example.com/
fields:
  product_id: id
  title: title
  description: description
  price: price_pc
  list_price: normal_price
  url: link
  image_url: image_link
  category_path: category
  brand: brand
  gtin: barcode
  availability: stock
  condition: condition
  mall_updated_at: updated
attributes:
  color: color
feeds:
  full:
    format: csv
"""
_WORDS = [
    "여성",
    "남성",
    "운동화",
    "노트북",
    "가벼운",
    "방수",
    "정품",
    "신상",
    "세트",
    "[무료배송]",
    "2026",
    "블랙",
    "&",
    "특가",
    "기모",
    "후드",
]


def write_feed(path: Path, rows: int) -> None:
    """The 14-column feed: about 620 bytes per row, one row in ten with entities or tags."""
    rng = random.Random(7)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            [
                "id",
                "title",
                "description",
                "price_pc",
                "normal_price",
                "link",
                "image_link",
                "category",
                "brand",
                "barcode",
                "stock",
                "condition",
                "updated",
                "color",
            ]
        )
        writer.writerows(_row(number, rng) for number in range(rows))


def _row(number: int, rng: random.Random) -> list[str]:
    words = rng.choices(_WORDS, k=8)
    dirty = number % 10 == 0
    title = " ".join(words).replace(" & ", " &amp; " if dirty else " ") + f" {number}"
    about = " ".join(rng.choices(_WORDS, k=30))
    price = rng.randrange(10, 3000) * 100
    return [
        f"P{number:08d}",
        title,
        f"<p>{about}</p><br>끝" if dirty else about,
        f"{price:,}" if number % 3 else str(price),
        str(price + 1000),
        f"https://shop.example.com/goods/{number}?ref=naver&c={number % 97}",
        f"https://img.example.com/{number % 1000}/{number}.jpg",
        "패션의류 > 여성의류 > 니트",
        rng.choice(["나이키", "삼성", "LG", "아디다스"]),
        f"880{number:09d}" + str(-sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(f"880{number:09d}")) % 10),
        rng.choice(["판매중", "품절", "in stock"]),
        "신상품",
        "2026-11-22 09:00:00",
        rng.choice(["빨강", "파랑"]),
    ]  # fmt: skip


@dataclass(frozen=True)
class Cost:
    """What a step cost: seconds by the clock, CPU seconds of Python and Java."""

    seconds: float
    cpu_seconds: float


class Meter:
    """Measures steps of this process and its Java."""

    def __init__(self, spark: SparkSession) -> None:
        assert spark._jvm is not None
        java = int(spark._jvm.java.lang.ProcessHandle.current().pid())
        self._stat = Path(f"/proc/{java}/stat")

    def measured(self, step: Callable[[], object]) -> Cost:
        """The cost of a step."""
        start, cpu = time.perf_counter(), self._cpu_seconds()
        step()
        return Cost(time.perf_counter() - start, self._cpu_seconds() - cpu)

    def _cpu_seconds(self) -> float:
        user, system = self._stat.read_text().rsplit(")", 1)[1].split()[11:13]
        return time.process_time() + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def least(costs: list[Cost]) -> Cost:
    """The least of each figure."""
    return Cost(min(c.seconds for c in costs), min(c.cpu_seconds for c in costs))


def main() -> int:
    """Runs both ways and compares."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rows", type=int, default=300_000)
    arguments.add_argument("--limit", type=float, default=2.5)
    arguments.add_argument("--rounds", type=int, default=5)
    options = arguments.parse_args()
    spark = spark_session("bench", cores=2)
    with tempfile.TemporaryDirectory() as scratch:
        feed = Path(scratch) / "feed.csv"
        write_feed(feed, options.rows)
        print(f"{options.rows:,} rows, {feed.stat().st_size / 1e6:.0f} MB")
        # A first round of each warms the JVM: a job loads many feeds, and Glue bills by the minute.
        _untouched(spark, feed, Path(scratch) / "warm")
        _ours(spark, feed, Path(scratch) / "warm")
        meter, plain, ours = Meter(spark), [], []
        for _ in range(options.rounds):
            plain.append(meter.measured(lambda: _untouched(spark, feed, Path(scratch) / "plain")))
            ours.append(meter.measured(lambda: _ours(spark, feed, Path(scratch) / "ours")))
    return _verdict(least(plain), least(ours), options.limit)


def _verdict(plain: Cost, ours: Cost, limit: float) -> int:
    ratio = ours.seconds / plain.seconds
    print(f"Spark's own {plain.seconds:.1f} s, ours {ours.seconds:.1f} s: {ratio:.2f} times")
    by_cpu = ours.cpu_seconds / plain.cpu_seconds
    print(f"CPU: {plain.cpu_seconds:.1f} s, {ours.cpu_seconds:.1f} s: {by_cpu:.2f} times")
    if ratio > limit:
        print(f"above the limit of {limit} times")
    return 0 if ratio <= limit else 1


def _untouched(spark: SparkSession, feed: Path, out: Path) -> None:
    frame = spark.read.option("header", True).option("multiLine", False).csv(str(feed))
    frame.write.mode("overwrite").parquet(str(out))


def _ours(spark: SparkSession, feed: Path, out: Path) -> None:
    catalog = read_catalog(CATALOG, "bench")
    start = time.perf_counter()
    raw = prepare(
        LocalFiles([feed]),
        catalog.feeds["full"],
        wanted_columns(catalog, "full"),
        LocalParts(out / "frame"),
    )
    prepared = time.perf_counter()
    frame = normalise(raw_frame(spark, [raw]), catalog, "full", PRODUCT)
    planned = time.perf_counter()
    frame.write.mode("overwrite").parquet(str(out / "products"))
    done = time.perf_counter()
    print(
        f"  prepare {prepared - start:.1f} s, plan {planned - prepared:.1f} s, "
        f"normalise and write {done - planned:.1f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
