"""A file that a platform has written, drafted as what differs from the platform."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from mallfeed.authoring.suggest.assign import DECIDING
from mallfeed.authoring.suggest.cents import with_cents
from mallfeed.authoring.suggest.dependent_fields import NEEDS, in_order
from mallfeed.authoring.suggest.doubts import currencies_named
from mallfeed.authoring.suggest.hidden import Hidden
from mallfeed.authoring.suggest.missing import NO_BASE_URL
from mallfeed.authoring.suggest.moved_columns import moved, moved_field, moved_inherit
from mallfeed.authoring.suggest.profile import Column
from mallfeed.authoring.suggest.recognise import Recognised, recognised
from mallfeed.authoring.suggest.suggest import Suggestion
from mallfeed.authoring.suggest.suggested_field import MEDIUM, FoundField
from mallfeed.authoring.suggest.surroundings import columns_of_price, currency_of
from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.name_words import USUAL
from mallfeed.catalog.names import roles_of
from mallfeed.catalog.platform import Platform, Platforms
from mallfeed.feed.source_columns import columns_read
from mallfeed.kinds.expression import ExpressionType
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.sql.currencies import decimals_of
from mallfeed.kinds.sql.expression import columns_of
from mallfeed.product.fields import BY_NAME, MAPPED

_NAMED = ("category_path", "brand", "maker")
"""Fields that are names: a column of codes stands for them only where the file has no names."""
_MOST = 0.5
"""Share of products of which a column must tell what the platform leaves to malls; share of prices with cents from which
the platform's currency, which has none, is not the file's."""
_SURE = 0.9
"""How sure the file's own currency must be to stand against the platform's."""


@dataclass(frozen=True)
class OnPlatform:
    """What a draft on a platform is written from.

    Attributes
    ----------
    seen : the version that the file is one of, and what the file lacks of it
    found : what the file adds to it: fields that the platform leaves to malls, does not have, reads as codes where the
        file has names, or reads from columns that the file lacks
    own : path → what stands there instead of what the platform says, None = nothing: of columns that the file lacks
    format : of the feed's format and options, what the file says otherwise
    needs_base_url : addresses are built on the shop's own, which nobody has named
    currency : (code, how sure, why) where the file names another one than the platform's, or its prices are in none such
    unread : columns of the file that neither the platform nor the draft reads
    """

    seen: Recognised
    found: Suggestion
    own: Mapping[tuple[str, ...], Any]
    format: Mapping[str, Any] | None = None
    needs_base_url: bool = False
    currency: tuple[str, float, str] | None = None
    unread: tuple[str, ...] = ()

    @property
    def platform(self) -> Platform:
        """The version that the file is one of."""
        return self.seen.platform

    @property
    def feed(self) -> str:
        """The platform's feed that the file is one of."""
        return next(iter(self.platform.catalog.feeds))


def on_platform(found: Suggestion, platforms: Platforms, base_url: str | None) -> OnPlatform | None:
    """The suggestion as what differs from a platform; None where the file is none of one's, or holds only changes."""
    columns = [c.name for c in found.sample.columns if c.element_of is None]
    seen = recognised(columns, platforms) if found.changes is None else None
    return None if seen is None else _Differing(found, seen).draft(columns, base_url)


