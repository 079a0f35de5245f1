"""Rejects and warnings for the page: one bar per code, then its rows and what to do."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Literal

from mallfeed.product.codes import CODES
from mallfeed.report import charts
from mallfeed.report.words import Words, both, escaped, plain, value_of


def of_kind(report: dict[str, Any], kind: Literal["reject", "warning"]) -> str:
    """Bars and cards of one kind; empty if there are none."""
    rejected = kind == "reject"
    counts: dict[str, int] = report["counts"]["reject_codes" if rejected else "warning_codes"]
    if not counts:
        return ""
    title = ("거부된 행", "Rejected rows") if rejected else ("경고", "Warnings")
    intro = (
        ("아래 행은 반영되지 않았습니다. 한 행에 오류가 여러 개 있을 수 있습니다.",
         "These rows were not loaded. A row can have more than one fault.")
        if rejected
        else ("상품에는 문제가 없지만, 아래 값은 빠지거나 바뀌었습니다.",
              "The products are fine, but these values were dropped or changed.")
    )  # fmt: skip
    bars = [(code, _meaning(code), count) for code, count in counts.items()]
    examples = defaultdict(list)
    for problem in report.get("rejects" if rejected else "warnings", ()):
        examples[problem["code"]].append(problem)
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    cards = [
        _card(kind, code, count, examples[code], open_=rejected and place == 0)
        for place, (code, count) in enumerate(ranked)
    ]
    colour = charts.REJECTED if rejected else charts.WARNED
    return (
        f'<h2>{both(title)}</h2><p class="soft">{both(intro)}</p>'
        f'<div class="card">{charts.by_code(bars, colour, kind)}</div>{"".join(cards)}'
    )


def _card(kind: str, code: str, count: int, examples: list[dict[str, Any]], open_: bool) -> str:
    known = CODES.get(code)
    todo = "" if known is None else both((plain(known.todo_ko), plain(known.todo_en)))
    rows = "".join(
        f'<tr><td class="row">{value_of(one.get("row"))}</td>'
        f'<td class="field">{value_of(one.get("field"))}</td><td>{value_of(one.get("value"))}</td></tr>'
        for one in examples[:20]
    )
    head = "".join(
        f'<th class="{name}">{both(label)}</th>'
        for name, label in (
            ("row", ("행", "row")),
            ("field", ("항목", "field")),
            ("value", ("받은 값", "value sent")),
        )
    )
    shown = min(len(examples), 20)
    note = (
        f'<p class="file">{both((f"전체 {count:,}개 중 처음 {shown}개입니다.", f"The first {shown} of {count:,}."))}</p>'
        if shown and count > shown
        else ""
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
    fix = f'<div class="fix"><b>{both(("수정 방법", "How to correct it"))}:</b> {todo}</div>'
    return (
        f'<details class="card" id="{kind}-{escaped(code)}"{" open" if open_ else ""}><summary>'
        f"<h3>{both(_meaning(code))} <code>{escaped(code)}</code></h3><b>{count:,}</b></summary>"
        f"{fix if todo else ''}{table}{note}</details>"
    )


def _meaning(code: str) -> Words:
    known = CODES.get(code)
    return (code, code) if known is None else (plain(known.meaning_ko), plain(known.meaning_en))


def refused_by_sinks(report: dict[str, Any]) -> str:
    """Products that passed all checks but were rejected by a sink."""
    refused = report.get("refused_by_sinks") or []
    if not refused:
        return ""
    rows = "".join(
        f"<tr><td>{value_of(one['product_id'])}</td><td>{value_of(one['code'])}</td>"
        f"<td>{value_of(one['reason'])}</td></tr>"
        for one in refused[:20]
    )
    title = ("검색에 등록되지 못한 상품", "Products that the search rejected")
    note = (
        f"총 {len(refused):,}개입니다. 운영 담당자가 확인합니다.",
        f"{len(refused):,} in all. The operators look into it.",
    )
    return (
        f'<h2>{both(title)}</h2><p class="soft">{both(note)}</p>'
        f'<div class="card"><table><tbody>{rows}</tbody></table></div>'
    )
