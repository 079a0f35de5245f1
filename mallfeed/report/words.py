"""What the report page says, in Korean and English; and the one way in which text gets into it."""

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
        "피드를 반영하지 않고 보류했습니다. 쇼핑에는 직전 데이터가 그대로 유지됩니다.",
        "Your feed is held back. Shoppers still see the data from before it.",
    ),
    "FAILED": (
        "피드를 처리하지 못했습니다. 쇼핑에는 직전 데이터가 그대로 유지됩니다.",
        "Your feed could not be processed. Shoppers still see the data from before it.",
    ),
    "DROPPED": (
        "운영 담당자가 이 피드를 폐기했습니다. 이 피드에서 반영된 내용은 없습니다.",
        "The operators dropped this feed. Nothing of it was loaded.",
    ),
    "SUPERSEDED": (
        "더 새로운 피드가 있어 이 피드는 건너뛰었습니다.",
        "A newer feed has taken this one's place; it was skipped.",
    ),
    "IGNORED": ("이 파일은 피드로 처리하지 않았습니다.", "This file was not taken as a feed."),
}
"""State → what happened, in one sentence."""
UNCHANGED = (
    "이미 반영된 피드와 같은 내용입니다. 상품 정보는 그대로 유지됩니다.",
    "The same content as your published feed: your products stay as they are.",
)
NO_RUN = {
    UNCHANGED_BYTES: (
        "이미 반영된 전체 피드와 파일 내용이 완전히 같습니다.",
        "The bytes are those of the published full feed.",
    ),
    "newer_full_loaded": (
        "더 새로운 전체 피드가 먼저 반영되었습니다.",
        "A newer full feed has loaded before it.",
    ),
    "late_behind_full": (
        "더 새로운 전체 피드가 반영된 뒤에 도착했습니다.",
        "It arrived after a newer full feed had loaded.",
    ),
}
"""Code → why a feed needed no run."""

NEXT_LOADED = ("하실 일이 없습니다.", "Nothing to do.")
NEXT_WARNED = (
    "급하지 않습니다. 아래 주의 항목을 고치면 상품 정보가 더 충실해집니다.",
    "No hurry: correcting the warnings below makes your products more complete.",
)
NEXT_REJECTED = (
    "거부된 {rejected}개 행은 반영되지 않았습니다. 아래 안내대로 고쳐 다음 피드에 보내 주세요.",
    "{rejected} refused rows are not loaded. Correct them as shown below and send them in your next feed.",
)
NEXT_FAILED = (
    "파일 문제가 아닐 수 있습니다. 운영 담당자가 확인하고 다시 처리합니다. 같은 파일을 다시 올리지 않으셔도 됩니다.",
    "The cause may not be your file. The operators look into it and try again; no need to upload it again.",
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
    """Why the feed was not loaded; None where that needs no word."""
    name = report.get("code") or ""
    if name in NO_RUN:
        return NO_RUN[name]
    code = CODES.get(name)
    if code is not None:
        return plain(code.meaning_ko), plain(code.meaning_en)
    message = report.get("message")
    return (str(message), str(message)) if message else None


def next_step(report: dict[str, Any]) -> Words:
    """What the mall does now."""
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
    """Text of whatever origin, safe inside an element and inside a quoted attribute.

    What acts or hides (controls, marks that turn the direction of writing) shows as its escape.
    """
    return html.escape(visible(str(value)), quote=True)


def value_of(value: object) -> str:
    """A value of the feed, cut where it is long, isolated from the text around it."""
    if value is None or value == "":
        return '<span class="none">–</span>'
    text = str(value)
    cut = text[:LONGEST_VALUE] + ("…" if len(text) > LONGEST_VALUE else "")
    return f"<bdi>{escaped(cut)}</bdi>"


def both(words: Words) -> str:
    """Both languages, of which the page shows the one that is chosen."""
    korean, english = words
    return (
        f'<span class="ko" lang="ko">{escaped(korean)}</span>'
        f'<span class="en" lang="en">{escaped(english)}</span>'
    )
