"""Arguments of the maintenance jobs, parsed once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mallfeed.errors import SettingsInvalid
from mallfeed.load.arguments import STACK, settings_of
from mallfeed.settings import Settings

NAMES = ("malls", "who", "why", *STACK)
"""All are required: `getResolvedOptions` has no optional arguments. `-` stands for an empty value."""


@dataclass(frozen=True)
class MaintainArguments:
    """The arguments of one maintenance run; `malls` is empty for all malls."""

    malls: tuple[str, ...]
    who: str
    why: str
    job_name: str
    job_run_id: str
    settings: Settings


def parse(options: Mapping[str, str]) -> MaintainArguments:
    """The arguments, from the resolved options. Raises SettingsInvalid that names the missing ones."""
    missing = [name for name in (*NAMES, "JOB_NAME", "JOB_RUN_ID") if not options.get(name)]
    if missing:
        raise SettingsInvalid(f"job arguments missing: {', '.join(missing)}")
    named = "" if options["malls"] == "-" else options["malls"]
    return MaintainArguments(
        malls=tuple(sorted({mall.strip() for mall in named.split(",") if mall.strip()})),
        who=options["who"],
        why=options["why"],
        job_name=options["JOB_NAME"],
        job_run_id=options["JOB_RUN_ID"],
        settings=settings_of(options),
    )
