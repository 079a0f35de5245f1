"""One kind of value, whole: what a catalog may say of it, how it is read, how each store holds it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from mallfeed.kinds.fault import OptionFault, Written
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.reading import Condition, Context, Reading
from mallfeed.kinds.sources import Cells, Sources
from mallfeed.kinds.sql.pieces import Sql
from mallfeed.kinds.target import Target

Options = TypeVar("Options", bound=FieldType)

ITEMS_BETWEEN = ", "
NUMBERS = ("bigint", "decimal", "float", "double")
TEXT_OR_NUMBER = ("string", *NUMBERS)

FINDING_PROBLEMS = ("not_json", "not_in_table", "too_costly")
"""What may go wrong on the way to a value, whatever its kind: nothing is known of the value then."""


@dataclass(frozen=True)
class Found:
    """Where a value is found that the target's own kind reads.

    Attributes
    ----------
    texts : SQL of each text, without the catalog's default
    read_as : the type that reads them; None = the target's own
    broken : whether the cell could not be looked into at all (`<field>_not_json`)
    gave_up : SQL of whether looking for the value took too long (`<field>_too_costly`): then it is none
    is_said : the catalog says the value itself, so that no word of it means nothing
    unlisted : whether a table lacks what is looked up (`<field>_not_in_table`)
    looked_up : SQL of the text that is looked up, which is told of where nothing was found
    elsewhere : whether what a table lacks was read from elsewhere (`<field>_from_elsewhere`)
    """

    texts: tuple[Sql, ...]
    read_as: FieldType | None = None
    broken: Condition | None = None
    gave_up: Sql | None = None
    is_said: bool = False
    unlisted: Condition | None = None
    looked_up: Sql | None = None
    elsewhere: Condition | None = None


def as_string(_options: FieldType, value: Sql, _context: Context) -> Sql:
    """A value as Spark casts it to text."""
    return f"cast({value} as string)"


def as_joined(_options: FieldType, value: Sql, _context: Context) -> Sql:
    """The items of a list, with `|` between them."""
    return f"array_join({value}, '|')"


def never(_options: FieldType, _raw_type: str) -> bool:
    """From no further type."""
    return False


def no_words(_options: FieldType, _target: Target) -> Collection[str]:
    """Its values are no words of a known set."""
    return ()


def nothing_wrong(_written: Written) -> Iterator[OptionFault]:
    """The options' model knows all that there is to know."""
    return iter(())


@dataclass(frozen=True)
class Kind(Generic[Options]):
    """What values a field holds. A catalog names a kind that has options as `type: <name>`.

    Attributes
    ----------
    name : in catalogs (if it has options) and in the lists of canonical fields
    options : what a catalog may write beside `type: <name>`; None = no catalog can name the kind
    default : the type with which a canonical field of this kind is read where the catalog names its
        columns only; None = a canonical field of this kind cannot be mapped
    holds : names of the field types whose values a canonical field of this kind takes
    read : the reading of a value; None = what `finds` leads to is read as the target's own kind does,
        or, without options, each type that it holds as that type's kind does
    finds : for kinds that are no values themselves: where the value is
    reads_columns : a catalog says from which columns
    problems : what may be wrong with a value; a canonical field's codes are `<field>_<problem>`
    known_words : (options, target) → words with a meaning, as `key_of` looks them up: none of them
        means nothing
    never_cut : a value that is too long is worth nothing in part, and lost
    check : what else is wrong with the options as a catalog writes them
    raw_types : types of a file's own columns that it is read from, as Spark names them (`decimal` of
        any precision); all that begin so
    raw_if : whether these options read it from another one, too
    holds_objects : an object or a list of a nested record is a value of it
    is_id : products are known by it, so that it is read by the rules of the catalog version's time
    holds_links : of a cell with a link the target is meant, not the text
    blank_words : words that mean nothing as one of it, beside those that mean nothing in the target
    knows_numbers : it reads a number of the file's own otherwise than a text that looks the same
    holds_bytes : bytes that are no text are a value of it, as hex digits
    sql_type : Spark's type, in the product table and in the staged changes
    max_length : most characters that the kind itself lets a value have; None = it has no such limit
    index_types : types of the index's mapping that hold it
    as_text : (options, value, context) → its text as an attribute
    raw_column : its column's type in Athena's table of raw Parquet files
    between : what stands between the items of a list where people read it
    """

    name: str
    options: type[Options] | None = None
    default: FieldType | None = None
    holds: tuple[str, ...] = ()
    read: Callable[[Options, Cells, Target, Context], Reading] | None = None
    finds: Callable[[Options, Sources], Found] | None = None
    reads_columns: bool = True
    problems: tuple[str, ...] = ()
    known_words: Callable[[Options, Target], Collection[str]] = no_words
    never_cut: bool = False
    check: Callable[[Written], Iterator[OptionFault]] = nothing_wrong
    raw_types: tuple[str, ...] = TEXT_OR_NUMBER
    raw_if: Callable[[Options, str], bool] = never
    holds_objects: bool = False
    holds_bytes: bool = False
    knows_numbers: bool = False
    holds_links: bool = False
    blank_words: tuple[str, ...] = ()
    is_id: bool = False
    sql_type: str = "string"
    max_length: int | None = None
    index_types: tuple[str, ...] = ("keyword",)
    as_text: Callable[[Options, Sql, Context], Sql] = as_string
    raw_column: str = "string"
    between: str = ITEMS_BETWEEN
