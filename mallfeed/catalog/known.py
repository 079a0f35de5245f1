"""Words of another standard that a catalog may use: encodings."""

from __future__ import annotations

import codecs

_ALIASES = dict.fromkeys(
    ("euc-kr", "euckr", "euc_kr", "ms949", "uhc", "ks_c_5601-1987", "ksc5601", "949"), "cp949"
)


def codec_of(label: str) -> str:
    """The codec for a catalog's label; EUC-KR is always read as CP949, its superset."""
    name = label.strip().lower()
    return _ALIASES.get(name, name)


def is_encoding(label: str) -> bool:
    """Whether feeds can be decoded with this label; codecs that are no text encoding are none."""
    try:
        return _decodes(codec_of(label))
    except (LookupError, ValueError):
        return False


def _decodes(codec: str) -> bool:
    known = codecs.lookup(codec)
    return getattr(known, "_is_text_encoding", True) and known.incrementaldecoder is not None


def encoding_names() -> tuple[str, ...]:
    """The encodings that feeds use, for suggestions."""
    return ("utf-8", "utf-16", "cp949", "euc-kr", "latin-1", "cp1252", "johab", "shift_jis")
