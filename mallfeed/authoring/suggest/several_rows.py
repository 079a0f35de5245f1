"""Files that tell of one product in several rows: by which column they belong together, and what that makes of the sample.

Recognised by blanks: a title, a category or a description stands in one row of a product only, and is blank in its others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mallfeed.authoring.suggest.profile import Column, profile
from mallfeed.authoring.suggest.sample import Sample
from mallfeed.authoring.suggest.suggested_field import HIGH, FoundField
from mallfeed.catalog.inherit import OF_THE_ARTICLE
from mallfeed.catalog.name_words import LIKELY, USUAL, VAGUE
from mallfeed.catalog.names import roles_of, words_of
from mallfeed.wording import how_many, verb

_TOLD_ONCE = ("title", "category_path", "description")
"""Fields that every product has, so that a blank one is told elsewhere."""
_BLANK = 0.04
"""Share of rows without it from which on it is worth asking why."""
_EXPLAINED, _ONE_EACH = 0.9, 0.95
"""Shares of the blanks that another row of the product must fill, and of the products that must have one value only."""
_PARENT = frozenset(("parent", "부모", "상위", "상위상품", "親", "elternartikel", "configurable"))
_VARIANT = frozenset(
    "option variant variation size color colour sku 옵션 옵션명 옵션값 색상 사이즈 규격 選択肢 variante größe farbe taille couleur".split()  # noqa: SIM905
)
_PICTURES = ("image_url", "extra_image_urls")
MOST_VARIANTS = 3
Groups = list[int]
"""Of each row, the number of its product's first row."""


@dataclass(frozen=True)
class SeveralRows:
    """How a file's rows belong together.

    Attributes
    ----------
    by : `inherit` as a catalog says it: `key`, with `above`, or `parent`
    column : the column that says which rows belong together
    inherited : columns that are blank in some rows of a product, and filled in another
    others : rows that are no products of their own
    rows, products : how many rows there are, of how many products
    gathered : the sample as the job gathers it, of rows that are products
    variant : columns that tell the products of one article apart
    groups : of each row, the number of its article's first row, or of its parent's
    kept : the rows that are products, in the order of `gathered`
    """

    by: Mapping[str, Any]
    column: str
    inherited: tuple[str, ...]
    others: int
    rows: int
    products: int
    gathered: Sample
    variant: tuple[str, ...] = ()
    groups: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()

    @property
    def inherit(self) -> dict[str, Any]:
        """As a catalog says it."""
        return {**self.by, **({"variant": list(self.variant)} if self.variant else {})}

    @property
    def why(self) -> str:
        """In words, for people."""
        named = ", ".join(f"`{one}`" for one in self.inherited)
        added = (
            f"; {how_many(self.others, 'row')} {verb(self.others, 'only adds', 'only add')} to others (pictures)"
            if self.others
            else ""
        )
        told = f"{how_many(self.rows, 'row')} of {how_many(self.products, 'product')}, together by `{self.column}`; blank {named} are inherited{added}"
        return told + "; pictures are gathered over the rows"


def several_rows(sample: Sample) -> SeveralRows | None:
    """How the rows belong together; None where each tells of a product of its own."""
    told = [c for c in sample.columns if c.element_of is None and _is_told_once(c)]
    if not told:
        return None
    ways = (*_by_parent(sample), *_by_key(sample), *_from_above(sample))
    found = [one for one in ways if _explains(one[2], told, one[1])]
    if not found:
        return None
    # The finest key: brands and categories hold together what no product does.
    by, column, groups = max(found, key=lambda one: ("parent" in one[0], len(set(one[2]))))
    return _gathered(sample, by, column, groups)


def with_ids(
    one: SeveralRows, fields: Sequence[FoundField]
) -> tuple[SeveralRows, list[FoundField]]:
    """With what tells the products of one article apart: an id of their own, else columns that differ."""
    sample = one.gathered
    mine = next((f for f in fields if f.name == "product_id"), None)
    rest = [f for f in fields if f.name not in ("product_id", "item_group_id")]
    column = sample[mine.sources[0]] if mine is not None else None
    if "parent" in one.by or (
        column is not None and _tells_apart(column) and column.name != one.column
    ):
        ids = [mine] if mine is not None else []
        group = FoundField(
            "item_group_id", (one.column,), HIGH, "rows that share it are one article"
        )
        return one, [*rest, *ids, *([] if "parent" in one.by else [group])]
    variant = _variant(sample, one.column)
    why = f"all rows of an article share it: {sample[one.column].example[:40]}"
    return replace(one, variant=variant), [*rest, FoundField("product_id", (one.column,), 0.9, why)]


