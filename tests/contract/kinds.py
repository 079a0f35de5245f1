"""One behaviour suite over every kind that a catalog may name, ours and other packages'.

A package that adds a kind subclasses `KindContract` in a test of its own and names the kind.
"""

from __future__ import annotations

import random
from typing import Any, ClassVar

import jsonschema
import pytest
from pyspark.sql import SparkSession

from mallfeed.catalog.read import read_catalog
from mallfeed.catalog.schema import catalog_schema
from mallfeed.errors import CatalogInvalid
from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.field_types import field_types
from mallfeed.kinds.kind import Kind
from mallfeed.kinds.registry import KINDS
from mallfeed.product.code_texts import PROBLEMS
from tests.unit.normalise.pieces import PIECES, is_blank
from tests.unit.normalise.reading import Read, read_cells

_CATALOG = """\
mall: unit
version: 1
effective_from: 2026-01-01T00:00:00+09:00
owner: o
contact: c
fields: {{product_id: id, title: name, price: price, url: url, category_path: category}}
attributes:
  it: {{from: cell, type: {kind}{more}}}
feeds:
  full: {{format: csv}}
"""
_ATTRIBUTE = "attributes.it"


class KindContract:
    """What a kind must keep to.

    Attributes
    ----------
    kind : the kind
    options : what else stands beside `type` while cells are read
    cells : what a mall writes → its text as an attribute; None = it is refused
    samples : more of what malls write, beside hostile texts
    """

    kind: ClassVar[Kind[Any]]
    options: ClassVar[dict[str, Any]] = {}
    cells: ClassVar[dict[str, str | None]] = {}
    samples: ClassVar[tuple[str, ...]] = ()

    def read(self, spark: SparkSession, cells: list[str]) -> list[Read]:
        """What becomes of the cells as an attribute."""
        return read_cells(spark, _ATTRIBUTE, cells, {"type": self.kind.name, **self.options})

    def test_it_is_found_under_its_name(self) -> None:
        assert KINDS[self.kind.name] is self.kind
        assert field_types()[self.kind.name] is self.kind.options
        assert self.kind.options is not None
        assert self.kind.options.model_fields["type"].default == self.kind.name

    def test_its_options_are_documented(self) -> None:
        options = self.kind.options
        assert options is not None
        assert (options.__doc__ or "").strip()
        named = {name: info for name, info in options.model_fields.items() if name != "type"}
        assert [name for name, info in named.items() if not info.description] == []

    def test_a_catalog_may_name_it(self) -> None:
        catalog = read_catalog(_CATALOG.format(kind=self.kind.name, more=""), "v1.yaml")
        assert isinstance(catalog.attributes["it"], field_types()[self.kind.name])
        jsonschema.Draft202012Validator(catalog_schema()).validate(
            {
                "mall": "unit", "version": 1, "effective_from": "2026-01-01T00:00:00+09:00",
                "owner": "o", "contact": "c", "feeds": {"full": {"format": "csv"}},
                "attributes": {"it": {"from": "cell", "type": self.kind.name}},
            }
        )  # fmt: skip

    def test_an_option_that_it_does_not_have_is_told_with_its_place(self) -> None:
        with pytest.raises(CatalogInvalid, match=r"v1\.yaml:8:\d+: `wrong_option` is no key here"):
            read_catalog(_CATALOG.format(kind=self.kind.name, more=", wrong_option: 1"), "v1.yaml")

    def test_a_canonical_field_can_be_of_it(self) -> None:
        field = CanonicalField("it", self.kind.name)
        assert field.is_mapped
        assert KINDS[field.kind].default.type in self.kind.holds
        assert set(self.kind.problems) <= set(PROBLEMS), "a problem without words"
        assert self.kind.index_types

    @pytest.mark.spark
    def test_cells_become_what_is_said(self, spark: SparkSession) -> None:
        found = dict(zip(self.cells, self.read(spark, list(self.cells)), strict=True))
        refused = {cell for cell, read in found.items() if read.code == "attribute_invalid"}
        assert {cell: read.value for cell, read in found.items()} == self.cells
        assert refused >= {cell for cell, value in self.cells.items() if value is None and cell}

    @pytest.mark.spark
    def test_any_cell_is_told_or_a_value_that_is_kept_when_read_again(
        self, spark: SparkSession
    ) -> None:
        rng = random.Random(19)
        cells = ["".join(rng.choices(PIECES, k=1 + i % 9)) for i in range(600)]
        cells += [*self.cells, *self.samples]
        found = self.read(spark, cells)
        for cell, read in zip(cells, found, strict=True):
            assert read.value is not None or read.code or is_blank(cell), f"{cell!r} vanished"
        values = sorted({read.value for read in found if read.value})
        assert values, "nothing was read: say what can be in `cells` or `samples`"
        assert [read.value for read in self.read(spark, values)] == values
        if self.kind.max_length:
            assert max(map(len, values)) <= self.kind.max_length
