"""Moving the malls of a platform to another version of it: drafts, and what each is tried on. Pure but for files."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from mallfeed.authoring.folder import CatalogFile, read_folder, read_text
from mallfeed.authoring.platform_files import platforms_of
from mallfeed.catalog.extends import EXTENDS, Reference, reference, unknown_base
from mallfeed.errors import CatalogInvalid, Terminal
from mallfeed.ledger.model import FeedRecord
from mallfeed.yaml_files.yaml_tree import Tree, read_tree

_SCALAR = re.compile(
    r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#][^\n#]*?(?=[ \t]+#|[ \t]*\r?$)""", re.M
)


@dataclass(frozen=True)
class Upgrade:
    """A mall's next version.

    Attributes
    ----------
    before : its newest version
    path : where the next one is to lie
    text : its text: that of the newest one, on the other version of the platform
    after : the next version; None = it is faulty
    faults : what is wrong with it
    """

    before: CatalogFile
    path: Path
    text: str
    after: CatalogFile | None = None
    faults: tuple[str, ...] = ()

    @property
    def mall(self) -> str:
        """The mall's id."""
        return self.before.catalog.mall


def upgrades(
    folder: Path, to: Reference, since: datetime, malls: Collection[str] = ()
) -> list[Upgrade]:
    """The next version of each mall (of `malls`, if any are named) whose newest one extends an earlier version of the
    platform. Nothing is written.

    Raises CatalogInvalid for a faulty folder, and Terminal for an unknown version of the platform.
    """
    files = read_folder(folder)
    known = platforms_of(folder).known()
    if to not in known:
        raise Terminal(f"--platform, --to: {unknown_base(to, known).text()}")
    newest = {one.catalog.mall: one for one in files}  # by mall and version
    if unknown := sorted(set(malls) - newest.keys()):
        raise Terminal(
            f"no catalog of {', '.join(unknown)} in {folder}; it has {', '.join(newest)}"
        )
    return [
        _upgrade(one, to, since)
        for mall, one in newest.items()
        if (not malls or mall in malls) and _is_earlier(reference(one.catalog.extends), to)
    ]


def _is_earlier(one: Reference | None, to: Reference) -> bool:
    return one is not None and one.platform == to.platform and one.version < to.version


def _upgrade(before: CatalogFile, to: Reference, since: datetime) -> Upgrade:
    version = before.catalog.version + 1
    path = before.path.with_name(f"v{version}.yaml")
    values = {"version": str(version), EXTENDS: str(to), "effective_from": since.isoformat()}
    text = _with_values(before, values)
    try:
        return Upgrade(before, path, text, read_text(path, text))
    except CatalogInvalid as invalid:
        return Upgrade(before, path, text, faults=tuple(invalid.faults))


def _with_values(one: CatalogFile, values: Mapping[str, str]) -> str:
    """The text with other values of these keys, everything else as it is. Raises Terminal where that cannot be done."""
    tree = read_tree(one.text)
    text = one.text
    by_place = sorted(values, key=lambda key: tree.values[(key,)], reverse=True)
    for key in by_place:
        start = _offset(text, tree, key)
        found = _SCALAR.match(text, start)
        end = found.end() if found else start
        text = f"{text[:start]}{values[key]}{text[end:]}"
    written = read_tree(text)
    if written.faults or not _differs_in(tree.data, written.data, values):
        named = ", ".join(f"`{key}: {value}`" for key, value in values.items())
        raise Terminal(
            f"{one.path} cannot be copied with other values; write the next version by hand, with {named}"
        )
    return text


def _offset(text: str, tree: Tree, key: str) -> int:
    line, column = tree.values[(key,)]
    return sum(len(one) for one in text.splitlines(keepends=True)[: line - 1]) + column - 1


def _differs_in(before: Any, after: Any, values: Mapping[str, str]) -> bool:
    """Whether these values, and nothing else, are new."""
    return {key: str(value) for key, value in after.items() if key in values} == values and {
        **after, **{key: before[key] for key in values}
    } == before  # fmt: skip


def newest_feeds(history: Iterable[FeedRecord]) -> dict[str, list[FeedRecord]]:
    """Feed name → the mall's feeds of that name that were sent, the newest first; `history` as the ledger gives it."""
    found: dict[str, list[FeedRecord]] = {}
    for one in history:
        if one.feed_name is not None and one.is_file and one.parts:
            found.setdefault(one.feed_name, []).append(one)
    return found


def earlier_loaded(feeds: Iterable[FeedRecord]) -> Iterator[FeedRecord]:
    """Those of the feeds that loaded."""
    return (one for one in feeds if one.counts.accepted and one.committed_at is not None)
