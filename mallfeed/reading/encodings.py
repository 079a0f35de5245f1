"""The encodings of text that catalogs may name."""

from __future__ import annotations

import codecs
import encodings
import pkgutil
from typing import Any

_ALIASES = dict.fromkeys(
    ("euc-kr", "euckr", "euc_kr", "ms949", "uhc", "ks_c_5601-1987", "ksc5601", "949"), "cp949"
)


WEB_LATIN = "latin_1_as_cp1252"
"""Latin-1 as browsers read it (WHATWG Encoding Standard, windows-1252): CP1252, and the five bytes that
it leaves out as the control characters that they are in Latin-1."""
_LATIN_1 = "iso8859-1"
_OF_NO_FILE = frozenset(
    (
        "idna",
        "punycode",
        "raw-unicode-escape",
        "unicode-escape",
        "undefined",
        "mbcs",
        "oem",
        "charmap",
    )
)
"""Encodings of names and of source text."""


def codec_of(label: str) -> str:
    """The codec for a catalog's label; EUC-KR is always read as CP949, its superset, and Latin-1 as
    CP1252: nobody writes the control characters that it has where CP1252 has quotes and dashes."""
    name = label.strip().lower()
    name = _ALIASES.get(name, name)
    try:
        return WEB_LATIN if codecs.lookup(name).name == _LATIN_1 else name
    except (LookupError, ValueError):
        return name


def _web_latin(name: str) -> codecs.CodecInfo | None:
    """Found by Python where somebody decodes with WEB_LATIN."""
    if name != WEB_LATIN:
        return None
    table = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256))
    encoding = codecs.charmap_build(table)

    class Incremental(codecs.IncrementalDecoder):
        def decode(self, data: Any, final: bool = False) -> str:
            del final  # a byte is a character
            return codecs.charmap_decode(data, self.errors, table)[0]

    return codecs.CodecInfo(
        name=WEB_LATIN,
        encode=lambda text, errors="strict": codecs.charmap_encode(text, errors, encoding),
        decode=lambda data, errors="strict": codecs.charmap_decode(data, errors, table),
        incrementaldecoder=Incremental,
    )


codecs.register(_web_latin)


def is_encoding(label: str) -> bool:
    """Whether feeds can be decoded with this label; codecs that are no text encoding are none."""
    try:
        return _decodes(codec_of(label))
    except (LookupError, ValueError):
        return False


def _decodes(codec: str) -> bool:
    known = codecs.lookup(codec)
    return getattr(known, "_is_text_encoding", True) and known.incrementaldecoder is not None


def all_encodings() -> tuple[str, ...]:
    """Every encoding that files can be read in, each by one of its names (hyphens and underscores are one)."""
    names = {module.name.replace("_", "-") for module in pkgutil.iter_modules(encodings.__path__)}
    return tuple(sorted(name for name in names - _OF_NO_FILE if is_encoding(name)))


def other_labels() -> tuple[str, ...]:
    """Further labels, of CP949."""
    return tuple(_ALIASES)


def encoding_names() -> tuple[str, ...]:
    """The encodings that feeds use, for suggestions."""
    return ("utf-8", "utf-16", "cp949", "euc-kr", "latin-1", "cp1252", "johab", "shift_jis")
