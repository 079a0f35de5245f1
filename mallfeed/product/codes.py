"""Every code that is reported to malls: what it means and what to do, in English and Korean.

The one registry: messages, reports, the table `rejects` and docs/codes.md come from it. Codes are
stable names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.problems import OF_ALL
from mallfeed.kinds.registry import KINDS
from mallfeed.product.code_texts import FEED, HELD, LABELS, NOTED, PROBLEMS, ROW, RULES
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
    known = (*KINDS[field.kind].problems, *RULES.get(field.name, ()), *OF_ALL)
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
        with_particles(meaning_ko.format(field=label_ko)),
        with_particles(todo_ko.format(field=label_ko)),
    )


_PARTICLE = re.compile(r"([가-힣])((?:\([^()]*\))?)(이\(가\)|을\(를\)|은\(는\)|과\(와\))")
_LAST_CONSONANTS = 28


def with_particles(text: str) -> str:
    """The Korean text with the particle that the word before it takes: 일시가, 할인율이; a bracket between is passed over.

    A syllable of Hangul ends in a consonant unless its place among the 28 of its row is the first.
    """

    def chosen(found: re.Match[str]) -> str:
        closed = (ord(found[1]) - ord("가")) % _LAST_CONSONANTS != 0
        return found[1] + found[2] + (found[3][0] if closed else found[3][2])

    return _PARTICLE.sub(chosen, text)


def _all() -> Iterator[Code]:
    yield from (Code(name, "reject", *texts) for name, texts in ROW.items())
    yield from _of_fields()
    yield from (Code(name, "warning", *texts) for name, texts in {**NOTED, **FEED}.items())
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
