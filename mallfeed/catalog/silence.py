"""`silence:` of a catalog: when products end that no feed contains any more."""

from __future__ import annotations

from pydantic import Field, model_validator

from mallfeed.yaml_files.part import YamlPart

MOST_DAYS = 365
"""The ledger keeps closed feeds a little longer."""


class SilenceRule(YamlPart):
    """What becomes of products that no feed has contained for so many days (docs/feeds-and-time.md). Without it
    products stay until a feed takes them away. A full feed contains all products of its slice, also one that is IGNORED since its
    bytes are unchanged; a delta those that its accepted rows name, changed or not."""

    out_of_stock: int | None = Field(
        default=None,
        ge=1,
        le=MOST_DAYS,
        description="After so many days a product is out_of_stock. The next feed that contains it restores what the mall "
        "says of its availability.",
    )
    vanished: int | None = Field(
        default=None,
        ge=1,
        le=MOST_DAYS,
        description="After so many days, more than `out_of_stock`, it is no longer shown. The next feed that contains it "
        "brings it back, also a row of a delta that names a part of it.",
    )

    @model_validator(mode="after")
    def _says_something(self) -> SilenceRule:
        if self.out_of_stock is None and self.vanished is None:
            raise ValueError(
                "`silence` says nothing: expected `out_of_stock:` or `vanished:`, in days"
            )
        if None not in (self.out_of_stock, self.vanished) and self.vanished <= self.out_of_stock:  # type: ignore[operator]
            raise ValueError(
                f"`vanished` ({self.vanished} days) is no more than `out_of_stock` ({self.out_of_stock} days): "
                "products would never be out of stock; expected more days, or one of the two"
            )
        return self
