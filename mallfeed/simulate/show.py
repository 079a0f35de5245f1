"""Outcomes as tables; the terminal and a document show the same rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from mallfeed.simulate.figures import Price, Prices
from mallfeed.simulate.outcome import Outcome
from mallfeed.simulate.utilisation import Use

BEGIN, END = "<!-- simulate: begin -->", "<!-- simulate: end -->"
SERVICES = ("Glue", "OpenSearch", "Redshift", "DynamoDB", "Lambda")

Cells = tuple[str, ...]

_ROWS: tuple[tuple[str, Callable[[Outcome], str]], ...] = (
    ("feeds per day", lambda one: f"{sum(one.feeds.values()) / one.days:,.0f}"),
    ("… loaded", lambda one: f"{one.feeds.get('LOADED', 0) / one.days:,.0f}"),
    ("… the same bytes again (no run)", lambda one: f"{one.feeds.get('IGNORED', 0) / one.days:,.0f}"),
    ("… superseded by a newer full one", lambda one: f"{one.feeds.get('SUPERSEDED', 0) / one.days:,.0f}"),
    ("… held or failed, dropped in the end", lambda one: f"{one.feeds.get('DROPPED', 0) / one.days:,.0f}"),
    ("… unfinished", lambda one: f"{one.unfinished:,}"),
    ("products, million", lambda one: f"{one.products / 1_000_000:,.1f}"),
    ("data nodes of the domain", lambda one: f"{one.index_nodes:,}"),
    ("runs per day", lambda one: f"{one.runs_a_day:,.0f}"),
    ("feeds per run", lambda one: f"{one.feeds_a_run:.1f}"),
    ("DPU-hours per day", lambda one: f"{one.dpu_hours_a_day:,.1f}"),
    ("arrival to searchable, p50", lambda one: _minutes(one.waits.p50_s)),
    ("… p95", lambda one: _minutes(one.waits.p95_s)),
    ("… longest", lambda one: _minutes(one.waits.max_s)),
    ("feeds waiting, at most", lambda one: f"{one.most_waiting:,}"),
    *((f"{name}, $ per day", lambda one, name=name: f"{one.dollars[name]:,.2f}") for name in SERVICES),
    ("all, $ per day", lambda one: f"{one.dollars_a_day:,.2f}"),
    ("all, $ per month of 30 days", lambda one: f"{30 * one.dollars_a_day:,.0f}"),
)  # fmt: skip


def malls(number: int) -> str:
    """`1 mall`, `1,000 malls`."""
    return "1 mall" if number == 1 else f"{number:,} malls"


def head(outcomes: Sequence[Outcome]) -> Cells:
    """The heading, with one column per outcome."""
    return ("", *(named(one) for one in outcomes))


def named(one: Outcome) -> str:
    """The outcome's name, such as `1,000 malls, shared runs`."""
    way = "shared runs" if one.grouping else "one run per feed"
    return f"{malls(one.malls)}, {way}" + (f", {one.note}" if one.note else "")


def rows(outcomes: Sequence[Outcome]) -> list[Cells]:
    """The outcomes, one row per figure."""
    return [(name, *(figure(one) for one in outcomes)) for name, figure in _ROWS]


def use_head(outcomes: Sequence[Outcome]) -> Cells:
    """The heading of `use_rows`."""
    notes = (f", {one.note}" if one.note else "" for one in outcomes)
    columns = (f"{malls(one.malls)}{note}" for one, note in zip(outcomes, notes, strict=True))
    return ("limited resource", "limit", *columns)


def use_rows(outcomes: Sequence[Outcome]) -> list[Cells]:
    """The highest use of each resource, and its share of the limit; ordered by the share in the last outcome."""
    by_name = [{use.what: use for use in one.uses} for one in outcomes]
    return [
        (
            use.what,
            _there_is([uses[use.what] for uses in by_name]),
            *(_use(uses[use.what]) for uses in by_name),
        )
        for use in outcomes[-1].uses
    ]


def about_prices(prices: Prices) -> str:
    """The regions and the date of these prices."""
    fields = (getattr(prices, name) for name in Prices.model_fields)
    elsewhere = sorted({one.of for one in fields if isinstance(one, Price)} - {prices.region})
    others = f"; where it has none, those of {', '.join(elsewhere)}" if elsewhere else ""
    return f"Prices of {prices.region}, as of {prices.seen_on}{others} (prices.yaml)."


def markdown(heading: Cells, body: Sequence[Cells]) -> str:
    """The table in Markdown, for a document."""
    lines = [heading, ("---", *["---:"] * (len(heading) - 1)), *body]
    return "\n".join(f"| {' | '.join(cells)} |".replace("|  |", "| |") for cells in lines) + "\n"


def put_into(path: Path, text: str) -> bool:
    """Replace the text between the marks; False if the file has no marks."""
    before = path.read_text("utf-8")
    head, begin, rest = before.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        return False
    path.write_text(f"{head}{BEGIN}\n{text}{END}{tail}", "utf-8")
    return True


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 60:,.0f} min"


def _there_is(same: Sequence[Use]) -> str:
    """The same resource under each outcome's limits."""
    amounts = dict.fromkeys(f"{use.there_is:,.0f}" for use in same)
    return f"{' or '.join(amounts)} {same[0].unit} ({same[0].of})"


def _use(use: Use) -> str:
    used = f"{use.most_used:,.0f}" if use.most_used >= 10 else f"{use.most_used:.1f}"
    return f"{used} ({100 * use.share:.0f} %)"
