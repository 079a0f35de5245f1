"""What the options of all kinds share: the base of whatever a catalog writes as a field type.

Every option is documented where it stands, once; the JSON Schema and the reference page are
generated from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StrictBool

from mallfeed.kinds.target import End

USUAL = "usual"
"""In a list of words that mean nothing: those that mean nothing by default."""


class FieldType(BaseModel):
    """What all field types share."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, allow_inf_nan=False
    )

    if TYPE_CHECKING:
        type: str  # each has it, as the Literal of its kind's name

    source: str | tuple[str, ...] | None = Field(
        default=None,
        alias="from",
        description="Source column, or dotted path into a JSON record (`price.sale`, "
        "`images[0].url`). A list names several columns: their values are joined (text) or taken "
        "one by one (category_path, list); of any other type the first that is filled counts, of price and list_price "
        "the first that is filled and not zero (`[sale_price, price]`: the sale's, while there is one). Where `list_price` is read "
        "from one of price's columns as well, those before it are of sales: one that is no lower is no sale.",
    )
    optional: StrictBool = Field(
        default=False,
        description="The column may be absent from the feed; without it its absence is drift.",
    )
    default: str | None = Field(
        default=None, description="Value to read where the cell is blank or absent."
    )
    blank_words: tuple[str, ...] | None = Field(
        default=None,
        description="Words that mean nothing here, instead of the feed's; `usual` in the list stands for "
        "those that mean nothing by default, `[]` = every word is a value.",
    )

    _interval: End | None = PrivateAttr(default=None)

    @property
    def interval(self) -> End | None:
        """Which end of an interval in the cell is read; None = the cell holds one value."""
        return self._interval

    def at_end(self, end: End) -> Self:
        """The same type, which reads one end of an interval."""
        other = self.model_copy()
        other._interval = end
        return other

    @property
    def sources(self) -> tuple[str, ...]:
        """The source columns read, in order; empty for a constant or an expression."""
        if self.source is None:
            return ()
        return (self.source,) if isinstance(self.source, str) else self.source
