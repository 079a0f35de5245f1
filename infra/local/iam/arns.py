"""Amazon Resource Names: `arn:partition:service:region:account:resource`.

Source: IAM User Guide, "Amazon Resource Names (ARNs)".
"""

from __future__ import annotations

from typing import NamedTuple

from infra.local.iam.words import Part, like

FIELDS = 6


class Arn(NamedTuple):
    """The fields behind `arn:`; region and account may be empty, the resource may hold colons."""

    partition: str
    service: str
    region: str
    account: str
    resource: str


def arn_of(written: str) -> Arn | None:
    """The ARN, or None for a text that is none."""
    first, *fields = written.split(":", FIELDS - 1)
    return Arn(*fields) if first == "arn" and len(fields) == FIELDS - 1 else None


def arn_like(pieces: tuple[Part, ...], value: str) -> bool:
    """Whether each of the six fields fits by itself: no wildcard reaches over a colon into the next field.

    Source: IAM User Guide, "IAM JSON policy elements: Condition operators", ArnLike. In a statement's
    `Resource` a `*` does reach over colons; that is `words.like`.
    """
    fields, asked = _split(pieces), value.split(":", FIELDS - 1)
    return len(fields) == len(asked) == FIELDS and all(map(like, fields, asked))


def _split(pieces: tuple[Part, ...]) -> list[tuple[Part, ...]]:
    """The pieces of each field; only colons that the policy itself writes divide."""
    fields: list[list[Part]] = [[]]
    for piece, itself in pieces:
        if itself:
            fields[-1].append((piece, True))
            continue
        first, *rest = piece.split(":", FIELDS - len(fields))
        fields[-1].append((first, False))
        fields.extend([(one, False)] for one in rest)
    return [tuple(field) for field in fields]
