"""One feed of a catalog: where it arrives, how it is written, how it becomes products, what holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import (
    Field,
    StrictBool,
    create_model,
    model_validator,
)

from mallfeed.catalog.inherit import Inherit
from mallfeed.catalog.rows import Rows
from mallfeed.catalog.short_forms import with_full_field_forms, with_full_stamp
from mallfeed.formats.format import Format
from mallfeed.formats.registry import FORMATS, FormatName
from mallfeed.kinds.field_types import FieldTypeUnion
from mallfeed.kinds.timestamp import TimestampType
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
        "called like the feed, and in a delta the one called like the mall's full feed, if it has only one. A full feed tells of all of the slices that its rows name, and of no other.",
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