def _is_told_once(column: Column) -> bool:
    roles = roles_of(column.name)
    named = max((roles.get(role, 0.0) for role in _TOLD_ONCE), default=0.0)
    return named >= LIKELY and bool(column.values) and column.filled < 1 - _BLANK


def _by_key(sample: Sample) -> Iterator[tuple[dict[str, Any], str, Groups]]:
    """Columns that every row has, and several share."""
    for column in sample.columns:
        if (
            column.element_of is None
            and column.filled > 0.95
            and column.distinct < 1
            and _is_short(column)
        ):
            yield {"key": column.name}, column.name, _grouped(column.cells)


def _from_above(sample: Sample) -> Iterator[tuple[dict[str, Any], str, Groups]]:
    """Ids that stand in the first row of a product only."""
    for column in sample.columns:
        named = roles_of(column.name).get("product_id", 0.0)
        blank = column.element_of is None and 0 < column.filled < 1 - _BLANK
        if named < LIKELY or not blank or not column.cells[0] or not _is_short(column):
            continue
        filled: list[str | None] = []
        for cell in column.cells:
            filled.append(cell or filled[-1])
        if _has_content(sample, column):
            yield {"key": column.name, "above": True}, column.name, _grouped(filled)


def _has_content(sample: Sample, key: Column) -> bool:
    """Whether rows without a key say something: blank lines do not."""
    blank = [place for place, cell in enumerate(key.cells) if not cell]
    said = sum(any(c.cells[place] for c in sample.columns if c is not key) for place in blank)
    return said > 0.5 * len(blank)


def _by_parent(sample: Sample) -> Iterator[tuple[dict[str, Any], str, Groups]]:
    """Columns in which a row names the id of another one, its parent's."""
    for column in sample.columns:
        words = set(words_of(column.name))
        named = words & _PARENT or roles_of(column.name).get("item_group_id", 0.0) >= USUAL
        if not named or column.element_of is not None or not 0 < column.filled < 1 - _BLANK:
            continue
        to, places = _parents(sample, column)
        if to:
            groups = [
                places.get(_reference(cell), row) if cell else row
                for row, cell in enumerate(column.cells)
            ]
            yield (
                {"parent": {"from": column.name, "to": to[0] if len(to) == 1 else to}},
                column.name,
                groups,
            )


def _parents(sample: Sample, reference: Column) -> tuple[list[str], dict[str, int]]:
    """The columns that are named, and for each name the row of the parent; none where most names lead nowhere."""
    names = {_reference(cell) for cell in reference.cells if cell}
    ids = sorted(
        (c for c in sample.columns if c.element_of is None and c is not reference
         and roles_of(c.name).get("product_id", 0.0) >= LIKELY),
        key=lambda c: -len(names & set(c.values)),
    )  # fmt: skip
    to: list[str] = []
    places: dict[str, int] = {}
    for column in ids:
        rows = {
            cell: row
            for row, cell in enumerate(column.cells)
            if cell in names and not reference.cells[row]
        }
        if rows.keys() - places.keys():
            to.append(column.name)
            places = {**rows, **places}
    is_found = len(names & places.keys()) >= _EXPLAINED * len(names)
    return (to, places) if is_found else ([], {})


def _reference(cell: str) -> str:
    """`id:12` is the row whose id is 12 (WooCommerce)."""
    return cell.partition(":")[2].strip() if cell.lower().startswith("id:") else cell


def _is_short(column: Column) -> bool:
    return column.length <= 60 and column.share("url", "html", "moment", "json_list") < 0.3


def _grouped(cells: Sequence[str | None]) -> Groups:
    first: dict[str, int] = {}
    return [first.setdefault(cell, row) if cell else row for row, cell in enumerate(cells)]


