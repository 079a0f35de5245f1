"""The release after this checkout: the same with one more field, `colour`, built as any release is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from infra.package import wheel
from infra.package.sources import Sources
from infra.paths import CHECKOUT

_OWN = ("mallfeed", "lambdas", "glue_jobs", "catalogs", "requirements")
_FILES = ("pyproject.toml", "README.md", "LICENSE", "template.yaml")
_LAST_FIELD = '    CanonicalField("mall_updated_at", "timestamp"),\n'
_ONE_MORE = '    CanonicalField("colour", "text", max_length=50),\n'


def tomorrow(place: Path) -> Sources:
    """That release in the folder `place`, its wheel unpacked in it as a kept release's is."""
    copy, root = place / "checkout", place / "root"
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    for name in _OWN:
        shutil.copytree(CHECKOUT / name, copy / name, ignore=ignored)
    for name in _FILES:
        shutil.copy(CHECKOUT / name, copy / name)
    _add_the_field(copy / "mallfeed")
    built = wheel.build(copy, place / "wheel")
    wheel.unpack(built, root)
    for name in ("lambdas", "glue_jobs", "catalogs", "requirements"):
        shutil.copytree(copy / name, root / name)
    shutil.copy(copy / "template.yaml", root)
    shutil.copy(built, root)
    return Sources(root, place / "build", wheel=root / built.name)


def _add_the_field(package: Path) -> None:
    """What CONTRIBUTING's recipe for a field has one change in the package: list, label, mapping."""
    fields = package / "product" / "fields.py"
    before, after = fields.read_text("utf-8").split(_LAST_FIELD)
    fields.write_text(f"{before}{_LAST_FIELD}{_ONE_MORE}{after}", "utf-8")
    labels = package / "product" / "code_texts.py"
    opening = "LABELS: dict[str, str] = {\n"
    before, after = labels.read_text("utf-8").split(opening)
    labels.write_text(f'{before}{opening}    "colour": "색상",\n{after}', "utf-8")
    mapping = package / "sinks" / "opensearch" / "definition" / "mapping.json"
    described = json.loads(mapping.read_text("utf-8"))
    described["properties"]["colour"] = {"type": "keyword"}
    mapping.write_text(json.dumps(described, ensure_ascii=False), "utf-8")
