"""What the values of a column look like as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mallfeed.authoring.suggest.values import KINDS

_MOST_DISTINCT = 3000


@dataclass(frozen=True)
class Column:
    """A column of the feed's sample.

    Attributes
    ----------
    name : as a catalog names it
    cells : its cells in feed order, None if blank
    filled : share of the records with a value
    distinct : number of distinct values / number of filled cells
    kinds : kind of value → share of the values of this kind
    words : its values, the most frequent first
    length : average length of a value
    sql_type : the Parquet column's own type; `string` elsewhere
    element_of : the column in whose lists its values were found; None = it is a column of the feed
    """

    name: str
    cells: tuple[str | None, ...]
    filled: float
    distinct: float
    kinds: dict[str, float]
    words: tuple[tuple[str, int], ...]
    length: float
    sql_type: str = "string"
    element_of: str | None = None

    def share(self, *kinds: str) -> float:
        """The largest share of these kinds."""
        return max((self.kinds.get(kind, 0.0) for kind in kinds), default=0.0)

    @property
    def values(self) -> tuple[str, ...]:
        """Its distinct values, the most frequent first."""
        return tuple(word for word, _ in self.words)

    @property
    def example(self) -> str:
        """The value of the first record that has one."""
        return next((cell for cell in self.cells if cell), "")


def profile(
    name: str,
    cells: Sequence[str | None],
    sql_type: str = "string",
    element_of: str | None = None,
) -> Column:
    """The column's profile."""
    plain = tuple(cell.strip() or None if cell is not None else None for cell in cells)
    counts = Counter(cell for cell in plain if cell is not None)
    total = counts.total()
    looked = counts.most_common(_MOST_DISTINCT)
    weight = sum(count for _, count in looked) or 1
    kinds = {
        kind: sum(count for value, count in looked if fits(value)) / weight
        for kind, fits in KINDS.items()
    }
    return Column(
        name,
        plain,
        total / len(plain) if plain else 0.0,
        len(counts) / total if total else 0.0,
        {kind: share for kind, share in kinds.items() if share},
        tuple(looked),
        sum(len(value) * count for value, count in looked) / weight,
        sql_type,
        element_of,
    )
