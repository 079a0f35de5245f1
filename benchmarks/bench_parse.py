"""How much SQL a catalog's feeds are normalised with, and how long Spark's parser takes for it in a new Java.

    PYTHONPATH=. .venv/bin/python benchmarks/bench_parse.py catalogs/*/v*.yaml

Printed are characters and seconds of each feed, the first one parsed in a new Java, and the longest columns.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from mallfeed.authoring.platform_files import platforms_of
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.read import read_written
from mallfeed.feed.raw import BOOKKEEPING
from mallfeed.normalise.projections import Projections
from mallfeed.product.record import PRODUCT
from tests.spark_session import spark_session

_LONGEST = 2


def main(paths: list[str]) -> int:
    """Print one line per feed, in the order of the catalogs given."""
    bases = platforms_of(Path("catalogs"))
    parser = spark_session()._jsparkSession.sessionState().sqlParser()
    parser.parseExpression("a + 1")
    table = Table("catalog", "feed", "columns", "characters", "seconds", "longest columns")
    for path in map(Path, paths):
        catalog = read_written(path.read_text("utf-8"), str(path), bases=bases).catalog
        for feed_name in catalog.feeds:
            texts = _sql(catalog, feed_name)
            begun = time.perf_counter()
            for sql in texts.values():
                parser.parseExpression(sql)
            seconds = time.perf_counter() - begun
            longest = sorted(texts, key=lambda one: -len(texts[one]))[:_LONGEST]
            told = ", ".join(f"{name} {len(texts[name]):,}" for name in longest)
            size = f"{sum(map(len, texts.values())):,}"
            name = str(path.parent.name + "/" + path.stem)
            table.add_row(name, feed_name, str(len(texts)), size, f"{seconds:.2f}", told)
    Console().print(table)
    return 0


def _sql(catalog: Catalog, feed_name: str) -> dict[str, str]:
    types = dict.fromkeys([*catalog.columns_of(feed_name), *BOOKKEEPING], "string")
    steps = Projections(types, catalog, feed_name, PRODUCT).in_order()
    return {
        f"{step}.{name}": sql for step, columns in enumerate(steps) for name, sql in columns.items()
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
