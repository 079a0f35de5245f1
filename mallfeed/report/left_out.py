"""The rules by which rows of a feed are left out, for the page: one bar per rule."""

from __future__ import annotations

from typing import Any

from mallfeed.catalog.inherit import MERGED_RULE
from mallfeed.report import charts
from mallfeed.report.words import both, escaped

_MERGED = ("다른 행의 상품에 합친 행", "merged into the product of another row")
LEFT_OUT = "#6b7a90"


def section(counts: dict[str, Any]) -> str:
    """The rules and how many rows each left out; empty if there are none, as in reports of earlier releases."""
    rules: dict[str, int] = counts.get("drop_rules") or {}
    if not rules:
        return ""
    total = sum(rules.values())
    labels = {rule: f"<bdi>{escaped(rule)}</bdi>" for rule in rules} | {MERGED_RULE: both(_MERGED)}
    title = ("규칙에 따라 제외한 행", "Rows left out by a rule")
    hidden = total - rules.get(MERGED_RULE, 0)
    intro = (
        f"카탈로그의 규칙에 따라 {hidden:,}개 행을 노출하지 않습니다. 오류가 아니므로 수정하실 필요는 없습니다.",
        f"{hidden:,} rows are not shown, by rules of the catalog. They are no faults: there is nothing to correct.",
    )
    told = f'<p class="soft">{both(intro)}</p>' if hidden else ""
    bars = "".join(
        f'<div class="bar"><span class="name">{labels[rule]}</span>'
        f'<span>{charts.bar(count / total, LEFT_OUT)}</span><span class="num">{count:,}</span></div>'
        for rule, count in sorted(rules.items(), key=lambda one: (-one[1], one[0]))
    )
    return f'<h2>{both(title)}</h2>{told}<div class="card">{bars}</div>'
