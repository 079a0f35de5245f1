"""Brings together the rows that tell of one article: `inherit` of a catalog, before anything is read.

Rows belong together by what they say, wherever they stand and in whatever part of the frame Spark has them: windows
over the article's key, ordered by the place in the feed. Each takes one pass over sorted rows; what is carried to
each row of an article (a value per column, the first pictures) does not grow with the number of its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.catalog.inherit import (
    ARTICLE,
    DEFAULT_TITLE,
    IMAGES,
    LEFT_OUT,
    MERGED,
    Inherit,
    Parent,
    image_columns,
    inherited_columns,
    price_columns,
)
from mallfeed.catalog.model import Catalog
from mallfeed.feed.raw import POSITION
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.sources import OURS, Sources
from mallfeed.kinds.sql.condition import Names, condition
from mallfeed.kinds.sql.items import JOINT
from mallfeed.kinds.sql.pieces import Sql, case, column, stripped, text
from mallfeed.normalise.faults import is_torn

MOST_PICTURES = 50
"""Rows whose pictures are gathered for one article: products keep ten, and a warning tells of more."""
_KEY, _GIVES, _NAME = f"{OURS}key", f"{OURS}gives", f"{OURS}name"
_IS, _ANY, _NTH = f"{OURS}is a product", f"{OURS}any is", f"{OURS}nth"
_PICTURE, _NEW, _SEEN, _PICTURES = (
    f"{OURS}{name}" for name in ("picture", "new", "seen", "pictures")
)
_REFERENCE, _PARENT = f"{OURS}reference", f"{OURS}parent"


@dataclass(frozen=True)
class Gathering:
    """How the rows of one feed are brought together; `sources` are those of the frame, under its own names, `rules`
    the SQL of the rules with which a parent takes its variations along (`taken_along`)."""

    inherit: Inherit
    fields: Mapping[str, FieldType]
    sources: Sources
    rules: Mapping[str, Sql] = field(default_factory=dict)

    def of(self, frame: DataFrame) -> DataFrame:
        """The frame with its blanks filled, and the columns MERGED, IMAGES and ARTICLE behind the others; LEFT_OUT where
        there are rules."""
        parent = self.inherit.parent
        keyed = self._by_key(frame) if parent is None else self._by_parent(frame, parent)
        told = keyed.withColumns(
            {_IS: F.expr(self._is_product()), _PICTURE: F.expr(self._picture())}
        )
        return self._filled(self._over_articles(told), frame.columns)

    def _by_key(self, frame: DataFrame) -> DataFrame:
        """Columns _KEY, _GIVES (whether others have values of the row) and _NAME (the article's)."""
        key = stripped(self.sources.cell(self.inherit.key or ""))
        sound = case((f"not {is_torn()}", key))
        alone = f"concat({text(OURS)}, cast({POSITION} as string))"
        return frame.withColumns(
            {
                _KEY: F.expr(f"coalesce({sound}, {alone})"),
                _GIVES: F.lit(True),
                _NAME: F.expr(case((f"coalesce({self._variant()}) is not null", key))),
            }
        )

    def _by_parent(self, frame: DataFrame, parent: Parent) -> DataFrame:
        """As `_by_key`: the article is the parent's row, and only that gives; LEFT_OUT where there are rules.

        A reference that leads nowhere makes an article of its own: what the row lacks is told of it.
        """
        names = [stripped(self.sources.cell(name)) for name in parent.columns]
        named = f"coalesce({', '.join(names)})"
        cell = stripped(self.sources.cell(parent.source))
        to_itself = " or ".join(f"{cell} <=> {name}" for name in names)
        is_parent = f"not {is_torn()} and ({cell} is null or {to_itself})"
        holding = [(holds, text(name)) for name, holds in self.rules.items()]
        left_out = case(*holding) if holding else "cast(null as string)"
        references = _references(frame.where(is_parent), parent, names, named, left_out)
        child = frame.withColumn(
            _REFERENCE, F.expr(case((f"not ({is_parent})", _reference(cell, parent))))
        )
        joined = child.join(references, _REFERENCE, "left")
        own = f"cast({POSITION} as string)"
        of_parent = column(_PARENT)
        told = {
            _KEY: F.expr(f"coalesce(cast({of_parent}.place as string), {own})"),
            _GIVES: F.expr(f"{of_parent} is null"),
            _NAME: F.expr(f"{of_parent}.name"),
        }
        if self.rules:
            told[LEFT_OUT] = F.expr(f"{of_parent}.left_out")
        return joined.withColumns(told)

    def _variant(self) -> Sql:
        cells = (_variant_cell(self.sources, name) for name in self.inherit.variant)
        return ", ".join(map(stripped, cells)) or "null"

    def _is_product(self) -> Sql:
        """Whether the row is a product of its own. A record that is broken is refused by itself."""
        if self.inherit.product is not None:
            names = Names(frozenset(self.sources.sent))
            said = condition(self.inherit.product, names, self.sources.cell, str)
            unsure = f" or ({said.gave_up})" if said.gave_up else ""
            return f"{is_torn()} or coalesce({said.holds}, false){unsure}"
        prices = [self._fills(name) for name in price_columns(self.fields)]
        return " or ".join([is_torn(), *prices]) if prices else "true"

    def _fills(self, name: str) -> Sql:
        return f"({stripped(self.sources.cell(name))} is not null)"

    def _picture(self) -> Sql:
        cells = [_items(stripped(self.sources.cell(name))) for name in self._images]
        joined = ", ".join([text(JOINT), *cells])
        return f"nullif(concat_ws({joined}), '')" if cells else "cast(null as string)"

    @property
    def _images(self) -> tuple[str, ...]:
        return tuple(one for one in image_columns(self.inherit, self.fields) if self._has(one))

    def _has(self, name: str) -> bool:
        return name in self.sources.types

    @property
    def _inherited(self) -> tuple[str, ...]:
        named = inherited_columns(self.inherit, self.fields)
        return tuple(one for one in named if self._has(one) and one not in self._images)

    def _over_articles(self, frame: DataFrame) -> DataFrame:
        """What is known of each row's article."""
        in_order = Window.partitionBy(_KEY).orderBy(POSITION)
        whole = in_order.rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)
        of_picture = Window.partitionBy(_KEY, _PICTURE, _GIVES).orderBy(POSITION)
        is_given = F.col(_PICTURE).isNotNull() & F.col(_GIVES)
        first_of_picture = is_given & (F.row_number().over(of_picture) == 1)
        found = {
            _ANY: F.max(_IS).over(whole),
            _NTH: F.row_number().over(in_order),
            **{_first(i): self._given(name).over(whole) for i, name in self._numbered()},
        }
        if not self._images:
            return frame.withColumns(found)
        counted = F.sum(F.col(_NEW).cast("int")).over(in_order)
        kept = F.when(F.col(_NEW) & (F.col(_SEEN) <= MOST_PICTURES), F.col(_PICTURE))
        return (
            frame.withColumn(_NEW, first_of_picture)
            .withColumns({**found, _SEEN: counted})
            .withColumn(_PICTURES, F.collect_list(kept).over(whole))
        )

    def _numbered(self) -> Iterator[tuple[int, str]]:
        return enumerate((*self._inherited, *self._images))

    def _given(self, name: str) -> Column:
        """The first value of a column that the article's rows give."""
        value = case((f"{column(_GIVES)} and {self._fills(name)}", column(name)))
        return F.first(F.expr(value), ignorenulls=True)

    def _filled(self, frame: DataFrame, columns: Sequence[str]) -> DataFrame:
        cells = {name: column(name) for name in columns}
        for name in self.inherit.variant:
            if self._has(name):
                cells[name] = _variant_cell(self.sources, name)
        for place, name in self._numbered():
            first, own = column(_first(place)), case((self._fills(name), column(name)))
            # A picture is the article's where rows only list them, a variation's where it has its own.
            first_wins = name in self._images and self.inherit.parent is None
            cells[name] = f"coalesce({first}, {own})" if first_wins else f"coalesce({own}, {first})"
        merged = f"not ({column(_IS)} or (not {column(_ANY)} and {column(_NTH)} = 1))"
        added = {MERGED: merged, IMAGES: self._others(cells), ARTICLE: column(_NAME)}
        added |= {LEFT_OUT: column(LEFT_OUT)} if self.rules else {}
        return frame.selectExpr(
            *(f"{sql} as {column(name)}" for name, sql in {**cells, **added}.items())
        )

    def _others(self, cells: Mapping[str, Sql]) -> Sql:
        """The article's pictures without the product's own."""
        if not self._images:
            return "cast(null as string)"
        own = self.fields["image_url"].sources if "image_url" in self.fields else ()
        main = ", ".join([*(stripped(cells[one]) for one in own if one in cells), "''"])
        given = f"array_join({column(_PICTURES)}, {text(JOINT)})"
        mine = case(
            (f"not {column(_GIVES)}", column(_PICTURE))
        )  # a variation's own, before its parent's
        every = f"split(concat_ws({text(JOINT)}, {mine}, {given}), {text(JOINT)})"
        others = f"filter(array_distinct({every}), x -> x <> coalesce({main}))"
        return f"nullif(array_join({others}, {text(JOINT)}), '')"


