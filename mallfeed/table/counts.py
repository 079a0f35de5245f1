"""The counts of a feed: stored in the ledger, checked by the guards, and passed on to sinks and reports."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Counts(BaseModel):
    """What became of a feed's rows: rows_read = accepted + rejected + duplicates + dropped + deletes (of a delta).

    `changed` counts products that are written (new or different), and `vanished` products that are
    removed: absent from a full feed or left out of it by a rule, refused in it (`vanished_by_reject`), deleted
    by a delta, or left out of one. `dropped` counts rows that a rule leaves out, `drop_rules` them by rule.
    `warnings` counts cells that became null. `duplicate_ids` are examples of ids that several rows have.
    `products_before` counts the products of the feed's slice before it, `elsewhere` those of other slices.
    Of a supplement, `given` counts the products that it has values for after the feed, `given_before` before it,
    `waiting` those of them that the mall does not have, `taken_back` those of which it says nothing any more, and `beside`
    the rows that are written or removed beside the products.
    `slices` are those that the rows of a full feed name, where they say it.
    `refreshed` counts products of which only is written when a feed last contained them, `silent_out_of_stock` and
    `silent_vanished` those that went out of stock, or off the shop, because none had for a while.
    `median_price` is the middle price of the accepted products in the catalog's currency, in hundredths; None if
    there is none.
    """

    model_config = ConfigDict(frozen=True)

    rows_read: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicates: int = 0
    dropped: int = 0
    deletes: int = 0
    changed: int = 0
    vanished: int = 0
    vanished_by_reject: int = 0
    warnings: int = 0
    products_before: int = 0
    elsewhere: int = 0
    given: int = 0
    given_before: int = 0
    waiting: int = 0
    taken_back: int = 0
    beside: int = 0
    slices: tuple[str, ...] = ()
    reject_codes: dict[str, int] = Field(default_factory=dict)
    warning_codes: dict[str, int] = Field(default_factory=dict)
    drop_rules: dict[str, int] = Field(default_factory=dict)
    duplicate_ids: tuple[str, ...] = ()
    median_price: int | None = None
    refreshed: int = 0
    silent_out_of_stock: int = 0
    silent_vanished: int = 0

    @property
    def written(self) -> int:
        """Rows of the table that are written or removed."""
        return self.changed + self.vanished + self.refreshed + self.beside

    @property
    def judged(self) -> int:
        """Rows that could become products or delete one: all but those that a rule left out, or that only add to
        another row's product. Shares are of them, so that what is left out makes no fault look rare."""
        return self.rows_read - self.dropped
