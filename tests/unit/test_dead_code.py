"""The list of what only looks dead holds nothing else, and says of everything who uses it."""

from __future__ import annotations

import ast
import re

from vulture import Vulture
from vulture.config import make_config

from infra.paths import CHECKOUT

ALLOWED = CHECKOUT / "scripts" / "dead_code_allowed.py"


def test_everything_on_the_list_would_be_taken_for_dead_without_it() -> None:
    config = make_config(["--config", str(CHECKOUT / "pyproject.toml")])
    vulture = Vulture(ignore_decorators=config["ignore_decorators"])
    paths = [str(CHECKOUT / path) for path in config["paths"]]
    vulture.scavenge(paths, exclude=[str(ALLOWED)])
    dead = {item.name for item in vulture.get_unused_code(config["min_confidence"])}
    assert {line: name for line, name in _allowed().items() if name not in dead} == {}


def test_every_group_on_the_list_says_who_uses_it() -> None:
    _, *groups = re.split(r"\n\n+", ALLOWED.read_text("utf-8").split('"""')[2])
    assert [group for group in groups if not re.match(r"# .+\.\n[^#]", group)] == []
    assert len(_allowed()) == sum(len(group.strip().splitlines()) - 1 for group in groups)


def _allowed() -> dict[int, str]:
    """Line → name."""
    found = {}
    for node in ast.parse(ALLOWED.read_text("utf-8")).body[1:]:
        assert isinstance(node, ast.Expr)
        assert isinstance(node.value, ast.Attribute | ast.Name)
        one = node.value
        found[node.lineno] = one.attr if isinstance(one, ast.Attribute) else one.id
    return found
