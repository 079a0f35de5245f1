"""One version of one mall's catalog, as written in `catalogs/<mall_id>/v<N>.yaml`.

The model is the only place where a key is documented; schema and reference page are generated.
`mallfeed.catalog.read` turns YAML into it (with file:line:column for every fault).
"""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import (
    Field,
    PrivateAttr,
    field_validator,
    model_validator,
)

from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.catalog.inherit import MERGED_RULE, columns_of_inherit, gathered_fields
from mallfeed.catalog.lookup_table import LookupTable
from mallfeed.catalog.place import REFERENCE
from mallfeed.catalog.rows import Rows, Rule, names_for_rules, rules_of
from mallfeed.catalog.short_forms import with_full_field_forms, with_full_stamp
from mallfeed.catalog.silence import SilenceRule
from mallfeed.kinds.expression import ExpressionType
from mallfeed.kinds.field_types import FieldTypeUnion
from mallfeed.kinds.rules_of_versions import NEWEST_RULES, PARTIAL_ROWS
from mallfeed.kinds.sql.condition import Names
from mallfeed.kinds.sql.expression import columns_of
from mallfeed.kinds.timestamp import TimestampType
from mallfeed.product.fields import MALL_ID, SALE_WINDOW, WINDOW_ENDS
from mallfeed.product.supplement import slice_of
from mallfeed.yaml_files.part import YamlPart


