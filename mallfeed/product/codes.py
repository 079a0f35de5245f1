"""Every code that is reported to malls: what it means and what to do, in English and Korean.

The one registry: messages, reports, the table `rejects` and docs/codes.md come from it
(`python -m mallfeed.product.codes` prints the page). Codes are stable names.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.registry import KINDS
from mallfeed.product.code_texts import FEED, HELD, LABELS, PROBLEMS, ROW, RULES
from mallfeed.product.fields import PRODUCT_FIELDS

Language = Literal["en", "ko"]


@dataclass(frozen=True)
class Code:
    """One code.

    Attributes
    ----------
    name : as in counts, reports and tables
    kind : reject (the row is refused), warning (a value is dropped or changed), held (the feed waits)
    meaning_en, meaning_ko : what is wrong
    todo_en, todo_ko : what the mall does about it
    """

    name: str
    kind: Literal["reject", "warning", "held"]
    meaning_en: str
    todo_en: str
    meaning_ko: str
    todo_ko: str


def _of_fields() -> Iterator[Code]:
    for field in PRODUCT_FIELDS:
        if field.is_mapped:
            for problem in _problems(field):
                yield _of_field(field, problem)


def _problems(field: CanonicalField) -> tuple[str, ...]:
    """What may be wrong with it: what its kind knows, and the rules of products."""
    known = (*KINDS[field.kind].problems, *RULES.get(field.name, ()), "not_json")
    if not field.required:
        return known
    # Nothing to show is a value that is missing.
    return ("missing", *(one for one in known if one not in ("missing", "no_text")))


def _of_field(field: CanonicalField, problem: str) -> Code:
    meaning_en, todo_en, meaning_ko, todo_ko, loses_value = PROBLEMS[problem]
    is_lost = loses_value or (problem == "too_long" and KINDS[field.kind].never_cut)
    label_ko = LABELS[field.name]
    return Code(
        f"{field.name}_{problem}",
        "reject" if field.required and is_lost else "warning",
        meaning_en.format(field=field.name),
        todo_en.format(field=field.name),
        meaning_ko.format(field=label_ko),
        todo_ko.format(field=label_ko),
    )


def _all() -> Iterator[Code]:
    yield from (Code(name, "reject", *texts) for name, texts in ROW.items())
    yield from _of_fields()
    yield from (Code(name, "warning", *texts) for name, texts in FEED.items())
    yield from (Code(name, "held", *texts) for name, texts in HELD.items())


CODES: dict[str, Code] = {code.name: code for code in _all()}
"""Code name → code."""


def message(code: str, field: str | None, value: str | None, lang: Language) -> str:
    """One sentence on what is wrong, with what the mall wrote, and one on what to do.

    An unknown code is reported by its name: a report must not fail because of a message.
    """
    known = CODES.get(code)
    if known is None:
        return ": ".join(part for part in (code, field, value) if part)
    korean = lang == "ko"
    meaning = known.meaning_ko if korean else known.meaning_en
    todo = known.todo_ko if korean else known.todo_en
    if value:
        found = f"받은 값: “{value}”." if korean else f"Found: “{value}”."
        return f"{meaning} {found} {todo}"
    return f"{meaning} {todo}"


def page() -> str:
    """docs/codes.md."""
    parts = [
        "# Codes / 코드표\n",
        "Generated from `mallfeed/product/code_texts.py` by `python -m mallfeed.product.codes`; "
        "do not edit.\n",
    ]
    for kind, title in (
        ("reject", "Rejects: the row is not loaded / 거부: 해당 행이 반영되지 않습니다"),
        ("warning", "Warnings: the product is loaded without this value, or with it changed / "
         "경고: 상품은 반영되지만 해당 값이 빠지거나 바뀝니다"),
        ("held", "Held: the whole feed waits, the last good data stays / "
         "보류: 피드 전체가 대기하며 직전 데이터가 유지됩니다"),
    ):  # fmt: skip
        parts.append(f"## {title}\n")
        parts.append("| code | meaning | what to do | 의미 | 조치 |\n|---|---|---|---|---|")
        parts += [
            f"| `{c.name}` | {c.meaning_en} | {c.todo_en} | {c.meaning_ko} | {c.todo_ko} |"
            for c in CODES.values()
            if c.kind == kind
        ]
        parts.append("")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
