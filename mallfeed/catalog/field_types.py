"""The field types a catalog may use, each with its options: what a source column is turned into.

Every option is documented here, once; the JSON Schema and the reference page are generated from it.
The Spark column expression of each type lives in `mallfeed.normalise.types`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool


class FieldType(BaseModel):
    """What all field types share."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, allow_inf_nan=False
    )

    source: str | tuple[str, ...] | None = Field(
        default=None,
        alias="from",
        description="Source column, or dotted path into a JSON record (`price.sale`, "
        "`images[0].url`). A list names several columns: their values are joined (text) or taken "
        "one by one (category_path, list).",
    )
    optional: StrictBool = Field(
        default=False,
        description="The column may be absent from the feed; without it its absence is drift.",
    )
    default: str | None = Field(
        default=None, description="Value to read where the cell is blank or absent."
    )

    @property
    def sources(self) -> tuple[str, ...]:
        """The source columns read, in order; empty for a constant or an expression."""
        if self.source is None:
            return ()
        return (self.source,) if isinstance(self.source, str) else self.source


class TextType(FieldType):
    """Plain text: entities unescaped, tags and control characters out, spaces folded, NFC."""

    type: Literal["text"] = "text"
    join: str = Field(default=" ", description="Put between the values of several columns.")
    max_length: int | None = Field(default=None, description="Characters kept; the rest is cut.")


class HtmlTextType(FieldType):
    """An HTML fragment to readable text: blocks become line breaks, scripts and styles go."""

    type: Literal["html_text"] = "html_text"
    max_length: int | None = Field(default=None, description="Characters kept; the rest is cut.")


class MoneyType(FieldType):
    """An amount: `12,900`, `₩12,900`, `12900원`, `12900.00KRW`, `10 000,00`, `1.144.000`."""

    type: Literal["money"] = "money"
    decimal_mark: Literal[".", ",", "auto"] = Field(
        default="auto",
        description="Which of `.` and `,` marks decimals where both readings are possible. `auto` "
        "takes the last mark as decimal only when it cannot group thousands.",
    )


class IntegerType(FieldType):
    """A whole number; thousands separators allowed."""

    type: Literal["integer"] = "integer"
    minimum: int | None = Field(default=None, description="Smallest accepted value.")
    maximum: int | None = Field(default=None, description="Largest accepted value.")


class DecimalType(FieldType):
    """A decimal number."""

    type: Literal["decimal"] = "decimal"
    decimal_mark: Literal[".", ","] = Field(default=".", description="The decimal mark.")
    precision: int = Field(default=18, ge=1, le=38, description="Digits in all.")
    scale: int = Field(default=2, ge=0, le=18, description="Digits behind the mark.")
    minimum: float | None = Field(default=None, description="Smallest accepted value.")
    maximum: float | None = Field(default=None, description="Largest accepted value.")


class TimestampType(FieldType):
    """A moment. Without a zone in the value, the catalog's `timezone` holds."""

    type: Literal["timestamp"] = "timestamp"
    formats: tuple[str, ...] = Field(
        default=("iso8601",),
        description="Tried in order: `iso8601`, `epoch_seconds`, `epoch_millis`, or a Spark "
        "datetime pattern such as `yyyy-MM-dd HH:mm:ss` or `yyyyMMdd`.",
    )
    timezone: str | None = Field(default=None, description="Zone of values that name none.")


class DateType(FieldType):
    """A day, without time."""

    type: Literal["date"] = "date"
    formats: tuple[str, ...] = Field(
        default=("yyyy-MM-dd", "yyyyMMdd"),
        description="Spark datetime patterns, tried in order.",
    )


class UrlType(FieldType):
    """A web address: http or https, made absolute with the catalog's base_url, percent-encoded."""

    type: Literal["url"] = "url"
    base_url: str | None = Field(default=None, description="Overrides the catalog's base_url.")


class ListType(FieldType):
    """Several values in one cell (or one each from several columns, or a JSON array)."""

    type: Literal["list"] = "list"
    separators: str = Field(default="|", description="Each character of it separates.")
    item: Literal["text", "url"] = Field(default="text", description="What each item is.")
    max_items: int | None = Field(default=None, ge=1, description="Items kept.")


class CategoryPathType(FieldType):
    """A category path, from one split cell or from one column a level."""

    type: Literal["category_path"] = "category_path"
    separators: str = Field(default=">|", description="Each character of it separates levels.")


class EnumType(FieldType):
    """A word of a fixed set. The usual Korean and English spellings are known already."""

    type: Literal["enum"] = "enum"
    values: dict[str, str] = Field(
        default_factory=dict,
        description="The mall's own words → canonical words, beside the ones already known.",
    )
    blank: str | None = Field(default=None, description="Canonical word for a blank cell.")


class BoolType(FieldType):
    """Yes or no: Y/N, true/false, 1/0, 예/아니오; blank is no unless `default` says else."""

    type: Literal["bool"] = "bool"
    true: tuple[str, ...] = Field(default=(), description="More words for yes.")
    false: tuple[str, ...] = Field(default=(), description="More words for no.")


class GtinType(FieldType):
    """GTIN-8, -12, -13 or -14 with a right check digit; spaces and hyphens are removed."""

    type: Literal["gtin"] = "gtin"


class JsonPathType(FieldType):
    """A value out of JSON text inside a cell."""

    type: Literal["json_path"] = "json_path"
    path: str = Field(description="A path as `$.images[0].url`.")
    then: FieldTypeUnion | None = Field(
        default=None, description="The type that reads the value found; default the target's own."
    )


class ConstantType(FieldType):
    """The same value for every row."""

    type: Literal["constant"] = "constant"
    value: str = Field(description="The value, read by the target's own type.")


class ExpressionType(FieldType):
    """A Spark SQL expression over source columns (checked: known columns and functions only).

    At most 50 levels deep and of 2,000 parts; a value may copy a cell 16 times and grow by 1,000,000
    characters beside, counts (`lpad`, `rpad`) are literals up to 1,000, patterns have up to 1,000 characters.
    """

    type: Literal["expression"] = "expression"
    sql: str = Field(description="The expression; its text result is read by the target's type.")


FieldTypeUnion = Annotated[
    TextType
    | HtmlTextType
    | MoneyType
    | IntegerType
    | DecimalType
    | TimestampType
    | DateType
    | UrlType
    | ListType
    | CategoryPathType
    | EnumType
    | BoolType
    | GtinType
    | JsonPathType
    | ConstantType
    | ExpressionType,
    Field(discriminator="type"),
]
JsonPathType.model_rebuild()

DEFAULT_TYPE_OF_KIND: dict[str, str] = {
    "text": "text",
    "html_text": "html_text",
    "money": "money",
    "integer": "integer",
    "rating": "decimal",
    "timestamp": "timestamp",
    "url": "url",
    "list_url": "list",
    "list_text": "list",
    "category_path": "category_path",
    "enum": "enum",
    "bool": "bool",
    "gtin": "gtin",
    "currency": "text",
    "map": "text",
}
"""The field type a canonical field gets when the catalog names only its column."""