class Catalog(YamlPart):
    """One version of a mall's catalog."""

    mall: str = Field(pattern=f"^{MALL_ID}$", description="The mall's id, as in its folder.")
    version: int = Field(ge=1, description="As in the file's name, v<N>.yaml.")
    extends: str | None = Field(
        default=None,
        pattern=f"^{REFERENCE}$",
        description="A platform's version, as `cafe24@3`: this file says only what differs from it "
        "(docs/platforms.md). It is published written out.",
    )
    effective_from: datetime = Field(description="From when it holds, with zone.")
    name: str | None = Field(default=None, description="The mall's name as people write it.")
    owner: str = Field(description="Who keeps this catalog.")
    contact: str = Field(description="Whom to tell at the mall.")
    timezone: str = Field(default="Asia/Seoul", description="Zone of times that name none.")
    currency: str = Field(
        default="KRW", pattern=r"^[A-Z]{3}$", description="ISO 4217 code of prices that name none."
    )
    country: str = Field(
        default="KR",
        pattern=r"^[A-Z]{2}$",
        description="ISO 3166 code of the shoppers' country: of delivery fees by country its own is taken.",
    )
    base_url: str | None = Field(default=None, description="Makes relative URLs absolute.")
    fields: dict[str, FieldTypeUnion] = Field(
        default_factory=dict, description="Fields shared by all feeds of this version."
    )
    attributes: dict[str, FieldTypeUnion] = Field(
        default_factory=dict, description="Attributes shared by all feeds of this version."
    )
    rows: Rows = Field(
        default=Rows(), description="Which rows of all feeds of this version become products."
    )
    silence: SilenceRule | None = Field(
        default=None,
        description="What becomes of products that no feed has contained for so many days; without it all stay.",
    )
    as_of: TimestampType | None = Field(
        default=None,
        description="The column in which rows of all feeds but supplements say since when they hold; see the feed's `as_of`.",
    )
    feeds: dict[str, FeedSpec] = Field(min_length=1, description="Feed name → its description.")
    _rules: int = PrivateAttr(default=NEWEST_RULES)
    _tables: Mapping[str, LookupTable] = PrivateAttr(default_factory=dict)

    @property
    def rules(self) -> int:
        """By which ids and deltas are read: those of the time when the version was published, which is
        noted beside its text (`mallfeed.kinds.rules_of_versions`); of a draft the newest."""
        return self._rules

    def read_by(self, rules: int) -> Catalog:
        """The same version, read by these rules."""
        other = self.model_copy()
        other._rules = rules
        return other

    @property
    def tables(self) -> Mapping[str, LookupTable]:
        """The tables that values are looked up in, by name; empty where they have not been read."""
        return self._tables

    def with_tables(self, tables: Mapping[str, LookupTable]) -> Catalog:
        """The same version with its tables."""
        other = self.model_copy()
        other._tables = dict(tables)
        return other

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, data: Any) -> Any:
        return with_full_stamp(with_full_field_forms(data))

    @field_validator("effective_from")
    @classmethod
    def _has_zone(cls, value: datetime) -> datetime:
        if value.tzinfo is None:
            raise ValueError("a time needs its zone, as 2026-01-01T00:00:00+09:00")
        return value

    def merges(self, feed_name: str) -> bool:
        """Whether a row of the feed tells of a part of a product: of a supplement, and of a delta that does not mean
        whole products."""
        feed = self.feeds[feed_name]
        if feed.is_supplement:
            return True
        return feed.mode == "delta" and feed.update == "merge" and self._rules >= PARTIAL_ROWS

    @property
    def slices(self) -> tuple[str, ...]:
        """The slices that the full feeds of this version own by name, sorted; those of `slice_from` are not known."""
        return tuple(
            sorted(
                {
                    feed.slice or name
                    for name, feed in self.feeds.items()
                    if feed.mode == "full" and feed.slice_from is None and not feed.is_supplement
                }
            )
        )

    @property
    def supplements(self) -> tuple[str, ...]:
        """The slices of this version's supplements, sorted (`mallfeed.product.supplement`)."""
        return tuple(sorted(slice_of(n) for n, feed in self.feeds.items() if feed.is_supplement))

    def slice_of(self, feed_name: str) -> str | None:
        """The slice that a feed tells of; None where its rows say it, and for a delta that may belong to any: there
        is no full feed, or there are several and the version, published before slices, does not say which."""
        feed = self.feeds[feed_name]
        if feed.is_supplement:
            return slice_of(feed_name)
        if feed.slice_from is not None:
            return None
        if feed.slice is not None or feed.mode == "full":
            return feed.slice or feed_name
        return self.slices[0] if len(self.slices) == 1 else None

    def slice_of_blank(self, feed_name: str) -> str:
        """The slice of a feed's rows whose cell of `slice_from` is blank: the one called like the feed; of a delta the slice
        of the mall's full feed, if it has only one, since no full feed would ever end another."""
        owned = {
            one.slice or name
            for name, one in self.feeds.items()
            if one.mode == "full" and not one.is_supplement
        }
        is_delta = self.feeds[feed_name].mode == "delta"
        return owned.pop() if is_delta and len(owned) == 1 else feed_name

    def stamp_of(self, feed_name: str) -> TimestampType | None:
        """Where each row of the feed says since when it holds; None = it does not."""
        feed = self.feeds[feed_name]
        return None if feed.is_supplement else feed.as_of or self.as_of

    @property
    def has_stamps(self) -> bool:
        """Whether rows of any feed say since when they hold; those of the others count as made when their feeds were."""
        return any(self.stamp_of(name) is not None for name in self.feeds)

    def fields_of(self, feed_name: str) -> dict[str, FieldTypeUnion]:
        """Shared fields overlaid by the feed's own: canonical name → field type; of a supplement its own ones, and
        the id.

        A window that is mapped as one stands there as its two ends, unless an end is mapped by itself.
        """
        shared = self.fields
        if self.feeds[feed_name].is_supplement:
            shared = {name: one for name, one in shared.items() if name == "product_id"}
        named = {**shared, **self.feeds[feed_name].fields}
        window = named.pop(SALE_WINDOW, None)
        if window is None:
            return named
        return {**{name: window.at_end(end) for name, end in WINDOW_ENDS.items()}, **named}

    def attributes_of(self, feed_name: str) -> dict[str, FieldTypeUnion]:
        """Shared attributes overlaid by the feed's own: attribute name → field type; of a supplement its own ones."""
        feed = self.feeds[feed_name]
        return {**({} if feed.is_supplement else self.attributes), **feed.attributes}

    def row_rules(self, feed_name: str) -> tuple[Rule, ...]:
        """The rules that choose the feed's rows, in the order in which they are asked."""
        feed = self.feeds[feed_name]
        return rules_of(Rows() if feed.is_supplement else self.rows, feed.rows)

    def rule_names(self, feed_name: str) -> tuple[str, ...]:
        """Under which names rows are counted that become no product, in the order of the rules."""
        merged = (MERGED_RULE,) if self.feeds[feed_name].inherit is not None else ()
        return (*merged, *(rule.name for rule in self.row_rules(feed_name)))

    def gathered(self, feed_name: str) -> Catalog:
        """The same version, its feed's fields as they read rows that have been brought together."""
        feed = self.feeds[feed_name]
        if feed.inherit is None:
            return self
        fields = gathered_fields(feed.inherit, self.fields_of(feed_name))
        feeds = {**self.feeds, feed_name: feed.model_copy(update={"fields": fields})}
        return self.model_copy(update={"feeds": feeds})

    def columns_to_gather(self, feed_name: str) -> tuple[str, ...]:
        """The source columns that the feed's `inherit` names, and the file must have."""
        inherit = self.feeds[feed_name].inherit
        if inherit is None:
            return ()
        return tuple(dict.fromkeys(columns_of_inherit(inherit, self.fields_of(feed_name))))

    def names_for_rules(self, feed_name: str) -> Names:
        """What a bare name in the feed's rules means."""
        return names_for_rules(self.columns_of(feed_name), self.fields_of(feed_name))

    def columns_of(self, feed_name: str) -> tuple[str, ...]:
        """The source columns that the feed's fields, attributes and operation read."""
        types = (*self.fields_of(feed_name).values(), *self.attributes_of(feed_name).values())
        named = [source for type_ in types for source in type_.sources]
        named += [
            column
            for type_ in types
            if isinstance(type_, ExpressionType)
            for column in columns_of(type_.sql)
        ]
        named += self.columns_to_gather(feed_name)
        return tuple(dict.fromkeys([*named, *self.row_columns(feed_name)]))

    def row_columns(self, feed_name: str) -> tuple[str, ...]:
        """The columns that say what a row of the feed does, to which slice it belongs, and since when it holds."""
        stamp = self.stamp_of(feed_name)
        return (*self.feeds[feed_name].row_columns, *(stamp.sources if stamp is not None else ()))

    def feed_for_key(self, name_below_mall: str) -> str | None:
        """The feed that an object belongs to, by its key below `feeds/<mall_id>/`; None = no one's.

        Of several patterns that fit the longest wins; a key that none fits goes to the feed marked
        `default`, if there is one.
        """
        fitting = [
            (len(feed.key_pattern), name)
            for name, feed in self.feeds.items()
            if fnmatch.fnmatchcase(name_below_mall, feed.key_pattern)
        ]
        if fitting:
            return max(fitting)[1]
        return next((name for name, feed in self.feeds.items() if feed.default), None)
