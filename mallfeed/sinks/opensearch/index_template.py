"""The index template `products`: settings, analysis and mapping from the files of definition/.

They are plain so that a person may edit words and synonyms, and part of the package so that the job
that makes an index has those of its own release; this module puts them inline (a
managed domain has no file system to put a dictionary on).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from mallfeed.errors import SettingsInvalid
from mallfeed.sinks.opensearch import hangul

MAPPING_VERSION = 1
"""What this code writes; an index with another `_meta.mapping_version` is refused at job start."""

ALIAS = "products"
INDEX_PATTERN = "products-*"
FIRST_INDEX = "products-000001"
TEMPLATE_NAME = "products"
DEFINITION = Path(__file__).with_name("definition")
CURSOR_INDEX = "mallfeed-cursors"
_KOREAN_NAME = re.compile("[가-힣]{2,}")
"""One syllable would split the words that it begins."""


def build(directory: Path, overrides: dict[str, Any] | None = None) -> dict[str, Any]:
    """The body for PUT _index_template: settings, mapping, words and synonyms of `directory`.

    `overrides` replaces index settings (number_of_shards, …) and is noted, so that a later release
    can keep it. Raises SettingsInvalid when the
    mapping's version is not the one that this code writes.
    """
    settings = json.loads((directory / "settings.json").read_text("utf-8"))
    mapping = json.loads((directory / "mapping.json").read_text("utf-8"))
    if mapping["_meta"]["mapping_version"] != MAPPING_VERSION:
        raise SettingsInvalid(
            f"{directory}/mapping.json: _meta.mapping_version is "
            f"{mapping['_meta']['mapping_version']}, this code writes {MAPPING_VERSION}"
        )
    _put_words_inline(settings["analysis"], directory)
    index = {**settings, **(overrides or {})}
    return {
        "index_patterns": [INDEX_PATTERN],
        "priority": 100,
        "_meta": {"overrides": overrides or {}},
        "template": {"settings": {"index": index}, "mappings": mapping},
    }


def index_name(number: int) -> str:
    """The name of the index with that number."""
    return INDEX_PATTERN.replace("*", f"{number:06d}")


def _put_words_inline(analysis: dict[str, Any], directory: Path) -> None:
    brands = lines(directory / "brands.txt")
    accessories = lines(directory / "accessories.txt")
    analysis["filter"]["accessories"]["keep_words"] = accessories
    words = _user_words(lines(directory / "user_words.txt"), [*brands, *accessories])
    for tokenizer in ("korean_mixed", "korean_parts"):
        analysis["tokenizer"][tokenizer]["user_dictionary_rules"] = words
    analysis["filter"]["shopping_synonyms"]["synonyms"] = [
        *brands,
        *lines(directory / "synonyms.txt"),
    ]
    for name, rules in (
        ("jamo", hangul.jamo_rules()),
        ("chosung", hangul.chosung_rules()),
    ):
        analysis["char_filter"][name] = {"type": "mapping", "mappings": rules}


def lines(path: Path) -> list[str]:
    """What a file of words says: its lines without comments and blanks."""
    stripped = (line.strip() for line in path.read_text("utf-8").splitlines())
    return [line for line in stripped if line and not line.startswith("#")]


def _user_words(words: list[str], brands: list[str]) -> list[str]:
    """The words, the parts of compounds (else they are cut apart when they stand alone), brands."""
    known = {line.split()[0] for line in words}
    parts = (part for line in words for part in line.split()[1:])
    spellings = (spelling.strip() for line in brands for spelling in line.split(","))
    new = dict.fromkeys(name for name in (*parts, *spellings) if _KOREAN_NAME.fullmatch(name))
    return words + [name for name in new if name not in known]


CURSOR_PROPERTIES: dict[str, Any] = {
    "index": {"type": "keyword"},
    "index_uuid": {"type": "keyword"},
    "mall_id": {"type": "keyword"},
    "table_uuid": {"type": "keyword"},
    "snapshot_id": {"type": "long"},
    "seq": {"type": "long"},
    "epoch": {"type": "long"},
    "feed_id": {"type": "keyword"},
    "moved_at": {"type": "date"},
}
CURSOR_INDEX_BODY: dict[str, Any] = {
    "settings": {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}},
    "mappings": {"dynamic": "strict", "properties": CURSOR_PROPERTIES},
}
"""One document for each physical index and mall; `index_uuid` tells an index made anew under an old name."""