def taken_along(catalog: Catalog, feed_name: str, sources: Sources) -> dict[str, Sql]:
    """Rule → SQL of whether it leaves a parent's row out, of the rules with which the parent takes its variations along,
    in the order in which they are asked; `sources` are those of the frame, under its own names."""
    inherit = catalog.feeds[feed_name].inherit
    named = inherit.parent.takes_along if inherit is not None and inherit.parent else ()
    names = catalog.names_for_rules(feed_name)
    rules = [one for one in catalog.row_rules(feed_name) if one.name in named and not one.keeps]
    return {one.name: condition(one.sql, names, sources.cell, str).holds for one in rules}


def _items(cell: Sql) -> Sql:
    """A cell's pictures, also those of a JSON array."""
    listed = f"array_join(from_json({cell}, 'array<string>'), {text(JOINT)})"
    return case((f"startswith({cell}, '[')", f"coalesce({listed}, {cell})"), otherwise=cell)


def _first(place: int) -> str:
    return f"{OURS}first {place}"


def _variant_cell(sources: Sources, name: str) -> Sql:
    """The variant's name; null where Shopify writes that there is none."""
    cell = sources.cell(name)
    return case((f"{stripped(cell)} <> {text(DEFAULT_TITLE)}", cell))


def _references(
    parents: DataFrame, parent: Parent, names: Sequence[Sql], named: Sql, left_out: Sql
) -> DataFrame:
    """Columns _REFERENCE, each once, and _PARENT: the row that is meant by it, and the rule that leaves it out."""
    told = []
    for rank, (name, value) in enumerate(zip(parent.columns, names, strict=True), 1):
        told.append(f"struct({rank} as rank, {value} as said)")
        prefixed = f"concat({text(name.lower() + ':')}, {value})"
        told.append(f"struct(0 as rank, {prefixed} as said)")
    each = parents.selectExpr(
        f"explode(array({', '.join(told)})) as one",
        f"{POSITION} as place",
        f"{named} as name",
        f"{left_out} as left_out",
    ).where("one.said is not null")
    meant = F.min(F.struct("one.rank", "place", "name", "left_out")).alias(_PARENT)
    return each.groupBy(F.col("one.said").alias(_REFERENCE)).agg(meant)


def _reference(cell: Sql, parent: Parent) -> Sql:
    """The reference as `_references` writes it: `ID: 12` is `id:12`."""
    arms = []
    for name in parent.columns:
        prefix = f"{name.lower()}:"
        rest = f"concat({text(prefix)}, trim(substring({cell}, {len(prefix) + 1})))"
        arms.append((f"startswith(lower({cell}), {text(prefix)})", rest))
    return case(*arms, otherwise=cell)
