"""The limits that operators can set at run time, and their defaults."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from mallfeed.catalog.feed_spec import MOST_PRIORITY
from mallfeed.errors import SettingsInvalid
from mallfeed.reading.budget import USUAL, Budget

NONE = "none"
"""Stands for no priorities, since an SSM parameter cannot be empty."""


class Limits(BaseModel):
    """The SSM parameters `<prefix>/limits/<name>`; one that is absent has the default below."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    max_runs: int = Field(default=5, ge=1, description="Glue runs at once.")
    max_workers: int = Field(
        default=40, ge=2, description="Glue workers at once, over all runs; a G.2X counts twice."
    )
    gather_seconds: int = Field(
        default=60, ge=0, description="While something runs, small feeds are collected this long."
    )
    max_tries: int = Field(default=3, ge=1, description="Attempts before a feed is FAILED.")
    backoff_seconds: int = Field(default=15, ge=0, description="Wait after the first dead run.")
    backoff_most_seconds: int = Field(default=900, ge=0, description="The longest such wait.")
    lost_start_seconds: int = Field(
        default=150,
        ge=0,
        description="Age from which a plan without a run counts as a lost start; longer than the "
        "starting Lambda may run.",
    )
    max_feeds: int = Field(default=200, ge=1, description="Feeds in one plan.")
    priorities: dict[str, int] = Field(
        default_factory=dict,
        description="Priorities of malls, instead of those in their catalogs, as `mall=5, mall=-1`, "
        "or `none`.",
    )

    work: Budget = Field(
        default=USUAL,
        description="What reading a feed may cost, where it is not the usual (docs/decisions/"
        "budget-of-work.md), as `members=20000+4000, cells=none`, or `none`.",
    )

    @field_validator("work", mode="before")
    @classmethod
    def _work_of_text(cls, value: object) -> object:
        return Budget.of_text(value) if isinstance(value, str) else value

    @field_validator("priorities", mode="before")
    @classmethod
    def _of_text(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        named = list(map(_priority, () if value.strip() == NONE else value.split(",")))
        malls = [mall_id for mall_id, _ in named]
        if twice := sorted({mall_id for mall_id in malls if malls.count(mall_id) > 1}):
            raise ValueError(f"named twice: {', '.join(twice)}")
        return dict(named)

    def numbers(self) -> dict[str, int]:
        """Name → value of the limits that are one number for all malls (`NUMBERS`)."""
        return self.model_dump(include=set(NUMBERS))


NUMBERS = tuple(name for name, field in Limits.model_fields.items() if field.annotation is int)
"""The names of the limits that are one number for all malls; a simulation can vary them."""


def _priority(entry: str) -> tuple[str, int]:
    mall_id, _, number = (part.strip() for part in entry.partition("="))
    try:
        priority = int(number)
    except ValueError:
        priority = MOST_PRIORITY + 1
    if not mall_id or abs(priority) > MOST_PRIORITY:
        raise ValueError(
            f"`{entry.strip()}` is not a priority: write MALL=NUMBER with a number from "
            f"-{MOST_PRIORITY} to {MOST_PRIORITY}, entries separated by commas, or `{NONE}`"
        )
    return mall_id, priority


def parse(values: Mapping[str, str]) -> Limits:
    """The limits, from name → text of the parameters. Raises SettingsInvalid that names each wrong one."""
    limits, _, fault = parse_right(values)
    if fault is not None:
        raise fault
    return limits


def parse_right(
    values: Mapping[str, str], otherwise: Mapping[str, str] | None = None
) -> tuple[Limits, dict[str, str], SettingsInvalid | None]:
    """The limits, the texts that they were read from, and an error that names the wrong parameters, if any.

    In place of a wrong parameter, the text in `otherwise` is used, or else the default.
    """
    try:
        return _limits(values), dict(values), None
    except ValidationError as error:
        wrong = {str(fault["loc"][0]): fault["msg"] for fault in error.errors()}
    listed = "; ".join(f"limits/{name}: {message}" for name, message in wrong.items())
    instead = {name: text for name, text in (otherwise or {}).items() if name in wrong}
    right = {name: text for name, text in values.items() if name not in wrong}
    used = {**right, **instead}
    return _limits(used), used, SettingsInvalid(f"SSM parameters wrong: {listed}")


def _limits(values: Mapping[str, str]) -> Limits:
    return Limits.model_validate({name: value.strip() for name, value in values.items()})
