"""Which column each field is read from, the prices and the category included."""

from __future__ import annotations

from dataclasses import replace

from mallfeed.authoring.suggest.amounts_off import without_amounts_off
from mallfeed.authoring.suggest.assign import Candidate, assigned, confidence
from mallfeed.authoring.suggest.categories import category_field
from mallfeed.authoring.suggest.dependent_fields import SALE_TIMES, orphans
from mallfeed.authoring.suggest.fits import name_of_product
from mallfeed.authoring.suggest.pictures import picture_fields
from mallfeed.authoring.suggest.prices import (
    lower_and_higher,
    price_fields,
)
from mallfeed.authoring.suggest.profile import Column
from mallfeed.authoring.suggest.sale_times import sale_times
from mallfeed.authoring.suggest.sample import Sample
from mallfeed.authoring.suggest.suggested_field import HIGH, MEDIUM, FoundField
from mallfeed.catalog.names import level_of
from mallfeed.product.fields import MAPPED, WINDOW_ENDS
from mallfeed.wording import listed

_PRICES = ("price", "sale_price", "list_price")
_PICTURES = ("image_url", "extra_image_urls")
_REST = frozenset(MAPPED) - {*_PRICES, *_PICTURES, "category_path"}
LIKELY_NAME = 0.65
OFTEN_DIFFERENT = 0.5
"""How well a text must fit a title to be one under another name: the same text in every row is none."""
SHORT = 80
"""Characters on average; longer texts describe."""


def chosen_fields(
    sample: Sample, found: list[Candidate]
) -> tuple[list[FoundField], list[tuple[str, str]]]:
    """The fields that the columns are, best candidates first, each column once; and (field, what is to be checked)."""
    pictures = picture_fields(sample, found)
    category = _unless_rivalled(category_field(sample, found), found, sample)
    special = [*pictures, *([category] if category else [])]
    taken = {name for one in special for name in one.sources}
    taken |= {
        c.name for c in sample.columns if level_of(c.name) is not None and c.name not in taken
    }

    def choose(among: list[Candidate]) -> dict[str, Candidate]:
        return assigned(among, taken, _REST | set(_PRICES))

    found, off = without_amounts_off(found, sample, choose)
    chosen = choose(found)
    times = sale_times(chosen, sample)
    chosen |= {one.role: one for one in times.found}
    told = [(one.field, one.said()) for one in off]
    told += [("sale_price", _unclear(one, chosen["sale_price"])) for one in times.unclear]
    prices = _prices(found, chosen, tells_time=not chosen.keys().isdisjoint(SALE_TIMES))
    if times.unclear or not all(one.is_sure for one in off):
        prices = [one.doubted() for one in prices]
    alone = set(orphans({*(chosen.keys() - set(_PRICES)), *(one.name for one in prices)}))
    chosen = {name: one for name, one in chosen.items() if name not in alone}
    if "title" not in chosen:
        chosen = _titled(chosen)
    rest = [
        FoundField(role, (one.column.name,), confidence(one, found, chosen), one.why)
        for role, one in chosen.items()
        if role not in _PRICES
    ]
    if "title" not in chosen:
        rest += _composed(chosen)
    return [*rest, *special, *prices], told


def _unclear(column: Column, sale: Candidate) -> str:
    return (
        f"`{column.name}` has a time where `{sale.column.name}` has a price (`{column.example[:40]}`), so it may say when the "
        f"sale begins or ends; if it does, map it as {listed(WINDOW_ENDS)}"
    )


def _titled(chosen: dict[str, Candidate]) -> dict[str, Candidate]:
    """Without any title, a description that is short and different in each row is one, or a maker's name with the model's."""
    text = chosen.get("description")
    if text is None or name_of_product(text.column) < OFTEN_DIFFERENT or text.column.length > SHORT:
        return chosen
    why = f"the only text, and short: {text.column.example[:40]}"
    rest = {role: one for role, one in chosen.items() if role != "description"}
    return rest | {"title": replace(text, role="title", score=MEDIUM, why=why)}


def _composed(chosen: dict[str, Candidate]) -> list[FoundField]:
    """A title of the brand's name and the model's, as feeds have it that name neither product nor article (Yandex, Icecat)."""
    brand, model = chosen.get("brand") or chosen.get("maker"), chosen.get("model_number")
    if brand is None or model is None or model.column.filled < 0.95 or model.column.distinct < 0.5:
        return []
    why = f"no column is called a title; composed: {brand.column.example} {model.column.example}"
    return [FoundField("title", (brand.column.name, model.column.name), MEDIUM, why[:120])]


def _unless_rivalled(
    category: FoundField | None, found: list[Candidate], sample: Sample
) -> FoundField | None:
    """The category; medium if another column is called one, and holds words."""
    if category is None or len(category.sources) > 1 or category.level != "high":
        return category
    rivals = [
        one for one in found
        if one.role == "category_path" and one.named >= LIKELY_NAME and one.score > HIGH - 0.2
        and sample.owner(one.column.name) not in {sample.owner(name) for name in category.sources}
    ]  # fmt: skip
    return category.doubted() if rivals else category


def _prices(
    found: list[Candidate], chosen: dict[str, Candidate], *, tells_time: bool
) -> list[FoundField]:
    now, sale, before = (chosen.get(role) for role in _PRICES)
    if now is None and sale is None and before is not None:
        now, before = lower_and_higher(before, found)
    sure = confidence(now, found, chosen) if now is not None else 1.0
    sure = max(sure, 0.6) if now and now.named else sure
    fields = price_fields(now, sale, before, sure, tells_time=tells_time)
    return [_unless_other_price(one, found) if one.name == "price" else one for one in fields]


def _unless_other_price(price: FoundField, found: list[Candidate]) -> FoundField:
    """The price; medium if the feed has more amounts of a price's name than are told apart."""
    looked_at = {one.column.name for one in found if one.role in _PRICES and one.named >= LIKELY_NAME
                 and one.score > HIGH - 0.2 and one.column.filled > 0.2}  # fmt: skip
    if len(looked_at - set(price.sources)) < 2 or price.level != "high":
        return price
    return price.doubted()
