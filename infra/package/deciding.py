"""Which files decide what becomes of a feed's bytes: what the job that loads feeds imports, but for what
only shows or tells. `python -m infra.package.deciding` lists them.

A mall's unchanged file is passed over only where the files on this list are those that loaded it. The
list is worked out from the imports, so that nobody has to think of it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

from infra.paths import CHECKOUT

ENTRY = "glue_jobs/load_feeds.py"
NOT_DECIDING = {
    "mallfeed.aws": "how AWS is called, and what its failures are called",
    "mallfeed.backoff": "how long a failed call is waited for",
    "mallfeed.code_version": "names the code",
    "mallfeed.feed.renamed_columns": "what a column that is gone may be called now: a part of drift's message",
    "mallfeed.formats.athena": "how Athena reads a mall's files",
    "mallfeed.formats.*.look": "how suggest recognises a file",
    "mallfeed.ledger.dynamodb": "where feeds are remembered, not what becomes of them",
    "mallfeed.ledger.schema": "names of the ledger's indices",
    "mallfeed.load.arguments": "what a run is asked to do",
    "mallfeed.load.distribution": "figures of a report",
    "mallfeed.load.event_log": "Spark's event log",
    "mallfeed.load.labels": "what Spark's page calls a run's jobs",
    "mallfeed.load.durations": "how long a run took for a feed",
    "mallfeed.load.reporter": "tells malls and operators",
    "mallfeed.plan": "how many workers a run has, and what it took",
    "mallfeed.product.codes": "what malls are told of a code, in two languages",
    "mallfeed.progress": "how far a run is",
    "mallfeed.report": "what malls are told of a feed",
    "mallfeed.settings": "where the stack's parts are",
    "mallfeed.sinks.progress_socket": "how many documents were sent so far",
    "mallfeed.sinks.opensearch.hangul": "how the index takes words apart: a new index is filled anew",
    "mallfeed.sinks.opensearch.search_templates": "how products are searched",
    "mallfeed.wording": "how faults of a catalog are put",
}
"""Modules and packages → why they decide nothing of a feed's bytes. What only they import decides nothing
either; `*` stands for one name or several."""

_NAMED = re.compile(r"(mallfeed(?:\.\w+)+)(?::\w+)?")


def deciding(checkout: Path = CHECKOUT) -> dict[str, Path]:
    """Name in the checkout → path, of the modules that decide and of the JVM's functions; sorted."""
    modules = {_name(path, checkout): path for path in reached(checkout).values()}
    jars = {_name(path, checkout): path for path in (checkout / "mallfeed").rglob("*.jar")}
    return dict(sorted({**modules, **jars}.items()))


def reached(checkout: Path, but: Collection[str] = tuple(NOT_DECIDING)) -> dict[str, Path]:
    """Module → its file, of what the job may import without coming by the modules `but`."""
    known: dict[str, Path] = {}
    waiting, seen = set(_imports(checkout / ENTRY)), set[str]()
    while waiting:
        module = waiting.pop()
        if module in seen or _is_one_of(module, but):
            continue
        seen.add(module)
        path = _file(checkout, module)
        if path is not None:
            known[module] = path
            waiting |= _imports(path)
    return known


def meaning(source: str) -> ast.Module:
    """What the code does: without comments, docstrings and layout."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                setattr(node, name, [one for one in block if not _is_text(one)])
    return tree


def _is_one_of(module: str, patterns: Collection[str]) -> bool:
    """Whether a pattern fits the module, or a package that it is in."""
    everything = [one for name in patterns for one in (name, f"{name}.*")]
    return any(fnmatchcase(module, pattern) for pattern in everything)


def _imports(path: Path) -> frozenset[str]:
    try:
        return _imported(path.read_text("utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


@lru_cache(1024)
def _imported(source: str) -> frozenset[str]:
    """Modules that the code imports, and those that it names (`"mallfeed.formats.csv.read:read"`)."""
    found: set[str] = set()
    for node in _run(meaning(source)):
        match node:
            case ast.Import(names=names):
                found |= {one.name for one in names}
            case ast.ImportFrom(level=0, module=str(module), names=names):
                found |= {module, *(f"{module}.{one.name}" for one in names)}
            case ast.ImportFrom():
                raise ValueError(f"line {node.lineno}: a relative import; write its whole name")
            case ast.Constant(value=str(text)) if named := _NAMED.fullmatch(text):
                found.add(named[1])
    found = {one for one in found if one.split(".")[0] == "mallfeed"}
    return frozenset(found | {parent for one in found for parent in _parents(one)})


def _run(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those for type checkers alone."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        typing_only = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        if not typing_only:
            yield from _run(child)


def _parents(module: str) -> Iterator[str]:
    while "." in module:
        module = module.rpartition(".")[0]
        yield module


def _file(checkout: Path, module: str) -> Path | None:
    """None where the name is a function's or a class's."""
    place = checkout / module.replace(".", "/")
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if path.is_file():
            return path
    return None


def _name(path: Path, checkout: Path) -> str:
    return path.relative_to(checkout).as_posix()


def _is_text(node: ast.AST) -> bool:
    """A docstring, or the text below a constant."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


if __name__ == "__main__":
    print("\n".join(deciding()))  # noqa: T201
