"""One version of one mall's catalog, as written in `catalogs/<mall_id>/v<N>.yaml`.

The model is the only place where a key is documented; schema and reference page are generated.
`mallfeed.catalog.read` turns YAML into it (with file:line:column for every fault).
"""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import (
    Field,
    PrivateAttr,
    StrictBool,
    create_model,
    field_validator,
    model_validator,
)

from mallfeed.catalog.inherit import MERGED_RULE, Inherit, columns_of_inherit, gathered_fields
from mallfeed.catalog.lookup_table import LookupTable
from mallfeed.catalog.place import REFERENCE
from mallfeed.catalog.rows import Rows, Rule, names_for_rules, rules_of
from mallfeed.catalog.silence import SilenceRule
from mallfeed.formats.format import Format
from mallfeed.formats.registry import FORMATS, FormatName
from mallfeed.kinds.expression import ExpressionType
from mallfeed.kinds.field_types import FieldTypeUnion
from mallfeed.kinds.registry import KINDS
from mallfeed.kinds.rules_of_versions import NEWEST_RULES, PARTIAL_ROWS
from mallfeed.kinds.sql.condition import Names
from mallfeed.kinds.sql.expression import columns_of
from mallfeed.kinds.text import TextType
from mallfeed.kinds.timestamp import TimestampType
from mallfeed.product.fields import MALL_ID, MAPPED, SALE_WINDOW, WINDOW_ENDS
from mallfeed.product.supplement import slice_of
from mallfeed.yaml_files.part import YamlPart

MOST_PRIORITY = 10
"""Of a mall, either way."""


class Operation(YamlPart):
    """How a delta feed says what happens to a product."""

    source: str = Field(alias="from", description="Column that holds the operation.")
    upsert: tuple[str, ...] = Field(
        default=("I", "U", "insert", "update", "upsert"), description="Words for new or changed."
    )
    delete: tuple[str, ...] = Field(default=("D", "delete"), description="Words for gone.")


class Limit(YamlPart):
    """A guard: it holds the feed when both the ratio and the count are exceeded."""

    ratio: float = Field(ge=0, le=1, description="Share that may be exceeded by no feed.")
    count: int = Field(ge=0, description="Count below which the ratio does not matter.")


class PriceGuard(YamlPart):
    """How far the middle price of a full feed may be from those of the mall's last ones."""

    factor: float = Field(
        default=1.8,
        gt=1,
        description="Held where it is this many times as high, or only one such part of it.",
    )
    count: int = Field(
        default=10,
        ge=0,
        description="Count of products, in either feed, below which it does not matter.",
    )


class Guards(YamlPart):
    """What holds a feed back before anything of it is published."""

    vanished: Limit = Field(
        default=Limit(ratio=0.30, count=100),
        description="Products gone since the last full feed. Below `ratio: 0.9` also nearly all (90 %) of a mall's products, whatever "
        "the count.",
    )
    rejected: Limit = Field(
        default=Limit(ratio=0.20, count=10),
        description="Rows refused, of those that no rule leaves out.",
    )
    rounded: Limit = Field(
        default=Limit(ratio=0.20, count=10),
        description="Prices with more decimals than are kept of their currency, of the rows that no rule leaves out.",
    )
    duplicates: Limit = Field(
        default=Limit(ratio=0.30, count=1),
        description="Rows with the id of another row, of those that no rule leaves out.",
    )
    prices: PriceGuard = Field(
        default=PriceGuard(),
        description="The middle price of a full feed's products beside those of the mall's last five full feeds of that name.",
    )
    unusual: StrictBool = Field(
        default=True,
        description="Hold a full feed that is unlike each of the mall's last five of that name: fewer than half of the "
        "products, or 5 % and five times as many rows refused, or 10 % and five times as many products vanishing, where "
        "that is ten or more.",
    )
    fewest_rows: int = Field(
        default=1,
        ge=0,
        description="A full feed with fewer accepted rows is held; a delta may be empty.",
    )


