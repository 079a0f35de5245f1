"""Which kinds of sinks there are: ours, and those that installed packages bring.

A package brings one by an entry point of the group `mallfeed.sinks`, whose name is the sink's and whose
object is a SinkFactory; docs/sinks.md has an example.
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
    """The names in the parameter `sinks`, each once, in order; raises SettingsInvalid without one."""
    names = [name.strip() for name in parameter.split(",") if name.strip()]
    if not names:
        raise SettingsInvalid(f"SSM parameter sinks names no sink: {_list(_known())}")
    return list(dict.fromkeys(names))


def chosen(names: Sequence[str]) -> dict[str, Load]:
    """Name → how its factory is had, in the order of the names.

    Raises SettingsInvalid for a name that nobody knows, or more than one package.
    """
    known = _known()
    if unknown := [name for name in names if name not in known]:
        raise SettingsInvalid(
            f"{', '.join(unknown)} is no sink here: {_list(known)}. Correct the name "
            f"(SSM parameter sinks), or install the package that brings it (entry point group {GROUP})"
        )
    for name in names:
        if len(known[name]) > 1:
            raise SettingsInvalid(
                f"{len(known[name])} packages bring a sink named {name} (entry point group {GROUP}): "
                "uninstall all but one"
            )
    return {name: known[name][0] for name in names}


def _known() -> dict[str, list[Load]]:
    found: dict[str, list[Load]] = {}
    for factory in OURS:
        found.setdefault(factory.name, []).append(_given(factory))
    for entry in entry_points(group=GROUP):
        found.setdefault(entry.name, []).append(_loaded(entry))
    return found


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
    return f"known are {', '.join(sorted(known))}"
