"""Arguments of the maintenance jobs, parsed once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mallfeed.errors import SettingsInvalid
from mallfeed.load.arguments import STACK, settings_of
from mallfeed.settings import Settings

NAMES = ("malls", "who", "why", *STACK)
"""Every one is required: `getResolvedOptions` has no optional arguments. `-` means nothing."""


@dataclass(frozen=True)
class MaintainArguments:
    """What a run was started with; `malls` empty = all."""

    malls: tuple[str, ...]
    who: str
    why: str
    job_name: str
    job_run_id: str
    settings: Settings


def parse(options: Mapping[str, str]) -> MaintainArguments:
    """From the resolved options; raises SettingsInvalid with what is missing."""
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
