"""What is wrong with XML, in our words: the parser's own are made for programmers of parsers."""

from __future__ import annotations

from typing import Any

from lxml.etree import ErrorTypes as E

from mallfeed.reading.depth import TOO_DEEP

MAX_NAME = 50_000
"""libxml2's XML_MAX_NAME_LENGTH."""
_CUT = frozenset(
    (
        E.ERR_TAG_NOT_FINISHED,
        E.ERR_GT_REQUIRED,
        E.ERR_CDATA_NOT_FINISHED,
        E.ERR_COMMENT_NOT_FINISHED,
    )
)
_LIMITS = frozenset((E.ERR_NAME_TOO_LONG, E.ERR_RESOURCE_LIMIT))
_WORDS = {
    E.ERR_TAG_NAME_MISMATCH: "an element is closed by a tag of another name",
    E.ERR_TAG_NOT_FINISHED: "an element is not closed",
    E.ERR_GT_REQUIRED: "a tag is not closed by `>`",
    E.ERR_LTSLASH_REQUIRED: "an element is not closed",
    E.ERR_CDATA_NOT_FINISHED: "a CDATA section is not closed by `]]>`",
    E.ERR_MISPLACED_CDATA_END: "`]]>` stands in the text",
    E.ERR_COMMENT_NOT_FINISHED: "a comment is not closed by `-->`",
    E.ERR_HYPHEN_IN_COMMENT: "`--` stands in a comment",
    E.ERR_ATTRIBUTE_NOT_STARTED: "an attribute's value has no quotes",
    E.ERR_ATTRIBUTE_NOT_FINISHED: "the quotes of an attribute's value are not closed",
    E.ERR_ATTRIBUTE_WITHOUT_VALUE: "an attribute has no value",
    E.ERR_ATTRIBUTE_REDEFINED: "an element has the same attribute twice",
    E.ERR_EQUAL_REQUIRED: "an attribute has no value",
    E.ERR_SPACE_REQUIRED: "a blank is missing between two attributes",
    E.ERR_LT_IN_ATTRIBUTE: "`<` stands in an attribute's value instead of `&lt;`",
    E.ERR_NAME_REQUIRED: "`<` or `&` stands in the text instead of `&lt;` or `&amp;`",
    E.ERR_ENTITYREF_SEMICOL_MISSING: "`&` stands in the text instead of `&amp;`",
    E.ERR_UNDECLARED_ENTITY: "an entity (`&name;`) is not known in XML",
    E.WAR_UNDECLARED_ENTITY: "an entity (`&name;`) is not known in XML",
    E.ERR_INVALID_CHARREF: "a numeric entity (`&#…;`) is not complete",
    E.ERR_INVALID_CHAR: "a control character stands in it, which XML does not allow",
    E.ERR_DOCUMENT_EMPTY: "no tag begins it, so it is no XML",
    E.ERR_DOCUMENT_END: "it goes on behind the end of its outermost element",
    E.ERR_RESERVED_XML_NAME: "an XML declaration stands in the middle of it",
    E.ERR_DOCTYPE_NOT_FINISHED: "its DOCTYPE is not closed",
    E.ERR_NAME_TOO_LONG: f"the name of an element, an attribute or a prefix is longer than {MAX_NAME:,} bytes",
    E.ERR_RESOURCE_LIMIT: "one of its texts or attributes is longer than 10,000,000 bytes, and longer ones are not read",
    E.NS_ERR_UNDEFINED_NAMESPACE: "a prefix (`g:`) is used that no `xmlns:` declares",
    E.NS_ERR_QNAME: "a name has a colon at its beginning or end, or several",
    E.ERR_VERSION_MISSING: "its XML declaration is not written as XML asks",
    E.ERR_XMLDECL_NOT_STARTED: "its XML declaration is not written as XML asks",
    E.ERR_XMLDECL_NOT_FINISHED: "its XML declaration is not written as XML asks",
    E.ERR_UNKNOWN_VERSION: "its XML declaration names a version other than 1.0",
    E.NS_ERR_ATTRIBUTE_REDEFINED: "an element has the same attribute twice",
}
_OTHER = "its tags, attributes or characters are not written as XML asks"


def words_of(error: Any) -> str:
    """What the parser stumbled over (an lxml XMLSyntaxError)."""
    if "Excessive depth" in str(error.msg):
        return TOO_DEEP
    return _WORDS.get(error.code, _OTHER)


def is_limit(error: Any) -> bool:
    """Whether it is well written, but more than is read."""
    return error.code in _LIMITS or "Excessive depth" in str(error.msg)


def is_cut(error: Any) -> bool:
    """Whether the text ends where more of it must come, as that of a file that was cut off."""
    return error.code in _CUT or "Premature end" in str(error.msg)


def place_of(error: Any, before_byte: int) -> str:
    """Where it was: line and column, where the parser says them."""
    line, column = error.position or (0, 0)
    return f"line {line:,}, column {column:,}" if line else f"before byte {before_byte:,}"
