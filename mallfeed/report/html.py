"""A feed's report as one page for the mall: Korean and English, self-contained, without scripts.

The content of a feed is not ours: every text goes through `words.escaped`, and the page's policy
forbids scripts and anything from another origin.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mallfeed.report import charts, distribution, left_out, problems, words
from mallfeed.report.page_style import STYLE
from mallfeed.report.words import Words, both, escaped

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_SHAPES = {"LOADED": "", "HELD": "bad", "FAILED": "bad"}
_STATES = {
    "LOADED": ("반영 완료", "loaded"),
    "HELD": ("보류", "held"),
    "FAILED": ("실패", "failed"),
    "DROPPED": ("취소", "dropped"),
    "SUPERSEDED": ("건너뜀", "superseded"),
    "IGNORED": ("제외", "ignored"),
}
_TILES: tuple[tuple[str, Words, Words], ...] = (
    ("rows_read", ("읽은 행", "rows read"), ("파일의 전체 행", "rows in the file")),
    (
        "accepted",
        ("반영 대상 상품", "accepted products"),
        ("오류가 없는 행", "rows without a fault"),
    ),
    (
        "changed",
        ("변경된 상품", "changed"),
        ("신규 또는 정보 변경", "new or changed"),
    ),
    ("vanished", ("노출 중지된 상품", "vanished"), ("더 이상 노출되지 않음", "no longer shown")),
    ("rejected", ("거부된 행", "rejected rows"), ("반영되지 않음", "not loaded")),
    ("warnings", ("경고", "warnings"), ("값이 빠지거나 바뀜", "values dropped or changed")),
)


def html(report: dict[str, Any]) -> str:
    """The whole page of a report (see `mallfeed.report.build`), older ones included."""
    title = f"{report['mall']} · {report['run']}"
    body = "\n".join(
        part
        for part in (
            _outcome(report),
            _numbers(report),
            problems.of_kind(report, "reject"),
            problems.of_kind(report, "warning"),
            left_out.section(report["counts"]),
            problems.refused_by_sinks(report),
            _distribution(report),
            _footer(report),
        )
        if part
    )
    return (
        '<!doctype html>\n<html lang="ko"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">'
        f"<title>{escaped(title)}</title><style>{STYLE}</style></head><body>\n"
        '<input class="pick" type="radio" name="lang" id="ko" checked aria-label="한국어">'
        '<input class="pick" type="radio" name="lang" id="en" aria-label="English">\n<main>'
        '<div class="langs"><label for="ko">한국어</label><label for="en">English</label></div>\n'
        f"{body}\n</main></body></html>\n"
    )


def _outcome(report: dict[str, Any]) -> str:
    state = str(report["state"])
    shape = _SHAPES.get(state, "idle")
    if state == "LOADED" and report["counts"]["rejected"]:
        shape = "warn"
    why = words.reason(report) if state != "LOADED" else None
    detail = words.figures(report) if state != "LOADED" else None
    parts = [
        f'<span class="state">{both(_STATES.get(state, (state, state)))}</span>',
        f"<h1>{both(words.outcome(report))}</h1>",
        f"<p>{both(why)} <code>{escaped(report.get('code') or '')}</code></p>" if why else "",
        f'<p class="soft"><bdi>{both(detail)}</bdi></p>' if detail else "",
        f'<div class="todo"><b>{both(("다음에 하실 일", "What to do next"))}</b>'
        f"{both(words.next_step(report))}</div>",
        f'<div class="file"><bdi>{escaped(report.get("key") or "")}</bdi> · '
        f"{report.get('bytes') or 0:,} bytes · {escaped(_time(report))}</div>",
    ]
    return f'<section class="outcome {shape}">{"".join(parts)}</section>'


def _numbers(report: dict[str, Any]) -> str:
    counts = report["counts"]
    if not counts["rows_read"]:
        return ""
    colours = {"rejected": "red", "warnings": "amber"}
    published = report["state"] in ("LOADED", "SYNCING")
    tiles = []
    for name, label, meaning in _TILES:
        shown = label
        if not published and name in ("changed", "vanished"):
            shown = (f"{label[0]} (예상)", f"{label[1]} (if it had been loaded)")
            meaning = ("실제로는 반영하지 않음", "not applied")
        colour = colours.get(name, "") if counts[name] else ""
        tiles.append(
            f'<div class="tile {colour}"><span>{both(shown)}</span><b>{counts[name]:,}</b>'
            f"<small>{both(meaning)}</small></div>"
        )
    return f"<h2>{both(('숫자로 보기', 'In numbers'))}</h2><div class='tiles'>{''.join(tiles)}</div>{_also(counts, published)}"


def _also(counts: dict[str, Any], published: bool) -> str:
    notes: list[Words] = []
    if counts.get("duplicates"):
        n = f"{counts['duplicates']:,}"
        ids = ", ".join(counts.get("duplicate_ids") or ())
        notes.append(
            (
                f"상품 ID가 중복된 행 {n}개는 상품마다 한 행만 반영했습니다{f' (예: {ids})' if ids else ''}.",
                f"{n} rows repeat a product id; one row of each was used{f' (for example {ids})' if ids else ''}.",
            )
        )
    if counts.get("deletes"):
        n = f"{counts['deletes']:,}"
        notes.append(
            (f"삭제를 요청한 행은 {n}개입니다.", f"{n} rows ask for a product to be deleted.")
        )
    if counts.get("given") or counts.get("given_before"):
        notes.append(_of_supplement(counts))
    if published and counts.get("vanished_by_reject"):
        n = f"{counts['vanished_by_reject']:,}"
        notes.append(
            (f"노출 중지된 상품 중 {n}개는 행이 거부된 상품입니다. 수정해 다시 보내면 다시 노출됩니다.",
             f"{n} of the vanished products are gone because their row was rejected. They return once it is corrected.")
        )  # fmt: skip
    if counts.get("silent_out_of_stock"):
        n = f"{counts['silent_out_of_stock']:,}"
        notes.append(
            (f"상품 {n}개는 한동안 어느 피드에도 들어 있지 않아 품절로 바뀌었습니다. 다시 보내면 원래 상태로 돌아갑니다.",
             f"{n} products are out of stock now because no feed has contained them for a while. They return once you send them again.")
        )  # fmt: skip
    if counts.get("silent_vanished"):
        n = f"{counts['silent_vanished']:,}"
        notes.append(
            (f"상품 {n}개는 오랫동안 어느 피드에도 들어 있지 않아 노출이 중지되었습니다. 다시 보내면 다시 노출됩니다.",
             f"{n} products are no longer shown because no feed has contained them for long. They return once you send them again.")
        )  # fmt: skip
    return "".join(f'<p class="file">{both(note)}</p>' for note in notes)


def _of_supplement(counts: dict[str, Any]) -> Words:
    """To how many products it adds values, and how many of them the mall does not have."""
    given, waiting, back = (f"{counts[name]:,}" for name in ("given", "waiting", "taken_back"))
    korean = f"이 보충 피드는 상품 {given}개에 값을 더합니다."
    english = f"This supplement adds values to {given} products."
    if counts["waiting"]:
        korean += f" 그중 {waiting}개는 아직 몰에 없는 상품이며, 상품이 등록되면 값이 적용됩니다."
        english += (
            f" {waiting} of them are not in the shop; their values wait until a feed brings them."
        )
    if counts["taken_back"]:
        korean += f" 더 이상 값을 보내지 않은 상품 {back}개는 원래 값으로 돌아갑니다."
        english += f" {back} products are no longer in it, and are again as their own feeds say."
    return korean, english


def _distribution(report: dict[str, Any]) -> str:
    now = report.get("distribution")
    if not now or not now["products"]:
        return ""
    before = report.get("previous_distribution")
    prices = [
        (_range(low, high, now.get("currency")), count, was)
        for low, high, count, was in distribution.price_rows(now, before)
    ]
    categories = [
        (both(("기타 카테고리", "all others")) if name is None else f"<bdi>{escaped(name)}</bdi>", count, was)
        for name, count, was in distribution.category_rows(now, before)
    ]  # fmt: skip
    intro = (
        "현재 노출 중인 상품의 분포입니다. 막대는 전체에서 차지하는 비율, 숫자는 상품 수입니다. 이전과 크게 다르면 파일을 확인해 주세요.",
        "The products that are shown now. Bars are shares of the total, numbers are products. "
        "If they differ much from the previous feed, check your file.",
    )
    key = charts.key() if before is not None else ""
    return (
        f'<h2>{both(("가격과 카테고리 분포", "Prices and categories"))}</h2><p class="soft">{both(intro)}</p>'
        f'<div class="card"><h3>{both(("가격대", "Price"))}</h3>{key}{charts.side_by_side(prices)}</div>'
        f'<div class="card"><h3>{both(("카테고리 상위 10개", "The ten largest categories"))}</h3>{key}'
        f"{charts.side_by_side(categories)}</div>"
    )


def _range(low: int, high: int | None, currency: str | None) -> str:
    unit = escaped(currency or "")
    return f"{low:,} – {high:,} {unit}" if high is not None else f"{low:,} {unit} –"


def _footer(report: dict[str, Any]) -> str:
    text = (
        f"전체 예시 행은 함께 제공되는 rejects.csv에 있습니다. 보고서 번호: {report['run']}",
        f"All example rows are in rejects.csv beside this page. Report: {report['run']}",
    )
    return f"<footer>{both(text)}</footer>"


def _time(report: dict[str, Any]) -> str:
    """The feed's time where the mall is, with its zone."""
    zone = report.get("zone") or "Asia/Seoul"
    try:
        moment = datetime.fromisoformat(str(report.get("feed_time")))
        return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"
    except (ValueError, ZoneInfoNotFoundError):
        return str(report.get("feed_time") or "")
