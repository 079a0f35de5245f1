"""How good search results are: `make search-eval` prints it by kind of query, beside a baseline.

The judged set (tests/search/judged) goes into an index of its own of a real OpenSearch. The baseline
is what OpenSearch does by itself: the standard analyzer, a match on the title; of its list, too, what
repeats a product or an article is left out. Kinds of query are the judged set's. nDCG@10 counts each
product and each article once, whatever number of malls and variants it has.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mallfeed.search import engine
from mallfeed.search.request import SearchRequest, SuggestRequest
from mallfeed.sinks.opensearch.document import document
from tests.search.judged_set import Completion, Query, completions, products, queries
from tests.search.little_shop import filled_index
from tests.search.measures import DEPTH, Keys, mean, ndcg, reciprocal_rank, shown_once

INDEX = "products-judged"
BASELINE = "baseline-judged"
COMPLETIONS = 5


@dataclass(frozen=True)
class Figures:
    """Of one kind of query, or of all; `baseline` is the baseline's nDCG@10."""

    queries: int
    ndcg: float
    mrr: float
    nothing_found: float
    baseline: float


@dataclass(frozen=True)
class Asked:
    """One query's outcome."""

    query: Query
    ndcg: float
    rank: float
    total: int
    baseline: float
    shown: list[str]


@contextmanager
def judged_index(opensearch: str) -> Iterator[Any]:
    """A client; the judged products are in INDEX and BASELINE inside the block."""
    rows = products()
    with filled_index(opensearch, INDEX, rows) as (client, _):
        client.indices.delete(index=BASELINE, ignore_unavailable=True)
        mapping = {"dynamic": False, "properties": {"title": {"type": "text"}}}
        client.indices.create(index=BASELINE, body={"mappings": mapping})
        client.reindex(
            body={"source": {"index": INDEX, "_source": ["title"]}, "dest": {"index": BASELINE}},
            refresh=True,
        )
        yield client
        client.indices.delete(index=BASELINE)


def outcomes(client: Any) -> list[Asked]:
    """Every judged query sent to both."""
    keys = {_id(row): _keys(document(row)) for row in products()}
    return [_asked(client, query, keys) for query in queries()]


def by_kind(asked: list[Asked]) -> dict[str, Figures]:
    """Figures of each kind, and of `all`."""
    kinds: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        kinds[one.query.kind].append(one)
    return {kind: _figures(of) for kind, of in sorted(kinds.items())} | {"all": _figures(asked)}


def completed(client: Any) -> list[tuple[Completion, bool]]:
    """Every judged completion, and whether one of the wanted texts is among the first five."""
    return [(one, _is_completed(client, one)) for one in completions()]


def _asked(client: Any, query: Query, keys: Mapping[str, Keys]) -> Asked:
    found = engine.search(client, SearchRequest(q=query.text, size=DEPTH), INDEX)
    shown = [hit.id for hit in found.hits]
    body = {"size": 6 * DEPTH, "_source": False, "query": {"match": {"title": query.text}}}
    plain = [hit["_id"] for hit in client.search(index=BASELINE, body=body)["hits"]["hits"]]
    return Asked(
        query,
        ndcg(shown, query.grades, keys),
        reciprocal_rank(shown, query.grades),
        found.total,
        ndcg(shown_once(plain, keys), query.grades, keys),
        shown,
    )


def _keys(fields: Mapping[str, Any]) -> Keys:
    return fields["product_group_key"], fields["variant_key"]


def _figures(asked: list[Asked]) -> Figures:
    return Figures(
        len(asked),
        mean([one.ndcg for one in asked]),
        mean([one.rank for one in asked]),
        mean([float(not one.total) for one in asked]),
        mean([one.baseline for one in asked]),
    )


def _is_completed(client: Any, wanted: Completion) -> bool:
    request = SuggestRequest(q=wanted.typed, size=COMPLETIONS)
    shown = engine.suggest(client, request, INDEX).suggestions
    return any(wanted.accepts(one.text) for one in shown)


def _id(row: Mapping[str, Any]) -> str:
    return f"{row['mall_id']}:{row['product_id']}"


def main(worst: int = 0) -> int:
    """Print the figures (and the worst queries); 1 when a bar is missed."""
    from infra.local.stack import Stack

    os.environ.setdefault("MALLFEED_OPENSEARCH_HEAP", "768m")
    with Stack("search-eval").session() as stack, judged_index(stack.start_opensearch()) as client:
        return 0 if tell(client, worst) else 1


BARS = {"nDCG@10": 0.90, "above the baseline": 0.25, "found something": 0.99, "hit@5": 0.95}
"""What finding products is to reach, over all judged queries and completions."""


def against_bars(figures: Figures, hits: float) -> dict[str, float]:
    """The figures that the bars are about."""
    return {
        "nDCG@10": figures.ndcg,
        "above the baseline": figures.ndcg - figures.baseline,
        "found something": 1 - figures.nothing_found,
        "hit@5": hits,
    }


def tell(client: Any, worst: int = 0) -> bool:
    """The two tables and the bars; whether all bars are reached."""
    asked = outcomes(client)
    lines = [f"{'kind':24}{'queries':>8}{'nDCG@10':>9}{'MRR':>7}{'none':>7}{'baseline':>10}"]
    lines += [
        f"{kind:24}{of.queries:8}{of.ndcg:9.3f}{of.mrr:7.3f}{of.nothing_found:7.1%}{of.baseline:10.3f}"
        for kind, of in by_kind(asked).items()
    ]
    hits: dict[str, list[float]] = defaultdict(list)
    for one, hit in completed(client):
        hits[one.kind].append(float(hit))
        hits["all"].append(float(hit))
    lines += ["", f"{'autocomplete':24}{'typed':>8}{'hit@5':>9}"]
    lines += [
        f"{kind:24}{len(of_kind):8}{mean(of_kind):9.3f}"
        for kind, of_kind in sorted(hits.items(), key=lambda pair: pair[0] == "all")
    ]
    lines += [
        f"{one.ndcg:.3f} {one.query.kind} {one.query.text!r} found {one.total}"
        for one in sorted(asked, key=lambda one: one.ndcg)[:worst]
    ]
    reached = against_bars(by_kind(asked)["all"], mean(hits["all"]))
    lines += ["", *(
        f"{name:24}{reached[name]:8.3f}  bar {bar:.2f}  {'ok' if reached[name] >= bar else 'MISSED'}"
        for name, bar in BARS.items()
    )]  # fmt: skip
    sys.stdout.write("\n".join(lines) + "\n")
    return all(reached[name] >= bar for name, bar in BARS.items())


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
