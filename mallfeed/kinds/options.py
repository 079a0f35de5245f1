"""What the options of all kinds share: the base of whatever a catalog writes as a field type.

Every option is documented where it stands, once; the JSON Schema and the reference page are
generated from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, StrictBool

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
        "one by one (category_path, list).",
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

    @property
    def sources(self) -> tuple[str, ...]:
        """The source columns read, in order; empty for a constant or an expression."""
        if self.source is None:
            return ()
        return (self.source,) if isinstance(self.source, str) else self.source
