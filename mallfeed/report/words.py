"""The sentences of the report page, in Korean and English, and the only way for text to get into the page."""

from __future__ import annotations

import html
from typing import Any

from mallfeed.ledger.states import UNCHANGED_BYTES
from mallfeed.product.codes import CODES
from mallfeed.visible import visible

LONGEST_VALUE = 300

OUTCOMES = {
    "LOADED": ("피드가 반영되었습니다.", "Your feed is loaded."),
    "HELD": (
        "피드를 반영하지 않고 보류했습니다. 쇼핑 화면에는 직전 데이터가 그대로 유지됩니다.",
        "Your feed is held back. Shoppers still see the previous data.",
    ),
    "FAILED": (
        "피드를 처리하지 못했습니다. 쇼핑 화면에는 직전 데이터가 그대로 유지됩니다.",
        "Your feed could not be processed. Shoppers still see the previous data.",
    ),
    "DROPPED": (
        "운영 담당자가 이 피드를 취소했습니다. 이 피드의 내용은 반영되지 않았습니다.",
        "The operators dropped this feed. Nothing from it was loaded.",
    ),
    "SUPERSEDED": (
        "더 최신 피드가 있어 이 피드는 건너뛰었습니다.",
        "A newer feed replaced this one, so it was skipped.",
    ),
    "IGNORED": ("이 파일은 피드로 처리하지 않았습니다.", "This file was not processed as a feed."),
}
"""State → what happened, in one sentence."""
UNCHANGED = (
    "이미 반영된 피드와 같은 내용입니다. 상품 정보는 그대로 유지됩니다.",
    "The content is the same as in your published feed: your products stay as they are.",
)
NO_RUN = {
    UNCHANGED_BYTES: (
        "이미 반영된 전체 피드와 파일 내용이 완전히 같습니다.",
        "The file is identical to the published full feed.",
    ),
    "newer_full_loaded": (
        "더 최신 전체 피드가 먼저 반영되었습니다.",
        "A newer full feed was loaded before it.",
    ),
    "late_behind_full": (
        "더 최신 전체 피드가 반영된 뒤에 도착했습니다.",
        "It arrived after a newer full feed had been loaded.",
    ),
}
"""Code → why a feed needed no run."""

NEXT_LOADED = ("따로 하실 일은 없습니다.", "Nothing to do.")
NEXT_WARNED = (
    "급하지 않지만, 아래 경고를 수정하면 상품 정보가 더 완전해집니다.",
    "No hurry, but your products become more complete if you correct the warnings below.",
)
NEXT_REJECTED = (
    "거부된 행 {rejected}개는 반영되지 않았습니다. 아래 안내에 따라 수정해 다음 피드에 보내 주세요.",
    "{rejected} rejected rows were not loaded. Correct them as shown below and send them in your next feed.",
)
NEXT_FAILED = (
    "파일에 문제가 없을 수도 있습니다. 운영 담당자가 확인한 뒤 다시 처리하므로 같은 파일을 다시 올리지 않으셔도 됩니다.",
    "The cause may not be in your file. The operators look into it and try again; you need not upload it again.",
)
NEXT_OPERATORS = (
    "궁금한 점은 운영 담당자에게 문의해 주세요.",
    "Please ask the operators if anything is unclear.",
)

Words = tuple[str, str]
"""Korean, English."""


def outcome(report: dict[str, Any]) -> Words:
    """What became of the feed."""
    state = str(report["state"])
    if report.get("code") == UNCHANGED_BYTES:
        return UNCHANGED
    return OUTCOMES.get(state, (f"피드 상태: {state}", f"State of the feed: {state}"))


def reason(report: dict[str, Any]) -> Words | None:
    """Why the feed was not loaded; None where no reason is needed."""
    name = report.get("code") or ""
    if name in NO_RUN:
        return NO_RUN[name]
    code = CODES.get(name)
    if code is not None:
        return plain(code.meaning_ko), plain(code.meaning_en)
    message = report.get("message")
    return (str(message), str(message)) if message else None


def figures(report: dict[str, Any]) -> Words | None:
    """What exactly was found; None where the reason says all. Of what has no Korean figures, the message itself."""
    message = report.get("message")
    if not message or report.get("code") not in CODES:
        return None
    return str(report.get("figures_ko") or message), str(message)


def next_step(report: dict[str, Any]) -> Words:
    """What the mall should do now."""
    state, counts = report["state"], report["counts"]
    code = CODES.get(report.get("code") or "")
    if state == "LOADED":
        if counts["rejected"]:
            number = f"{counts['rejected']:,}"
            return (
                NEXT_REJECTED[0].format(rejected=number),
                NEXT_REJECTED[1].format(rejected=number),
            )
        return NEXT_WARNED if counts["warnings"] else NEXT_LOADED
    if report.get("code") in NO_RUN:
        return NEXT_LOADED
    if code is not None and state == "HELD":
        return plain(code.todo_ko), plain(code.todo_en)
    return NEXT_FAILED if state == "FAILED" else NEXT_OPERATORS


def plain(text: str) -> str:
    """A text of the code table without its Markdown."""
    return text.replace("`", "")


def escaped(value: object) -> str:
    """Text from any source, safe inside an element and inside a quoted attribute.

    Characters that act or hide (controls, marks that change the writing direction) show as their escapes.
    """
    return html.escape(visible(str(value)), quote=True)


def value_of(value: object) -> str:
    """A value of the feed, cut if it is long, isolated from the text around it."""
    if value is None or value == "":
        return '<span class="none">–</span>'
    text = str(value)
    cut = text[:LONGEST_VALUE] + ("…" if len(text) > LONGEST_VALUE else "")
    return f"<bdi>{escaped(cut)}</bdi>"


def both(words: Words) -> str:
    """Both languages; the page shows the selected one."""
    korean, english = words
    return (
        f'<span class="ko" lang="ko">{escaped(korean)}</span>'
        f'<span class="en" lang="en">{escaped(english)}</span>'
    )
