"""From a catalog's field type to its reading, by what the canonical field holds."""

from __future__ import annotations

from dataclasses import replace

from mallfeed.catalog import field_types as ft
from mallfeed.normalise.types import gtin, json_path, lists, moment, money, number, url, words
from mallfeed.normalise.types import text as plain
from mallfeed.normalise.types.currency import read_currency
from mallfeed.normalise.types.identifier import read_identifier
from mallfeed.normalise.types.reading import Context, Problem, Reading, Sql
from mallfeed.normalise.types.source import Sources
from mallfeed.product.fields import CanonicalField
from mallfeed.product.sql import NO_TEXT, called, case, matches, stripped, text, word_list

_OWN_TYPES: dict[str, tuple[type[ft.FieldType], ...]] = {
    "text": (ft.TextType, ft.HtmlTextType),
    "html_text": (ft.HtmlTextType, ft.TextType),
    "money": (ft.MoneyType, ft.DecimalType, ft.IntegerType),
    "integer": (ft.IntegerType,),
    "rating": (ft.DecimalType, ft.IntegerType, ft.MoneyType),
    "timestamp": (ft.TimestampType, ft.DateType),
    "url": (ft.UrlType,),
    "list_url": (ft.ListType,),
    "list_text": (ft.ListType,),
    "category_path": (ft.CategoryPathType,),
    "enum": (ft.EnumType,),
    "bool": (ft.BoolType,),
    "gtin": (ft.GtinType,),
}
_BOUNDS: dict[str, tuple[float | None, float | None]] = {
    "review_count": (0, None),
    "rating": (0, 5),
}
_SHIPPING_WORDS = {
    word: fee
    for fee, spelled in (
        ("0", "무료 무료배송 free freeshipping"),
        ("-1", "착불 collect cod 수취인부담"),
    )
    for word in spelled.split()
}


def reading_of(
    type_: ft.FieldTypeUnion, target: CanonicalField, sources: Sources, context: Context
) -> Reading:
    """The reading of a canonical field; a type that the field cannot hold only finds its text."""
    cells = _cells(type_, sources)
    if isinstance(type_, ft.JsonPathType):
        inner = type_.then or default_type(target)
        found = json_path.found(f"coalesce({', '.join(cells)})", type_.path)
        reading = _read(inner, target, [with_default(found, type_.default)], sources, context)
        return reading.with_problem(
            Problem("not_json", json_path.broken(f"coalesce({', '.join(cells)})")), first=True
        )
    if isinstance(type_, _OWN_TYPES.get(target.kind, ())):
        reading = _read(type_, target, cells, sources, context)
    else:
        reading = _read(default_type(target), target, cells, sources, context, names=type_.sources)
    return replace(reading, cheap=_is_cheap(type_, target, sources))


def _is_cheap(type_: ft.FieldTypeUnion, target: CanonicalField, sources: Sources) -> bool:
    """Whether the cell is one column's text as it stands, or what stripping leaves of it."""
    if len(type_.sources) != 1 or isinstance(type_, ft.ExpressionType) or type_.default is not None:
        return False
    made = isinstance(type_, ft.ListType | ft.CategoryPathType | ft.EnumType | ft.BoolType)
    made = made or target.kind in ("list_text", "category_path", "enum", "bool")
    return not made and target.name != "shipping_fee" and sources.is_text(type_.sources[0])


def default_type(target: CanonicalField) -> ft.FieldTypeUnion:
    """The type that reads a canonical field when the catalog does not say how."""
    kind = target.kind
    simple: dict[str, ft.FieldTypeUnion] = {
        "html_text": ft.HtmlTextType(),
        "money": ft.MoneyType(),
        "integer": ft.IntegerType(),
        "rating": ft.DecimalType(precision=3, scale=2),
        "timestamp": ft.TimestampType(),
        "url": ft.UrlType(),
        "list_url": ft.ListType(item="url"),
        "list_text": ft.ListType(separators="|,"),
        "category_path": ft.CategoryPathType(),
        "enum": ft.EnumType(),
        "bool": ft.BoolType(),
        "gtin": ft.GtinType(),
    }
    return simple.get(kind, ft.TextType())


