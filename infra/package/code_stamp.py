"""The stamp of the code that loads feeds, which is written into mallfeed's wheel when that is built.

So Lambdas and jobs of one release name their code alike, whatever Python each of them runs.
"""

from __future__ import annotations

import ast
import hashlib
import json
from functools import lru_cache
from pathlib import Path

from infra.package.deciding import deciding, meaning


def stamp(checkout: Path) -> str:
    """The text of mallfeed/code_version.json: a hash of the deciding files, and that of each.

    Two stamps side by side say for which file all malls load again.
    """
    files = {name: _hash(path) for name, path in deciding(checkout).items()}
    whole = hashlib.sha256(json.dumps(files).encode()).hexdigest()[:12]
    return json.dumps({"hash": whole, "files": files}, indent=1) + "\n"


def _hash(path: Path) -> str:
    body = path.read_bytes()
    return _of_code(body.decode()) if path.suffix == ".py" else _digest(body)


@lru_cache(1024)
def _of_code(source: str) -> str:
    return _digest(ast.dump(meaning(source)).encode())


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:12]