@dataclass(frozen=True)
class _Differing:
    """What a file says otherwise than its platform."""

    found: Suggestion
    seen: Recognised

    @cached_property
    def catalog(self) -> Catalog:
        return self.seen.platform.catalog

    @cached_property
    def feed(self) -> str:
        return next(iter(self.catalog.feeds))

    @cached_property
    def fields(self) -> Mapping[str, FieldType]:
        return self.catalog.fields_of(self.feed)

    @cached_property
    def reads(self) -> set[str]:
        return set(columns_read(self.catalog, self.feed))

    @cached_property
    def lacking(self) -> Mapping[str, FieldType]:
        return dict(_lacking(self.fields, self.seen.lacking))

    def draft(self, columns: Sequence[str], base_url: str | None) -> OnPlatform:
        head = self.seen.platform.head
        own = tuple(self._own_fields())
        named = {one.name for one in own}
        wanted = (*head.left_to_malls, *self.lacking)
        missing = [name for name in wanted if BY_NAME[name].required and name not in named]
        helps = dict(self.found.missing)
        told = [(name, helps.get(name) or self._no_column(name)) for name in missing]
        told += [one for one in self.found.missing if one[0] == "currency"]
        needs_base_url = self._needs_base_url(base_url)
        relative = "url" in named and self.catalog.base_url is None and "base_url" in helps
        if needs_base_url or relative:
            told.append(("base_url", NO_BASE_URL))
        without = {
            ("fields", name): None for name in self.lacking if name not in (*missing, *named)
        }
        lost = _lacking(self.catalog.attributes_of(self.feed), self.seen.lacking)
        without |= {("attributes", name): None for name, _ in lost}
        rules, doubts = self._rules()
        doubts += self._currencies(own)
        inherit = moved_inherit(self.seen, self.feed)
        labels = () if self._leaves_out_by_id() else self.found.labels
        types = [FoundField(n, tuple(_read_by(t)), MEDIUM, "") for n, t in self.fields.items()]
        rules |= {("rows", "drop", one.name): one.rule([*own, *types]) for one in labels}
        rest = replace(self.found, fields=own, attributes=(), left_out=(), missing=tuple(told), labels=labels, hidden=Hidden(),
                       doubts=(*self._still_doubtful(), *doubts))  # fmt: skip
        read = {self.found.sample.owner(name) for one in own for name in one.sources} | self.reads
        return OnPlatform(
            self.seen,
            rest,
            without | rules | ({("feeds", self.feed, "inherit"): inherit} if inherit else {}),
            _format(self.found.spec, self.catalog.feeds[self.feed]),
            needs_base_url or relative,
            self._currency(own),
            tuple(name for name in columns if name not in read | set(self.seen.renamed.values())),
        )

    def _no_column(self, name: str) -> str:
        if name in self.seen.platform.head.left_to_malls:
            base = self.seen.platform.reference.platform
            return (
                f"{base} does not export it, and no column of the mall's own has it for most products; have the mall "
                "send it, or compose it of other columns with an expression"
            )
        return "its column is not in this file"

    def _still_doubtful(self) -> Iterator[tuple[str, str]]:
        """What is to be checked of the file, but for columns of which the platform knows what they are."""
        for name, why in self.found.doubts:
            if not any(why.startswith(f"`{column}`") for column in self.reads):
                yield name, why

    def _own_fields(self) -> Iterator[FoundField]:
        """In the product's order, as those of the suggestion are."""
        found = {one.name: one for one in self.found.fields}
        left = self.seen.platform.head.left_to_malls
        # What the platform reads as a price has no time of its own, nor a condition.
        found = {n: one for n, one in found.items() if NEEDS.get(n, n) in {n, *self.fields}}
        for name in in_order():
            mine, known = found.get(name), self.fields.get(name)
            if known is not None and name in self.lacking:
                if (instead := self._instead(name, known, mine)) is not None:
                    yield instead
            elif mine is not None and name in left:
                if self._is_of_most(mine):
                    yield mine
            elif mine is not None and known is None and self._adds(mine):
                yield mine
            elif mine is not None and known is not None and self._says_more(mine, known):
                named = ", ".join(f"`{column}`" for column in _read_by(known))
                why = f"names, in place of what {self.seen.platform.reference} reads from {named}; {mine.why}"
                yield replace(mine, why=why)

    def _instead(self, name: str, known: FieldType, mine: FoundField | None) -> FoundField | None:
        """Another column than the platform's is what the builder calls it now, or another thing: a person has to look."""
        others = self.reads - set(_read_by(known))
        same = moved_field(name, self.seen, self.feed)
        if mine is None or others & set(mine.sources):
            mine = same or (mine if MAPPED[name].required else None)
        elif same is not None:
            # The column that has nearly the old name, and the platform's own expression, which knows more than one
            # file shows: of a sale price that is blank today.
            agree = set(mine.sources) <= set(same.sources)
            mine = replace(same, why=mine.why) if agree else same
        if mine is None:
            return None
        named = ", ".join(
            f"`{column}`" for column in _read_by(known) if column in self.seen.lacking
        )
        why = f"in place of {named}, which {self.seen.platform.reference} reads and this file lacks; {mine.why}"
        return replace(mine, confidence=min(mine.confidence, MEDIUM), why=why)

    def _is_of_most(self, mine: FoundField) -> bool:
        """Whether the file says of most products what the platform leaves to its malls, in a column that the platform does
        not know as another thing: `External URL` is where another shop sells the product."""
        columns = [self.found.sample[one] for one in mine.sources if one in self.found.sample]
        filled = max((one.filled for one in columns), default=1.0)
        is_free = not self.reads & {self.found.sample.owner(name) for name in mine.sources}
        return filled >= _MOST and is_free

    def _adds(self, mine: FoundField) -> bool:
        """Whether the file surely has a field that the platform does not: never by a column that it reads otherwise."""
        is_free = not self.reads & {self.found.sample.owner(name) for name in mine.sources}
        if mine.name in DECIDING:
            return False  # whoever wrote the platform knows what its number in stock means, and has not read it
        return is_free and (mine.level == "high" or mine.name == "currency")

    def _says_more(self, mine: FoundField, known: FieldType) -> bool:
        """Whether the file has names, or anything, where the platform's columns have codes or nothing."""
        theirs = [self.found.sample[one] for one in _read_by(known) if one in self.found.sample]
        is_named = roles_of(mine.sources[0]).get(mine.name, 0.0) >= USUAL or len(mine.sources) > 1
        if set(mine.sources) & set(_read_by(known)) or not is_named or not theirs:
            return False
        named = mine.name in _NAMED and all(_are_codes(one) for one in theirs if one.values)
        return named and not all(_are_codes(self.found.sample[one]) for one in mine.sources)

    def _rules(self) -> tuple[dict[tuple[str, ...], Any], list[tuple[str, str]]]:
        """What becomes of rules whose columns the file lacks, and what is to be checked of them."""
        names = self.catalog.names_for_rules(self.feed)
        own: dict[tuple[str, ...], Any] = {}
        doubts = []
        for rule in self.catalog.row_rules(self.feed):
            lost = [one for one in names.columns_of(rule.sql) if one in self.seen.lacking]
            if not lost or rule.keeps:
                continue
            new = {one: self.seen.renamed[one] for one in lost if one in self.seen.renamed}
            is_moved = len(new) == len(lost)
            own[("rows", "drop", rule.name)] = moved(rule.sql, new) if is_moved else None
            shown = ", ".join(f"`{one}`" for one in (new.values() if is_moved else lost))
            doubts.append((
                f"rows.drop.{rule.name}",
                f"it reads {shown} in place of {', '.join(f'`{one}`' for one in lost)}" if is_moved else
                f"this file lacks {shown}, so no row is left out for it",
            ))  # fmt: skip
        return own, doubts

    def _leaves_out_by_id(self) -> bool:
        """Whether the platform itself leaves out rows that are no products, by what stands for their id."""
        names = self.catalog.names_for_rules(self.feed)
        ids = set(_read_by(self.fields["product_id"])) if "product_id" in self.fields else set()
        read = [set(names.columns_of(rule.sql)) for rule in self.catalog.row_rules(self.feed)]
        return any(columns and columns <= ids for columns in read)

    def _needs_base_url(self, base_url: str | None) -> bool:
        left = "url" in self.seen.platform.head.left_to_malls
        return not left and self.catalog.base_url is None and base_url is None

    def _currencies(self, own: Sequence[FoundField]) -> Iterator[tuple[str, str]]:
        """What is to be checked where the prices that are read are in several currencies."""
        told = self._currency(own)
        if told is not None and told[1] < MEDIUM:
            yield "currency", f"{told[2]}; confirm it, or write another one"
        currency = told[0] if told is not None else self.catalog.currency
        yield from currencies_named(self.found.sample, self._money(own), currency)

    def _money(self, own: Sequence[FoundField]) -> tuple[FoundField, ...]:
        """The price and its currency, as the draft reads them: by its own columns, else by the platform's."""
        mine = {one.name: one for one in own if one.name in ("price", "currency")}
        for name in ("price", "currency"):
            if name in self.fields and name not in mine:
                mine[name] = FoundField(name, tuple(_read_by(self.fields[name])), MEDIUM, "")
        return tuple(mine.values())

    def _currency(self, own: Sequence[FoundField]) -> tuple[str, float, str] | None:
        """What the file says against the platform's; a guess only where the prices cannot be in the platform's."""
        theirs, sample = self.catalog.currency, self.found.sample
        code, sure, why = currency_of(sample, self.found.fields)
        if code and sure >= _SURE:
            return (code, sure, why) if code != theirs else None
        share, example = with_cents(columns_of_price(sample, self._money(own)), theirs)
        is_theirs = (
            code == theirs and sure >= MEDIUM
        )  # a Korean file's prices are wrong by themselves
        if share <= _MOST or is_theirs:
            return None
        if not decimals_of(code or theirs):
            code, sure = "USD", 0.4
        base = self.seen.platform.reference
        return (
            code,
            sure,
            f"prices have cents, such as {example}, and {theirs} of {base} has none: {code} is a guess",
        )


def _are_codes(column: Column) -> bool:
    """Whether most are: a platform's file may have a row that says what is expected."""
    return column.share("codes") > 0.5


def _read_by(type_: FieldType) -> Sequence[str]:
    """The columns that a field is read from."""
    return columns_of(type_.sql) if isinstance(type_, ExpressionType) else type_.sources


def _lacking(
    types: Mapping[str, FieldType], lacking: Collection[str]
) -> Iterator[tuple[str, FieldType]]:
    """Fields that cannot do without columns which the file lacks."""
    for name, type_ in types.items():
        if not type_.optional and set(_read_by(type_)) & set(lacking):
            yield name, type_


def _format(found: FeedSpec, known: FeedSpec) -> Mapping[str, Any] | None:
    """What the file's format says otherwise than the platform's feed."""
    row, options = found.format_row, found.options
    said = {} if options is None else options.model_dump(exclude_defaults=True)
    said |= {key: getattr(options, key) for key in row.drafted}
    if found.format != known.format:
        return {"format": found.format, **({found.format: said} if said else {})}
    differs = {key: value for key, value in said.items() if value != getattr(known.options, key)}
    return {found.format: differs} if differs else None
