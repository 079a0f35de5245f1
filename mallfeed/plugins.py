"""What other packages add to mallfeed: objects that they declare as Python entry points.

A package that is installed beside mallfeed declares in its metadata, in the group of what it adds
(`mallfeed.kinds` …), a name and the place of the object (`colour = mallfeed_colour:COLOUR`).
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from mallfeed.errors import PluginBroken

T = TypeVar("T")


def plugins(group: str, type_: type[T]) -> Iterator[tuple[str, T]]:
    """(name, object) of each entry point of the group, in order of the names.

    Raises PluginBroken if one cannot be loaded or is not a `type_`: continuing without it would read feeds
    differently than agreed.
    """
    for point in sorted(entry_points(group=group), key=lambda one: one.name):
        try:
            found = point.load()
        except Exception as error:
            what = f"cannot be loaded: {type(error).__name__}: {error}"
            raise PluginBroken(_refused(point, what)) from error
        if not isinstance(found, type_):
            what = f"is {type(found).__name__}, expected {type_.__name__}"
            raise PluginBroken(_refused(point, what))
        yield point.name, found


def _refused(point: EntryPoint, what: str) -> str:
    package = f"{point.dist.name} {point.dist.version}" if point.dist else "an unnamed package"
    return (
        f"{package}: the entry point `{point.name} = {point.value}` of group {point.group} {what}; "
        "mend the package or uninstall it"
    )
