"""Publishing: a folder of catalogs into the store; published versions never change."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from botocore.exceptions import ClientError

from mallfeed.aws.failures import code_of
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.read import catalog_hash, read_catalog
from mallfeed.errors import CatalogInvalid, Terminal


@dataclass(frozen=True)
class Publication:
    """What publishing does with one file: `new`, `published` already, or `changed` (refused)."""

    path: Path
    catalog: Catalog
    hash: str
    key: str
    text: str
    action: Literal["new", "published", "changed"]


def read_folder(folder: Path) -> list[tuple[Path, Catalog, str]]:
    """All `<mall_id>/v<N>.yaml` below the folder; raises CatalogInvalid with all their faults."""
    faults: list[str] = []
    found = []
    for path in sorted(folder.glob("*/v*.yaml")):
        text = path.read_text("utf-8")
        try:
            catalog = read_catalog(text, str(path))
        except CatalogInvalid as invalid:
            faults.extend(invalid.faults)
            continue
        if path.parent.name != catalog.mall or path.stem != f"v{catalog.version}":
            faults.append(
                f"{path}:1:1: it says mall {catalog.mall}, version {catalog.version}; its place is "
                f"{catalog.mall}/v{catalog.version}.yaml"
            )
        found.append((path, catalog, text))
    if faults:
        raise CatalogInvalid(faults)
    return found


def plan_publish(folder: Path, s3: Any, lake_bucket: str) -> list[Publication]:
    """What publishing the folder would do."""
    plan = []
    for path, catalog, text in read_folder(folder):
        key = f"catalogs/{catalog.mall}/v{catalog.version}.yaml"
        stored = _stored(s3, lake_bucket, key)
        action: Literal["new", "published", "changed"] = "new"
        if stored is not None:
            action = "published" if stored == text else "changed"
        plan.append(Publication(path, catalog, catalog_hash(text), key, text, action))
    return plan


def publish(plan: list[Publication], s3: Any, lake_bucket: str) -> list[Publication]:
    """Write what is new; returns it. Raises Terminal, before writing any, if one has changed."""
    changed = [str(one.path) for one in plan if one.action == "changed"]
    if changed:
        raise Terminal(
            f"published already, and different now: {', '.join(changed)}. A published version never "
            "changes; write the next version instead. Nothing was published."
        )
    new = [one for one in plan if one.action == "new"]
    for one in new:
        s3.put_object(Bucket=lake_bucket, Key=one.key, Body=one.text.encode(), IfNoneMatch="*")
    return new


def _stored(s3: Any, bucket: str, key: str) -> str | None:
    try:
        return str(s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode())
    except ClientError as error:
        if code_of(error) in ("NoSuchKey", "404"):
            return None
        raise
