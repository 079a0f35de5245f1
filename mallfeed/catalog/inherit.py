"""Feeds that tell of one article in several rows: `inherit` of a catalog, and what it makes of the fields.

Pure; how rows are brought together stands in `mallfeed.normalise.inherit`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field, field_validator

from mallfeed.kinds.expression import ExpressionType
from mallfeed.kinds.list import ListType
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.sources import OURS
from mallfeed.kinds.sql.expression import columns_of
from mallfeed.kinds.text import TextType
from mallfeed.yaml_files.part import YamlPart

MERGED = f"{OURS}merged"
"""Column of the gathered frame: whether the row only adds to the products of its article's other rows."""
IMAGES = f"{OURS}images of the article"
ARTICLE = f"{OURS}the article"
LEFT_OUT = f"{OURS}left out with its parent"
"""Column of the gathered frame, where a parent may take variations along: the rule that leaves the parent's row out."""
MERGED_RULE = "merged"
"""Under this name rows are counted that only add to other rows' products, so that no rule may have it."""
DEFAULT_TITLE = "Default Title"
"""What Shopify names the variant of an article that has none ("Product CSV file", help.shopify.com)."""
OF_THE_ARTICLE = (
    "title", "description", "url", "mobile_url", "category_path", "category_raw", "brand", "maker",
    "origin", "tags",
)  # fmt: skip
"""Fields whose columns are inherited unless the catalog says which: prices, codes and stock are a variant's own."""


class Parent(YamlPart):
    """How a variation's row names the row of its parent."""

    source: str = Field(
        alias="from", description="Column of a variation that names its parent; blank in a parent."
    )
    to: str | tuple[str, ...] = Field(
        description="Column of the parent that is named, or several, tried in this order (`[SKU, ID]`). "
        "`id:12` is what the column `ID` has (WooCommerce)."
    )
    takes_along: tuple[str, ...] = Field(
        default=(),
        description="Rules of `rows.drop` over columns, such as `hidden`: a parent's row that one of them leaves out takes "
        "its variations along, whatever their own rows say; they are counted under the same rule.",
    )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the parent."""
        return (self.to,) if isinstance(self.to, str) else self.to


class Inherit(YamlPart):
    """Several rows tell of one article: which rows belong together, and what they have of each other."""

    key: str | None = Field(
        default=None,
        description="Column that all rows of an article share (`Handle`), wherever they stand in the file.",
    )
    above: bool = Field(
        default=False,
        description="A row whose key is blank belongs to the article of the row above.",
    )
    parent: Parent | None = Field(
        default=None, description="Instead of `key`: variations name their parent's row."
    )
    columns: tuple[str, ...] | None = Field(
        default=None,
        description="Columns that a row in which they are blank has from its article's first row that fills them "
        "(with `parent`, from the parent). Default: those that title, description, url, mobile_url, category_path, "
        "category_raw, brand, maker, origin and tags are read from.",
    )
    images: tuple[str, ...] | None = Field(
        default=None,
        description="Columns whose pictures are gathered over the article's rows: `image_url` has the first, "
        "`extra_image_urls` the others. Default: the last column that image_url reads and those of "
        "extra_image_urls; `[]` gathers none.",
    )
    variant: tuple[str, ...] = Field(
        default=(),
        description="Column (or list) that names a variant. The product's id is then its own columns and these, "
        "and item_group_id the article. The file may lack them.",
    )
    product: str | None = Field(
        default=None,
        description="A condition on source columns: rows for which it is not true are no products of their own, and "
        "only add to the article's others. Default: a column that the price is read from is filled. "
        "Of an article without any such row the first stands for it.",
    )

    @field_validator("variant", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value


def inherited_columns(inherit: Inherit, fields: Mapping[str, FieldType]) -> tuple[str, ...]:
    """The columns that are filled from the article's other rows."""
    if inherit.columns is not None:
        return inherit.columns
    named = (
        column for name in OF_THE_ARTICLE if name in fields for column in _read_by(fields[name])
    )
    own = {inherit.key, *inherit.variant, *image_columns(inherit, fields), *price_columns(fields)}
    return tuple(dict.fromkeys(column for column in named if column not in own))


def image_columns(inherit: Inherit, fields: Mapping[str, FieldType]) -> tuple[str, ...]:
    """The columns whose pictures are gathered."""
    if inherit.images is not None:
        return inherit.images
    image, extra = fields.get("image_url"), fields.get("extra_image_urls")
    last = image.sources[-1:] if image is not None else ()
    return tuple(dict.fromkeys((*last, *(extra.sources if extra is not None else ()))))


def price_columns(fields: Mapping[str, FieldType]) -> tuple[str, ...]:
    """The columns that the price is read from."""
    return _read_by(fields["price"]) if "price" in fields else ()


def columns_of_inherit(inherit: Inherit, fields: Mapping[str, FieldType]) -> Iterator[str]:
    """The source columns that it names and the file must have."""
    if inherit.key is not None:
        yield inherit.key
    if inherit.parent is not None:
        yield from (inherit.parent.source, *inherit.parent.columns)
    yield from (*(inherit.columns or ()), *(inherit.images or ()))
    if inherit.product is not None:
        yield from columns_of(inherit.product)


def gathered_fields(inherit: Inherit, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they read the gathered frame: extra images, and ids where a variant is named."""
    out = dict(fields)
    if images := image_columns(inherit, fields):
        extra = fields.get("extra_image_urls", ListType(item="url"))
        others = tuple(one for one in extra.sources if one not in images)
        if isinstance(extra, ListType):
            out["extra_image_urls"] = extra.model_copy(update={"source": (IMAGES, *others)})
    own_id = fields.get("product_id")
    if inherit.variant and isinstance(own_id, TextType):
        said = own_id.join if "join" in own_id.model_fields_set else "-"
        named = {"source": (*own_id.sources, *inherit.variant), "join": said, "take": "joined"}
        out["product_id"] = own_id.model_copy(update=named)
    if (inherit.variant or inherit.parent) and "item_group_id" not in fields:
        out["item_group_id"] = TextType.model_validate({"from": ARTICLE})
    return out


def _read_by(type_: FieldType) -> tuple[str, ...]:
    return columns_of(type_.sql) if isinstance(type_, ExpressionType) else type_.sources
