"""`silence:` of a catalog: when products end that no feed contains any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import Field

from mallfeed.yaml_files.fault import Fault
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


def silence_faults(data: dict[str, Any]) -> Iterator[Fault]:
    """What is wrong between the keys of a catalog's `silence`, as written."""
    rule = data.get("silence")
    if not isinstance(rule, dict):
        return
    out_of_stock, vanished = rule.get("out_of_stock"), rule.get("vanished")
    if out_of_stock is None and vanished is None:
        expected = (
            "`out_of_stock` or `vanished`, in days: as `silence: {out_of_stock: 14, vanished: 30}`"
        )
        yield Fault(("silence",), "`silence` says nothing", expected)
    if not (isinstance(out_of_stock, int) and isinstance(vanished, int)):
        return
    if vanished <= out_of_stock:
        what = f"`silence.vanished` is {vanished}, and products are out of stock after {out_of_stock} days only"
        yield Fault(("silence", "vanished"), what, f"more than {out_of_stock}, or one of the two")