class Schedule(YamlPart):
    """When a feed is expected, for the late-feed alarm, and when it may be taken."""

    every_hours: float | None = Field(default=None, gt=0, description="Due this often.")
    daily_at: str | None = Field(
        default=None, pattern=r"^\d{2}:\d{2}$", description="Due each day at HH:MM (catalog zone)."
    )
    grace_minutes: int = Field(default=60, ge=0, description="Lateness allowed before the alarm.")
    window: str | None = Field(
        default=None,
        pattern=r"^\d{2}:\d{2}-\d{2}:\d{2}$",
        description="Take feeds only between these times (catalog zone).",
    )


class Capacity(YamlPart):
    """Hints for sizing the run."""

    expected_rows: int | None = Field(
        default=None,
        ge=0,
        description="Without effect, kept for catalogs that name it: workers are chosen by the "
        "feed's bytes and by what the mall's last feeds took.",
        json_schema_extra={"deprecated": True},
    )
    priority: int = Field(
        default=0, ge=-MOST_PRIORITY, le=MOST_PRIORITY, description="Higher goes first."
    )


class _Sent(YamlPart):
    key_pattern: str = Field(
        default="*",
        description="Glob for the object key below feeds/<mall_id>/ (`full_*.csv`, `daily/*`); "
        "`*` also matches `/`. Of several feeds whose pattern fits, the longest pattern wins.",
    )
    default: StrictBool = Field(default=False, description="Takes keys that no pattern fits.")


if TYPE_CHECKING:

    class _Written(_Sent):
        format: FormatName
else:
    _Written = create_model(
        "_Written",
        __base__=_Sent,
        format=(FormatName, Field(description="How the file is written.")),
        **{
            f"{name}_options": (
                row.options,
                Field(default=row.options(), alias=name, description=f"Options of format {name}."),
            )
            for name, row in FORMATS.items()
            if row.options is not None
        },
    )


