"""The extras of pyproject.toml: their ranges hold what is locked, and name all that is imported."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra.paths import CHECKOUT
from mallfeed.cli.command import EXTRA_OF, needs

PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = {
    extra: [Requirement(text) for text in texts]
    for extra, texts in PROJECT["optional-dependencies"].items()
}
ALL = [requirement for requirements in EXTRAS.values() for requirement in requirements]
LOCKS = ("dev", "glue", "lambda", "java17")
BY_LAMBDA_OR_GLUE = {"aws_lambda_powertools", "awsglue"}
"""What only a handler or a job imports: their environments have it, nobody else needs it."""
WITH_ANOTHER = {"botocore": "boto3", "pydantic_core": "pydantic", "py4j": "pyspark"}


def locked(name: str) -> Iterator[tuple[str, str]]:
    """(lock, version) wherever the package is locked."""
    for lock in LOCKS:
        for line in (CHECKOUT / "requirements" / f"{lock}.lock").read_text("utf-8").splitlines():
            found, equals, version = line.partition("==")
            if equals and canonicalize_name(found.split("[")[0]) == canonicalize_name(name):
                yield lock, version.split()[0]


@pytest.mark.parametrize("requirement", ALL, ids=lambda one: one.name)
def test_what_is_locked_is_within_the_range(requirement: Requirement) -> None:
    versions = list(locked(requirement.name))
    assert versions, f"{requirement.name} is in no lock: nothing was ever tried with it"
    for lock, version in versions:
        assert requirement.specifier.contains(version), f"{lock}.lock: {version}"


@pytest.mark.parametrize("requirement", ALL, ids=lambda one: one.name)
def test_every_range_ends_where_its_maker_may_break_things(requirement: Requirement) -> None:
    operators = {one.operator for one in requirement.specifier}
    assert operators == ({">="} if requirement.name == "tzdata" else {">=", "<"})


def imported() -> Iterator[tuple[str, Path]]:
    """(top-level module, file) of each third-party import of the library."""
    for path in sorted((CHECKOUT / "mallfeed").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                top = name.partition(".")[0]
                if top not in sys.stdlib_module_names and top not in ("mallfeed", "infra"):
                    yield top, path


def test_what_the_library_imports_is_in_an_extra_and_the_command_names_that_one() -> None:
    of_module = packages_distributions()
    for module, path in imported():
        if module in BY_LAMBDA_OR_GLUE:
            continue
        names = {canonicalize_name(WITH_ANOTHER.get(module, one)) for one in of_module[module]}
        extra = EXTRA_OF.get(module, "catalogs")
        there = {canonicalize_name(requirement.name) for requirement in EXTRAS[extra]}
        assert names & there, f"{path} imports {module}, which the extra {extra} lacks"


def test_the_command_says_what_to_install() -> None:
    assert needs("typer").endswith("not installed. Install mallfeed with its extra: "
                                   "pip install 'mallfeed[catalogs]'")  # fmt: skip
    assert needs("matplotlib").endswith("pip install 'mallfeed[plot]'")
