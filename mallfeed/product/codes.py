"""Every code that is reported to malls: what it means and what to do, in English and Korean.

The one registry: messages, reports, the table `rejects` and docs/codes.md come from it. Codes are
stable names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mallfeed.product.code_texts import FEED, FIELD_KINDS, HELD, KINDS, LABELS, NEVER_CUT, ROW
from mallfeed.product.fields import BY_NAME

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
    for field, kinds in FIELD_KINDS.items():
        label_ko = LABELS[field]
        for kind in (*kinds.split(), "not_json"):
            meaning_en, todo_en, meaning_ko, todo_ko, loses_value = KINDS[kind]
            is_lost = loses_value or (kind == "too_long" and field in NEVER_CUT)
            refused = field in BY_NAME and BY_NAME[field].required and is_lost
            yield Code(
                f"{field}_{kind}",
                "reject" if refused else "warning",
                meaning_en.format(field=field),
                todo_en.format(field=field),
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
