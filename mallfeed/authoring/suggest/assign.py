"""Which column is which field: names and values weighed together, each column used once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from mallfeed.authoring.suggest.by_values import guesses
from mallfeed.authoring.suggest.fits import FITS, is_row_number
from mallfeed.authoring.suggest.links import is_of_targets
from mallfeed.authoring.suggest.profile import Column
from mallfeed.authoring.suggest.sample import Sample
from mallfeed.authoring.suggest.suggested_field import HIGH, LOW
from mallfeed.catalog.name_words import LIKELY, USUAL
from mallfeed.catalog.names import is_other, level_of, roles_of, words_of
from mallfeed.product.fields import BY_NAME, MAPPED

LEAST = 0.3
"""Below this score a column goes to the attributes."""
_ELSEWHERE = ("operation",)
"""Roles that are decided elsewhere."""
DECIDING = (
    "stock_quantity", "expires_at", "pack_size", "least_quantity", "sale_window", "sale_starts_at",
    "sale_ends_at",
)  # fmt: skip
"""Fields that say whether a product is shown, and how it compares: never of a name that is known in part only, which may
be that of a safety stock or of a last delivery."""
_NEAR, _NEAR_REQUIRED = 0.08, 0.35
"""How much less another column may score and still be as good."""
_BY_NAME_ALONE = {"title": 0.45, "currency": 0.45}
"""Role → how well values fit at least where the name is plain: other columns that fit better go first."""
LONGEST_NAME = 400
"""Characters on average; longer texts name nothing."""
BLANK = 0.7
"""How much a name is trusted if its column is blank throughout."""


@dataclass(frozen=True)
class Candidate:
    """A column for a role: how well it matches, by name and in all, and why."""

    role: str
    column: Column
    score: float
    named: float
    why: str


def candidates(sample: Sample, headerless: bool) -> list[Candidate]:
    """Every column for every role that it may have, best first."""
    found = [
        one for i, c in enumerate(sample.columns) for one in _of_column(c, i, headerless, sample)
    ]
    order = {column.name: place for place, column in enumerate(sample.columns)}
    return sorted(found, key=lambda one: (-one.score, order[one.column.name]))


def _of_column(column: Column, place: int, headerless: bool, sample: Sample) -> Iterator[Candidate]:
    # A column's name says what its texts are, not where their links lead.
    roles = {} if headerless or is_of_targets(column) else roles_of(column.name)
    for role, named in roles.items():
        if role in _ELSEWHERE or role not in FITS or (role in DECIDING and named < LIKELY):
            continue
        named *= _context(role, column, sample)
        if not column.values:
            if named >= 0.9 and not MAPPED[role].required:
                yield Candidate(
                    role, column, named * BLANK, named, "by its name alone: blank in every row"
                )
            continue
        fit = max(FITS[role](column), _by_name_alone(role, named, column))
        score = named * (0.35 + 0.65 * fit) if fit else 0.0
        if role == "product_id" and (fit < 0.7 or (is_row_number(column) and named < 1)):
            score = min(score * 0.75, LOW)
        if score >= LEAST:
            yield Candidate(role, column, score, named, _why(column, named, fit))
    if not any(weight >= 0.5 for weight in roles.values()) and (
        headerless or not is_other(column.name)
    ):
        for role, likely in guesses(column, place).items():
            why = "where its links lead" if is_of_targets(column) else "by its values alone"
            yield Candidate(role, column, likely, 0.0, f"{why}: {_seen(column)}")


def _by_name_alone(role: str, named: float, column: Column) -> float:
    """The least fit of a column whose name plainly says the role: a title that looks like a code (`PS5`, `501`) is one,
    and no other currency is paid because ours is the usual one."""
    if named < USUAL or role not in _BY_NAME_ALONE:
        return 0.0
    if column.share("url", "path", "picture", "moment", "json_list", "html") > 0.5:
        return 0.0
    return _BY_NAME_ALONE[role] if column.length <= LONGEST_NAME else 0.0


def _context(role: str, column: Column, sample: Sample) -> float:
    """What other columns say about this one."""
    if f"g:{column.name}" in sample:
        return 0.85  # Atom's and RSS's own `id` and `link` beside Google's
    words = set(words_of(column.name))
    if role == "product_id" and words == {"product", "id"}:
        typed = any({"id", "type"} <= set(words_of(other.name)) for other in sample.columns)
        return 0.5 if typed else 1.0  # Amazon: `product-id` is an ASIN or EAN, as its type says
    base = column.element_of
    if base is not None and role not in ("image_url", "extra_image_urls", "category_path"):
        alone = base in sample and all(f"{base}[1]" not in other.name for other in sample.columns)
        return 1.0 if alone else 0.8
    return 1.0


def _why(column: Column, named: float, fit: float) -> str:
    name = "known name" if named >= 0.9 else "likely name" if named >= 0.6 else "name in part"
    return f"{name}, {'' if fit >= 0.85 else 'but not all '}values fit: {_seen(column)}"


def _seen(column: Column) -> str:
    text = " ".join(column.example.split())
    shown = text if len(text) <= 40 else f"{text[:39]}…"
    told = [] if column.filled > 0.995 else [f"{column.filled:.0%} filled"]
    return ", ".join([shown, *told])


def assigned(
    found: list[Candidate], taken: Collection[str] = (), roles: Collection[str] | None = None
) -> dict[str, Candidate]:
    """The best column of each role, no column twice, best scores first."""
    chosen: dict[str, Candidate] = {}
    used = set(taken)
    for one in found:
        if (
            one.role in chosen
            or one.column.name in used
            or (roles is not None and one.role not in roles)
        ):
            continue
        chosen[one.role] = one
        used.add(one.column.name)
    return chosen


def confidence(one: Candidate, found: list[Candidate], chosen: dict[str, Candidate]) -> float:
    """The score, lowered to medium if another free column matches nearly as well.

    Required fields are judged more strictly: what is wrong there costs whole rows.
    """
    near = _NEAR_REQUIRED if one.role in BY_NAME and BY_NAME[one.role].required else _NEAR
    owners = {other.column.name for role, other in chosen.items() if role != one.role}
    rivals = [
        other for other in found
        if other.role == one.role and other.column.name != one.column.name
        and other.column.name not in owners and other.score > one.score - near
        and level_of(other.column.name) is None
    ]  # fmt: skip
    return min(one.score, HIGH - 0.05) if rivals or _other_pages(one, found, owners) else one.score


def _other_pages(one: Candidate, found: list[Candidate], owners: Collection[str]) -> bool:
    """Whether another free column has another address in each row: which one is the product's page?"""
    return one.role == "url" and any(
        other.column.share("url") > 0.9 and other.column.distinct > 0.7
        and other.column.share("picture") < 0.5 and other.role == "url"
        and other.column.name not in {one.column.name, *owners}
        and other.column.cells != one.column.cells
        for other in found
    )  # fmt: skip
