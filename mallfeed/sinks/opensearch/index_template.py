"""The index template `products`: settings, analysis and mapping from the files in definition/.

They are plain files, so that people can edit words and synonyms, and part of the package, so that a job
that creates an index uses those of its own release. Words are put into the template itself, because a
managed domain has no file system for dictionaries.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from mallfeed.errors import SettingsInvalid
from mallfeed.sinks.opensearch import hangul

MAPPING_VERSION = 1
"""The version that this code writes. A job refuses an index with another `_meta.mapping_version` when it starts."""

ALIAS = "products"
INDEX_PATTERN = "products-*"
FIRST_INDEX = "products-000001"
TEMPLATE_NAME = "products"
DEFINITION = Path(__file__).with_name("definition")
CURSOR_INDEX = "mallfeed-cursors"
_KOREAN_NAME = re.compile("[가-힣]{2,}")
"""At least two syllables: a word of one syllable would split the words that begin with it."""


def build(directory: Path, overrides: dict[str, Any] | None = None) -> dict[str, Any]:
    """The body for PUT _index_template: settings, mapping, words and synonyms from `directory`.

    `overrides` replaces index settings (number_of_shards, …); it is stored with the template, so that a
    later release can keep it. Raises SettingsInvalid if the mapping's version is not MAPPING_VERSION.
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
    """The name of the index with this number."""
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
    """The lines of a word file, without comments and empty lines."""
    stripped = (line.strip() for line in path.read_text("utf-8").splitlines())
    return [line for line in stripped if line and not line.startswith("#")]


def _user_words(words: list[str], brands: list[str]) -> list[str]:
    """The words, the brands, and the parts of compounds, which would otherwise be split when they occur alone."""
    listed = {line.split()[0] for line in words}
    parts = (part for line in words for part in line.split()[1:])
    spellings = (spelling.strip() for line in brands for spelling in line.split(","))
    new = dict.fromkeys(name for name in (*parts, *spellings) if _KOREAN_NAME.fullmatch(name))
    return words + [name for name in new if name not in listed]


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
"""One document per physical index and mall; `index_uuid` distinguishes an index recreated under an old name."""
