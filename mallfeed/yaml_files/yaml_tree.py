"""YAML text to plain data that knows where each value stands; nothing in it can blow up or run.

A catalog is plain YAML 1.2: mappings, lists and scalars. Anchors, aliases, tags, merge keys and
several documents are faults, found while reading events, before anything is built from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as ev
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

MAX_DEPTH = 20
"""Deepest nesting read; a catalog needs seven levels."""

Path = tuple[str | int, ...]
Place = tuple[int, int]

_NO_CHARACTER = re.compile(
    "[\0\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
    + "]"
)
"""NUL, halves of UTF-16 pairs and Unicode's noncharacters: `"\\0"` and `"\\ud800"` write them, no feed
holds them, and some of them keep words apart where words are handed on as one text."""
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


@dataclass
class Tree:
    """The data; where each key and each value stands (line, column from 1); faults of the YAML.

    A key that is there twice is in `data` with its first value, and among the faults. `referring`
    says that parts are missing in `data`, because anchors, aliases or merge keys stood for them.
    """

    data: Any = None
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    faults: list[tuple[Place, str]] = field(default_factory=list)
    referring: bool = False

    def place(self, path: Path, of_key: bool = False) -> Place:
        """Where this path stands; where it does not exist, its nearest ancestor's key."""
        for end in range(len(path), 0, -1):
            here = path[:end]
            if here in self.values:
                first, second = (self.values, self.keys) if end == len(path) else (self.keys,) * 2
                if of_key:
                    first, second = self.keys, self.values
                return first.get(here) or second.get(here) or self.values[here]
        return self.values.get((), (1, 1))


class _Broken(Exception):
    """The rest cannot be read."""


def read_tree(text: str) -> Tree:
    """The text as a tree; faults that end the reading are its last."""
    tree = Tree()
    builder = _Builder(tree, iter(_events(text)))
    try:
        builder.document()
    except _Broken:
        pass
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - (text.rfind("\n", 0, error.position) + 1) + 1
        tree.faults.append(
            ((line, column), f"the character U+{error.character:04X} cannot be in YAML")
        )
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        context = f" {error.context}" if error.context else ""
        tree.faults.append((place, f"not YAML:{context} {error.problem}".replace("  ", " ")))
    except YAMLError as error:
        tree.faults.append(((1, 1), f"not YAML: {error}"))
    return tree


def _events(text: str) -> Iterator[Any]:
    yield from YAML(typ="safe", pure=True).parse(text)


class _Builder:
    def __init__(self, tree: Tree, events: Iterator[Any]) -> None:
        self._tree = tree
        self._events = events

    def document(self) -> None:
        documents = 0
        for event in self._events:
            if isinstance(event, ev.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._fault(event, "a second document; expected one catalog in a file")
                    raise _Broken
                self._tree.data = self._value(next(self._events), ())

    def _value(self, event: Any, path: Path) -> Any:
        if len(path) > MAX_DEPTH:
            self._fault(event, f"nested deeper than {MAX_DEPTH} levels")
            raise _Broken
        self._tree.values[path] = _place(event)
        if isinstance(event, ev.AliasEvent):
            self._no_alias(event, "*")
            return None
        if event.anchor is not None:
            self._no_alias(event, "&")
        if event.tag is not None and event.tag != "!":
            self._fault(event, f"the tag `{event.tag}`; expected a plain value without a tag")
        if isinstance(event, ev.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, ev.SequenceStartEvent):
            return self._list(path)
        self._check_characters(event)
        return _scalar(event.value) if event.implicit[0] and event.style is None else event.value

    def _list(self, path: Path) -> list[Any]:
        out: list[Any] = []
        while not isinstance(event := next(self._events), ev.SequenceEndEvent):
            out.append(self._value(event, (*path, len(out))))
        return out

    def _mapping(self, path: Path) -> dict[str, Any]:
        out: dict[str, Any] = {}
        while not isinstance(event := next(self._events), ev.MappingEndEvent):
            if not isinstance(event, ev.ScalarEvent):
                if isinstance(event, ev.AliasEvent):
                    self._no_alias(event, "*")
                else:
                    self._fault(event, "a key that is a mapping or a list; expected plain text")
                raise _Broken
            self._entry(event, path, out)
        return out

    def _entry(self, event: Any, path: Path, out: dict[str, Any]) -> None:
        key = event.value
        self._check_characters(event)
        if event.anchor is not None:
            self._no_alias(event, "&")
        if key in out:
            line, column = self._tree.keys[(*path, key)]
            self._fault(event, f"`{key}` is here twice; the first is at {line}:{column}, keep one")
            _Builder(Tree(faults=self._tree.faults), self._events)._value(
                next(self._events), (*path, key)
            )
            return
        self._tree.keys[(*path, key)] = _place(event)
        value = self._value(next(self._events), (*path, key))
        if key == "<<" and event.style is None:
            self._tree.referring = True
            self._fault(event, "`<<` merges; expected the values written out")
        else:
            out[key] = value

    def _check_characters(self, event: Any) -> None:
        if found := _NO_CHARACTER.search(event.value):
            self._fault(event, f"U+{ord(found[0]):04X} is no character; expected text without it")

    def _no_alias(self, event: Any, sign: str) -> None:
        self._tree.referring = True
        self._fault(
            event, f"`{sign}{event.anchor}` repeats by reference; expected the values written out"
        )

    def _fault(self, event: Any, what: str) -> None:
        self._tree.faults.append((_place(event), what))


def _place(event: Any) -> Place:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _scalar(text: str) -> str | int | float | bool | None:
    """A plain scalar by YAML 1.2's core schema: `no`, `0x1f` and dates are text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text) and len(text) < 100:
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
