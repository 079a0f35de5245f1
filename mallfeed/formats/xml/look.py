"""How product XML is recognised, and which of its elements are the products."""

from __future__ import annotations

import codecs
import re

from mallfeed.formats.looking import Beginning, NotAFeed, Written
from mallfeed.formats.xml.elements import record_element
from mallfeed.formats.xml.format import XmlOptions
from mallfeed.formats.xml.read import declared_encoding, entities_declared
from mallfeed.formats.xml.recover import declares_entities
from mallfeed.reading.encodings import codec_of, is_encoding

_BEGINS = re.compile(r"\s*<[?!A-Za-z_]")
"""`<<<id>>>` begins the header of a table whose names are written as in EP blocks."""
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_BEFORE = re.compile(r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
"""What may stand before a DOCTYPE."""
_DOCUMENT_TYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_TYPED = (
    " It begins with a DOCTYPE: what that, or a file that it names, would put in is not read in feeds. Send one document "
    "with the products in it, without a DOCTYPE."
)


def look(file: Beginning) -> Written | None:
    """XML where a tag begins the text. Raises NotAFeed where it holds no records."""
    if not _BEGINS.match(file.text[:2000]):
        return None
    declared = declared_encoding(file.content)
    document_type = _document_type(file.text)
    if declares_entities(document_type.encode()):
        raise entities_declared(file.name)
    found = record_element(_in_utf_8(file, declared), file.names)
    if found is None:
        raise NotAFeed(
            f"{file.name} is XML (or HTML) without a repeated element that contains others, or has "
            "attributes." + (_TYPED if document_type else "")
        )
    tag, why = found
    encoding = f"{declared}: as the document says"
    return Written(XmlOptions(record_tag=tag), (encoding, why))


def _document_type(text: str) -> str:
    """The DOCTYPE before the first element, to its end or, where it is not closed, that of the text; empty without one."""
    begins = _BEFORE.match(text)
    if begins is None or not text[begins.end() :].upper().startswith("<!DOCTYPE"):
        return ""
    found = _DOCUMENT_TYPE.match(text, begins.end())
    return found[0] if found else text[begins.end() :]


def _in_utf_8(file: Beginning, declared: str) -> bytes:
    """The beginning as it is read: with the codecs of this project, of which EUC-KR's knows CP949's syllables, too."""
    head = file.head
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _DECLARATION.sub("", file.text, count=1).encode("utf-8", "replace")
    if head.startswith(codecs.BOM_UTF8) or not is_encoding(declared):
        return head
    text = head.decode(codec_of(declared), "replace").lstrip("\ufeff")
    return _DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