def _explains(groups: Groups, told: Sequence[Column], key: str) -> bool:
    """Whether what is blank in some rows stands in another row of the same product, and says one thing there.

    A title shows it by itself: it differs from product to product. A category is shared by a brand's products too, so
    that the key must be called one.
    """
    roles = roles_of(key)
    is_id = max(roles.get("product_id", 0.0), roles.get("item_group_id", 0.0)) >= VAGUE
    named = is_id or bool(set(words_of(key)) & _PARENT)
    return any(
        _explains_one(groups, column)
        for column in told
        if named or roles_of(column.name).get("title", 0.0) >= LIKELY
    )


def _explains_one(groups: Groups, column: Column) -> bool:
    said: dict[int, set[str]] = defaultdict(set)
    for group, cell in zip(groups, column.cells, strict=True):
        if cell:
            said[group].add(cell)
    blank = [group for group, cell in zip(groups, column.cells, strict=True) if not cell]
    explained = sum(group in said for group in blank)
    single = sum(len(values) == 1 for values in said.values())
    return explained >= _EXPLAINED * len(blank) and single >= _ONE_EACH * len(said)


def _gathered(sample: Sample, by: Mapping[str, Any], column: str, groups: Groups) -> SeveralRows:
    prices = [c for c in sample.columns if c.element_of is None and _is_price(c)]
    is_product = [any(c.cells[row] for c in prices) or not prices for row in range(sample.rows)]
    with_product = {group for group, one in zip(groups, is_product, strict=True) if one}
    kept = [
        row
        for row, group in enumerate(groups)
        if is_product[row] or (group == row and group not in with_product)
    ]
    columns, inherited = [], []
    for one in sample.columns:
        cells, fills = _filled(one, groups, column)
        inherited += [one.name] if fills and one.element_of is None else []
        columns.append(
            profile(one.name, [cells[row] for row in kept], one.sql_type, one.element_of)
        )
    return SeveralRows(by, column, tuple(inherited), sample.rows - len(kept), sample.rows, len(kept),
                       replace(sample, columns=tuple(columns)), (), tuple(groups), tuple(kept))  # fmt: skip


def _filled(column: Column, groups: Groups, key: str) -> tuple[Sequence[str | None], bool]:
    """The cells with those of the product's other rows where they are inherited, and whether any was."""
    roles = roles_of(column.name)
    likely = max(roles, key=lambda role: roles[role], default="")
    if column.name != key and likely not in (*OF_THE_ARTICLE, *_PICTURES):
        return column.cells, False
    first: dict[int, str] = {}
    for group, cell in zip(groups, column.cells, strict=True):
        if cell:
            first.setdefault(group, cell)
    cells = [cell or first.get(group) for group, cell in zip(groups, column.cells, strict=True)]
    is_inherited = column.name != key and likely not in _PICTURES and cells != list(column.cells)
    return cells, is_inherited


def _is_price(column: Column) -> bool:
    roles = roles_of(column.name)
    named = max(
        (roles.get(role, 0.0) for role in ("price", "sale_price", "list_price")), default=0.0
    )
    return named >= LIKELY and column.share("money") > 0.5


def _tells_apart(column: Column) -> bool:
    return column.distinct > 0.97 and column.filled > 0.95


def _variant(sample: Sample, key: str) -> tuple[str, ...]:
    """The fewest columns of options with which the key is different in each row; none where there are no such."""
    keys = sample[key].cells
    if len(set(keys)) == len(keys):
        return ()
    chosen: list[Column] = []
    for column in sample.columns:
        if len(chosen) == MOST_VARIANTS or column.name == key or column.element_of is not None:
            continue
        if not set(words_of(column.name)) & _VARIANT or not _differs(column, keys):
            continue
        chosen.append(column)
        counts = Counter(zip(keys, *(c.cells for c in chosen), strict=True))
        if max(counts.values()) == 1:
            break
    return tuple(column.name for column in chosen)


def _differs(column: Column, keys: Sequence[str | None]) -> bool:
    """Whether products of one article have different values of it."""
    said: dict[str | None, set[str]] = defaultdict(set)
    for key, cell in zip(keys, column.cells, strict=True):
        if cell:
            said[key].add(cell)
    return any(len(values) > 1 for values in said.values()) and column.share("url", "money") < 0.9
