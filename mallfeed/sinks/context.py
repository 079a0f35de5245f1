"""The context in which a sink is opened: the stack's settings and parameters, and the run that opens it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mallfeed.aws.clients import client
from mallfeed.errors import SettingsInvalid
from mallfeed.settings import Settings
from mallfeed.sinks.port import SinkSent, nobody


@dataclass(frozen=True)
class Setting:
    """A parameter of the stack that a sink needs.

    Attributes
    ----------
    name : its name below the stack's prefix in SSM, e.g. `redshift/workgroup`
    default : its value if it is not set; None if it must be set
    """

    name: str
    default: str | None = None


@dataclass(frozen=True)
class SinkContext:
    """What a sink is opened with.

    Attributes
    ----------
    settings : the names of the resources that the stack's template created
    known : the stack's parameters by their name below its prefix
    run : who opens the sinks (a plan's id …); names the files that are written on the way to a sink
    sent : called now and then with the progress of a sink
    client : makes the AWS client of a service
    """

    settings: Settings
    known: Mapping[str, str]
    run: str = ""
    sent: SinkSent = nobody
    client: Callable[[str], Any] = client

    def value(self, setting: Setting) -> str:
        """The setting's value, or its default. Raises SettingsInvalid if it has neither."""
        value = self.known.get(setting.name) or setting.default
        if value is None:
            raise SettingsInvalid(_not_set([setting.name]))
        return value

    def check(self, needs: tuple[Setting, ...]) -> None:
        """Raises SettingsInvalid that names all required settings that are not set."""
        missing = [one.name for one in needs if not (self.known.get(one.name) or one.default)]
        if missing:
            raise SettingsInvalid(_not_set(missing))


def _not_set(names: list[str]) -> str:
    which = ", ".join(names)
    return (
        f"SSM parameter {which} of this stack is not set: set it below the stack's prefix, "
        "or deploy template.yaml, which sets it"
    )
