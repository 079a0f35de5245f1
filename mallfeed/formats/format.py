"""A row for each file format: everything that mallfeed knows of it, and where its reader is.

A row is made of what is light: the catalog's model reads it, in Lambdas too, which have neither Spark
nor Arrow. What needs more is named, `module:function`, and imported by who calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from mallfeed.formats.athena import Readable
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.part import YamlPart
from mallfeed.yaml_files.yaml_tree import Path


@dataclass(frozen=True)
class Weight:
    """How heavy a megabyte is, as the format's reader sees it: unpacked.

    Attributes
    ----------
    seconds : it keeps two workers busy, from reading to both sinks
    rows_mb : its rows, as the megabytes of a CSV that held them
    splitting : what the driver's core takes to split its records, as a multiple of a CSV's
    """

    seconds: float
    rows_mb: float
    splitting: float


@dataclass(frozen=True)
class Look:
    """How `suggest` recognises a file.

    Attributes
    ----------
    function : `module:function` of `Beginning` → `Written`, or None where it is not of this format
    magic : first bytes of such files, any of which tells; empty for text
    by_shape : its text has no mark, so that it is asked behind the formats whose text has
    """

    function: str
    magic: tuple[bytes, ...] = ()
    by_shape: bool = False


@dataclass(frozen=True)
class WrittenOptions:
    """A format's options as a catalog says them, before the model has judged their shape.

    Attributes
    ----------
    values : plain data; empty where nothing is said
    path : where they stand, or would: `feeds`, the feed's name, the format's name
    reads : columns that the feed reads (not those that may be absent), each with its place
    """

    values: dict[str, Any]
    path: Path
    reads: Sequence[tuple[Path, str]] = ()


def _no_serde(options: Any) -> Readable:
    return Readable(None)


def _no_faults(written: WrittenOptions) -> Iterable[Fault]:
    return ()


def _no_columns(options: Any) -> tuple[str, ...] | None:
    return None


def _no_hint(options: Any, columns: Sequence[str], required: Iterable[str]) -> str:
    return ""


@dataclass(frozen=True)
class Format:
    """One file format.

    Attributes
    ----------
    name : as catalogs write it; also the key of its options
    title_en, title_ko : as the guide for malls calls it
    reader : `module:function` of `mallfeed.formats.readers.Reader`: one part → columns and records
    weight : for sizing runs
    options : what a catalog may say of such a file, each key with a default; None = nothing
    nests : a record brings its own keys, which may hold further values: columns are what records
        show, dotted where they are nested, and come and go; otherwise all records have all columns
    typed : its columns have types of their own; otherwise all are text
    notes_cells : its cells may have links, or formulas without a result (`mallfeed.kinds.sql.marks`)
    compressed : its files are compressed in themselves, so that packing them saves nothing
    zip_signs : a zip whose beginning holds one of these is such a file, not one that is packed
    takes : keys of the contents (`mallfeed.reading.signatures`) that its reader takes; a file of any other
        is held under its own name
    look : how `suggest` recognises it; None = it does not
    called, begins : what its text is called where another format was agreed, and the regular expression of how
        such a text begins; empty = nothing tells it from others
    drafted : options that a draft states even where they are the default
    athena : options → whether and how Athena reads the files
    columns : options → the columns where the options name them, in the file's order; else None
    faults : what is wrong with the options, beyond the model's own checks (types, unknown keys) and
        the encoding, which is checked for every format with an option of that name
    hint : options, columns found, columns required → a sentence on what the options have wrong, for
        a feed whose columns do not fit; empty = no idea
    """

    name: str
    title_en: str
    title_ko: str
    reader: str
    weight: Weight
    options: type[YamlPart] | None = None
    nests: bool = False
    typed: bool = False
    notes_cells: bool = False
    compressed: bool = False
    zip_signs: tuple[bytes, ...] = ()
    takes: tuple[str, ...] = ()
    look: Look | None = None
    called: str = ""
    begins: str = ""
    drafted: tuple[str, ...] = ()
    athena: Callable[[Any], Readable] = _no_serde
    columns: Callable[[Any], tuple[str, ...] | None] = _no_columns
    faults: Callable[[WrittenOptions], Iterable[Fault]] = _no_faults
    hint: Callable[[Any, Sequence[str], Iterable[str]], str] = _no_hint

    @property
    def has_encoding(self) -> bool:
        """Whether it is text in an encoding that the catalog names."""
        return self.options is not None and "encoding" in self.options.model_fields