def with_default(cell: Sql, default: str | None) -> Sql:
    """The cell, or the catalog's default where it is blank."""
    if default is None:
        return cell
    return case((matches(cell, r"\S"), cell), otherwise=text(default))


def _cells(type_: ft.FieldTypeUnion, sources: Sources) -> list[Sql]:
    if isinstance(type_, ft.ConstantType):
        return [text(type_.value)]
    if isinstance(type_, ft.ExpressionType):
        return [with_default(sources.expression(type_.sql), type_.default)]
    cells = [sources.cell(name) for name in type_.sources] or [NO_TEXT]
    if len(cells) == 1:
        return [with_default(cells[0], type_.default)]
    return cells


def _first(cells: list[Sql]) -> Sql:
    short = [stripped(cell) for cell in cells]
    return short[0] if len(short) == 1 else f"coalesce({', '.join(short)})"


def _read(
    type_: ft.FieldTypeUnion,
    target: CanonicalField,
    cells: list[Sql],
    sources: Sources,
    context: Context,
    names: tuple[str, ...] = (),
) -> Reading:
    names = names or type_.sources
    typed_number = bool(names) and all(sources.is_number(name) for name in names)
    typed_moment = bool(names) and all(sources.is_moment(name) for name in names)
    bounds = _BOUNDS.get(target.name, (None, None))
    if target.name == "product_id":
        return read_identifier(_first(cells), target.max_length or 100)
    if target.kind == "currency":
        return read_currency(_first(cells), context.currency)
    match type_:
        case ft.HtmlTextType():
            return plain.read_html(type_, _together(cells, " "), target.max_length)
        case ft.TextType():
            return plain.read_text(type_, _together(cells, type_.join), target.max_length)
        case ft.MoneyType():
            cell = _first(cells)
            if target.name == "shipping_fee":
                cell = f"coalesce({called('word', cell, word_list(_SHIPPING_WORDS))}, {cell})"
            return money.read_money(cell, "." if typed_number else type_.decimal_mark)
        case ft.IntegerType():
            return number.read_integer(type_, _first(cells), bounds)
        case ft.DecimalType():
            read = type_.model_copy(update={"decimal_mark": "."}) if typed_number else type_
            return number.read_decimal(read, _first(cells), bounds)
        case ft.TimestampType():
            read_as = type_.model_copy(update={"formats": ("iso8601",)}) if typed_moment else type_
            return moment.read_timestamp(read_as, _first(cells), context.timezone)
        case ft.DateType():
            day = type_.model_copy(update={"formats": ("iso8601",)}) if typed_moment else type_
            return moment.read_date(day, _first(cells), context.timezone)
        case ft.UrlType():
            return url.read_url(
                _first(cells), type_.base_url or context.base_url, target.max_length
            )
        case ft.ListType():
            joined = lists.joined([stripped(cell) for cell in cells])
            if type_.item == "text":
                # Cleaning folds white space, so where that separates it is made to last.
                blanks = "".join(char for char in type_.separators if char.isspace())
                if blanks:
                    joined = (
                        f"translate({joined}, {text(blanks)}, {text(lists.JOINT * len(blanks))})"
                    )
                return lists.read_texts(type_, joined, target)
            return lists.read_urls(type_, joined, context.base_url, target)
        case ft.CategoryPathType():
            return lists.read_category(type_, cells, target)
        case ft.EnumType():
            return words.read_enum(target.name, type_, _first(cells), target.values)
        case ft.BoolType():
            return words.read_bool(type_, _first(cells))
        case ft.GtinType():
            return gtin.read_gtin(_first(cells))
        case _:  # json_path within json_path and the like: read what was found as the target's own
            return _read(default_type(target), target, cells, sources, context, names)


def _together(cells: list[Sql], separator: str) -> Sql:
    if len(cells) == 1:
        return cells[0]
    return f"nullif(concat_ws({text(separator)}, {', '.join(f'nullif(trim({c}), {text(str())})' for c in cells)}), '')"