class FeedSpec(_Written):
    """One named feed of a mall: where it arrives, how it is written, how it becomes products."""

    arrival: Literal["object", "success_marker", "manifest"] = Field(
        default="object",
        description="object: each object is a feed. success_marker: the objects of a folder are "
        "one feed once `_SUCCESS` arrives in it. manifest: once `manifest.json` "
        '({"files": [names]}) arrives.',
    )
    mode: Literal["full", "delta"] = Field(
        default="full", description="full: what is absent is gone. delta: only what changed."
    )
    role: Literal["primary", "supplement"] = Field(
        default="primary",
        description="supplement: the feed adds values to products of the others, as a list of GTINs or corrections does. It "
        "makes and removes no product; what it has a value for lies over what primary feeds say, until it says "
        "nothing of it any more.",
    )
    priority: int = Field(
        default=0,
        ge=-1000,
        le=1000,
        description="Of several supplements that have a value for one field of a product, that with the highest "
        "priority counts; of equal ones the one whose name comes first.",
    )
    slice: str | None = Field(
        default=None,
        pattern=r"^[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]{0,98}[^\s\x00-\x1f\x7f])?$",
        description="The part of the shop that the feed tells of. A full feed has one of its own, by its name, unless "
        "this says another: what is absent is gone from that slice only. A delta belongs to the slice of the mall's "
        "full feed; where there are several, it must say to which.",
    )
    slice_from: str | None = Field(
        default=None,
        min_length=1,
        description="Column that says of each row to which slice it belongs, instead of `slice`; a blank means the slice "
        "called like the feed. A full feed tells of all of the slices that its rows name, and of no other.",
    )
    operation: Operation | None = Field(
        default=None,
        description="Required for mode delta, but of a supplement, whose rows all say something without it.",
    )
    update: Literal["merge", "replace"] = Field(
        default="merge",
        description="What a row of a delta means. merge: it changes the fields whose column, key or element it "
        "carries; a blank clears one, what is absent stays as it is. replace: it is the whole product, what is "
        "absent is cleared (always so in versions that an earlier release published).",
    )
    as_of: TimestampType | None = Field(
        default=None,
        description="The column in which each row says since when it holds (`as_of: updated_at`, or a mapping with the options of a "
        "`timestamp`), instead of the catalog's own `as_of`. A value with an older stamp never replaces one with a newer one, whatever is uploaded first; a row "
        "without a stamp counts as made when its feed was.",
    )
    fields: dict[str, FieldTypeUnion] = Field(
        default_factory=dict,
        description="Canonical field → how it is read; beside or instead of the catalog's own.",
    )
    attributes: dict[str, FieldTypeUnion] = Field(
        default_factory=dict, description="Attribute name → how it is read."
    )
    blank_words: tuple[str, ...] | None = Field(
        default=None,
        description="Words that mean nothing in the feed's cells, instead of the usual ones (`null`, "
        "`N/A`, `-` …); `usual` in the list stands for those. `description` keeps every word unless it "
        "says so itself.",
    )
    rows: Rows = Field(
        default=Rows(),
        description="Which rows become products; beside the catalog's own `rows`, and instead of a rule of "
        "the same name.",
    )
    extra_columns: Literal["ignore", "attributes"] = Field(
        default="ignore", description="What happens to columns that no field names."
    )
    inherit: Inherit | None = Field(
        default=None,
        description="Several rows tell of one article: which belong together, and what they have of each other.",
    )
    duplicates: Literal["last", "newest", "first"] = Field(
        default="last",
        description="Which of several rows with one product_id wins: the last, the one with "
        "the highest mall_updated_at, or the first (which is the default beside `inherit`).",
    )
    on_reject: Literal["vanish", "keep"] = Field(
        default="vanish",
        description="Full feeds: what becomes of the published product whose new row is refused.",
    )
    hash_updated_at: StrictBool = Field(
        default=True,
        description="Whether a new mall_updated_at alone makes a product count as changed; false "
        "for malls that stamp every row daily.",
    )
    guards: Guards = Field(default=Guards(), description="Thresholds that hold the feed.")
    schedule: Schedule = Field(default=Schedule(), description="When it is due.")
    capacity: Capacity = Field(default=Capacity(), description="Sizing hints.")

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("inherit") is not None:
            data = {"duplicates": "first", **data}  # an article's first row is the article's own
        return with_full_stamp(with_full_field_forms(data))

    @property
    def format_row(self) -> Format:
        """All that is known of its format."""
        return FORMATS[self.format]

    @property
    def is_supplement(self) -> bool:
        """Whether it adds values to products of other feeds only."""
        return self.role == "supplement"

    @property
    def row_columns(self) -> tuple[str, ...]:
        """The columns that say what a row does, and to which slice it belongs."""
        operation = (self.operation.source,) if self.operation is not None else ()
        return (*operation, *((self.slice_from,) if self.slice_from is not None else ()))

    @property
    def options(self) -> Any:
        """The options of its format, an instance of `row.options`; None where there are none."""
        return getattr(self, f"{self.format}_options", None)

    @model_validator(mode="after")
    def _delta_has_operation(self) -> FeedSpec:
        if self.mode == "delta" and self.operation is None and not self.is_supplement:
            raise ValueError("a delta feed needs `operation:` (which column says I, U or D)")
        return self


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


def with_full_field_forms(data: Any) -> Any:
    """`title: 상품명` → `title: {from: 상품명, type: text}`, for `fields` and `attributes` mappings."""
    if not isinstance(data, dict):
        return data
    out = dict(data)
    for section in ("fields", "attributes"):
        if isinstance(out.get(section), dict):
            out[section] = {
                target: _full_form(section, str(target), value)
                for target, value in out[section].items()
            }
    return out


def with_full_stamp(data: Any) -> Any:
    """`as_of: updated_at` → `as_of: {from: updated_at, type: timestamp}`."""
    if not isinstance(data, dict) or not isinstance(data.get("as_of"), str | list | tuple):
        return data
    return {**data, "as_of": {"from": data["as_of"], "type": "timestamp"}}


def _full_form(section: str, target: str, value: Any) -> Any:
    if isinstance(value, str | list | tuple):
        value = {"from": value}
    if isinstance(value, dict) and "type" not in value:
        kind = KINDS[MAPPED[target].kind] if section == "fields" and target in MAPPED else None
        default = kind.default if kind is not None and kind.default else TextType()
        value = {**default.model_dump(exclude_unset=True), **value, "type": default.type}
    return value
