"""A group of commands of which only the one that is called is imported: the others' libraries take a second."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group


class LazyGroup(TyperGroup):
    """Commands by name, each where it is found: `module:name` of a function, or of a `typer.Typer` of further ones."""

    places: ClassVar[Mapping[str, str]]

    def list_commands(self, ctx: Any) -> list[str]:
        """All of them, in the table's order."""
        return [*self.places, *super().list_commands(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """One command, imported now; None = there is none of that name."""
        place = self.places.get(cmd_name)
        return super().get_command(ctx, cmd_name) if place is None else _imported(cmd_name, place)


def _imported(name: str, place: str) -> Any:
    module, _, attribute = place.partition(":")
    found: Any = getattr(import_module(module), attribute)
    if isinstance(found, typer.Typer):
        group = get_group(found)
        group.name = name
        return group
    alone = typer.Typer(add_completion=False)
    alone.command(name)(found)
    return get_command(alone)
