"""Everything that a catalog may write as a field type: the options of all kinds that have some.

Importing this module loads other packages' kinds; they import `kind`, `options` and what readings
are made of, never this.
"""

from __future__ import annotations

from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from mallfeed.kinds.options import FieldType
from mallfeed.kinds.registry import KINDS


@cache
def field_types() -> dict[str, type[FieldType]]:
    """Name of the field type → its options, in the order of the reference."""
    return {name: kind.options for name, kind in KINDS.items() if kind.options is not None}


if TYPE_CHECKING:
    FieldTypeUnion = FieldType
else:
    _any = reduce(or_, field_types().values())
    FieldTypeUnion = Annotated[_any, Field(discriminator="type")]
    for _options in field_types().values():
        # Those that hold a field type in turn (`json_path`) were waiting for the others.
        _options.model_rebuild(_types_namespace={"FieldTypeUnion": FieldTypeUnion})
