"""Product XML, as a catalog says how it is laid out, and as a row among the formats."""

from __future__ import annotations

from pydantic import Field

from mallfeed.formats.fallback_option import FALLBACK, Fallback
from mallfeed.formats.format import Format, Look, Weight
from mallfeed.yaml_files.part import YamlPart


class XmlOptions(YamlPart):
    """How a product XML feed is laid out."""

    record_tag: str = Field(default="item", description="Element of one product (item, entry).")
    fallback_encoding: Fallback = Field(default="cp949", description=FALLBACK)


XML = Format(
    name="xml",
    title_en="product XML",
    title_ko="상품 XML",
    reader="mallfeed.formats.xml.read:read",
    weight=Weight(seconds=0.4, rows_mb=0.75, splitting=3.1),
    options=XmlOptions,
    nests=True,
    takes=("xml_text",),
    look=Look("mallfeed.formats.xml.look:look"),
    called="XML",
    begins=r"(<\?xml\b|<!--)|<([A-Za-z_\u3131-\uffdc][\w:.\-]*)(\s[^<>]*)?>\s*<(?!<)",
    drafted=("record_tag",),
)
