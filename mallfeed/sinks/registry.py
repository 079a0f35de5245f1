"""The kinds of sinks: our own, and those of other installed packages.

A package adds one by an entry point in the group `mallfeed.sinks`; its name is the sink's name, and its
object is a SinkFactory. docs/sinks.md has an example.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import EntryPoint, entry_points

from mallfeed.errors import SettingsInvalid
from mallfeed.sinks.context import Setting
from mallfeed.sinks.factory import SinkFactory
from mallfeed.sinks.opensearch.open import OPENSEARCH
from mallfeed.sinks.redshift.open import REDSHIFT

GROUP = "mallfeed.sinks"
OURS = (OPENSEARCH, REDSHIFT)
SINKS = Setting("sinks", ",".join(factory.name for factory in OURS))
"""The stack's parameter: names of its sinks, separated by commas."""

Load = Callable[[], SinkFactory]
"""Imports a package's factory, which may raise whatever importing it raises."""


def names_in(parameter: str) -> list[str]:
    """The names in the parameter `sinks`, each once, in order. Raises SettingsInvalid if there is none."""
    names = [name.strip() for name in parameter.split(",") if name.strip()]
    if not names:
        raise SettingsInvalid(f"SSM parameter sinks names no sink: {_list(_known())}")
    return list(dict.fromkeys(names))


def chosen(names: Sequence[str]) -> dict[str, Load]:
    """Name → the function that returns its factory, in the order of the names.

    Raises SettingsInvalid for a name that is unknown, or that more than one package uses.
    """
    known = _known()
    if unknown := [name for name in names if name not in known]:
        raise SettingsInvalid(
            f"{', '.join(unknown)} is not a known sink: {_list(known)}. Correct the name "
            f"(SSM parameter sinks), or install the package that has it (entry point group {GROUP})"
        )
    for name in names:
        if len(known[name]) > 1:
            raise SettingsInvalid(
                f"{len(known[name])} packages have a sink named {name} (entry point group {GROUP}): "
                "uninstall all but one"
            )
    return {name: known[name][0] for name in names}


def _known() -> dict[str, list[Load]]:
    by_name: dict[str, list[Load]] = {}
    for factory in OURS:
        by_name.setdefault(factory.name, []).append(_given(factory))
    for entry in entry_points(group=GROUP):
        by_name.setdefault(entry.name, []).append(_loaded(entry))
    return by_name


def _given(factory: SinkFactory) -> Load:
    return lambda: factory


def _loaded(entry: EntryPoint) -> Load:
    def load() -> SinkFactory:
        factory = entry.load()
        if not isinstance(factory, SinkFactory) or factory.name != entry.name:
            raise SettingsInvalid(
                f"entry point {entry.name} = {entry.value} of group {GROUP} is {factory!r}, "
                f"expected a SinkFactory named {entry.name}"
            )
        return factory

    return load


def _list(known: dict[str, list[Load]]) -> str:
    return f"the known sinks are {', '.join(sorted(known))}"
