"""A profile: which malls there are, what they send, and when. It is YAML, and read like a catalog."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mallfeed.catalog.feed_spec import MOST_PRIORITY
from mallfeed.catalog.rules import TIME_OF_DAY
from mallfeed.errors import Terminal
from mallfeed.formats.registry import FormatName
from mallfeed.plan.limits import NUMBERS, Limits
from mallfeed.simulate.profile_faults import faults_of
from mallfeed.wording import shown
from mallfeed.yaml_files.fault import Fault, lines_of
from mallfeed.yaml_files.yaml_tree import read_tree

Share = Annotated[float, Field(ge=0, le=1)]
Clock = Annotated[str, Field(pattern=f"^{TIME_OF_DAY}$")]
Window = Annotated[str, Field(pattern=f"^{TIME_OF_DAY}-{TIME_OF_DAY}$")]

SHARES_SUM_TO = 0.001
"""By how much the sum of the classes' shares may differ from 1."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Size(_Strict):
    """Megabytes of a feed as sent: lognormal over the malls of the class."""

    median_mb: float = Field(gt=0, description="Half of the malls send less.")
    sigma: float = Field(
        default=0.0,
        ge=0,
        le=3,
        description="Standard deviation of the logarithm: 0 = all equal, 1 = very different sizes.",
    )


class ProfileFeed(_Strict):
    """One named feed that each mall of the class sends."""

    name: str = Field(default="full", min_length=1, description="As in a catalog.")
    mode: Literal["full", "delta"] = Field(default="full", description="As in a catalog.")
    format: FormatName = Field(default="csv", description="As in a catalog.")
    packed: bool = Field(
        default=False, description="Sent as .gz; sizes are those of the compressed file."
    )
    a_day: float = Field(gt=0, le=1440, description="Feeds per day and mall.")
    arrives: Literal["nightly", "through_the_day", "bursts"] = Field(
        description="Around one time of day; evenly; or several at once, at any time."
    )
    at: Clock = Field(default="02:00", description="The time of a nightly peak, Asia/Seoul.")
    spread_minutes: float = Field(
        default=30, ge=0, le=720, description="Standard deviation of the nightly peak."
    )
    burst: int = Field(default=10, ge=1, le=1000, description="Feeds per burst.")
    burst_minutes: float = Field(default=5, gt=0, le=720, description="How long a burst takes.")
    size: Size = Field(description="Megabytes.")
    changed: Share = Field(default=0.02, description="Share of its rows that change a product.")
    same_bytes: Share = Field(
        default=0.0, description="Share of the feeds that repeat the last one byte for byte."
    )
    held: Share = Field(
        default=0.0, description="Share of the feeds that are held for their content."
    )


class MallClass(_Strict):
    """Malls that send similar feeds."""

    name: str = Field(min_length=1)
    share: Share = Field(description="Of all malls.")
    priority: int = Field(
        default=0,
        ge=-MOST_PRIORITY,
        le=MOST_PRIORITY,
        description="As in a catalog's `capacity`.",
    )
    window: Window | None = Field(default=None, description="As in a catalog's `schedule`.")
    feeds: tuple[ProfileFeed, ...] = Field(min_length=1, strict=False)


class Profile(_Strict):
    """Which malls send what, and the limits under which it is loaded."""

    name: str = Field(min_length=1, description="For the heading of the output.")
    malls: tuple[MallClass, ...] = Field(min_length=1, strict=False)
    runs_that_die: Share = Field(
        default=0.0, description="Share of the Glue runs that end before they have committed."
    )
    person_after_minutes: float = Field(
        default=240, gt=0, description="After this, somebody drops a held or failed feed."
    )
    limits: dict[str, int] = Field(
        default_factory=dict, description="Of dispatch, as the SSM parameters `limits/<name>`."
    )

    @model_validator(mode="after")
    def _shares_sum_to_one(self) -> Profile:
        total = sum(one.share for one in self.malls)
        if abs(total - 1) > SHARES_SUM_TO:
            raise ValueError(f"the shares of `malls` sum to {total:g}; expected 1")
        return self

    def dispatch_limits(self) -> Limits:
        """The limits, with dispatch's own defaults where the profile names none."""
        return Limits.model_validate(self.limits)


class ProfileInvalid(Terminal):
    """The profile is invalid; `faults` has one line (`file:line:column: …`) per fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_profile(text: str, name: str) -> Profile:
    """The profile in this text; raises ProfileInvalid with one line per fault."""
    tree = read_tree(text)
    if not isinstance(tree.data, dict):
        faults = []
        if not tree.faults:
            what = "the file is empty" if tree.data is None else f"the file is {shown(tree.data)}"
            faults = [
                Fault(
                    (),
                    what,
                    "a profile: `name:`, `malls:` (mallfeed/simulate/default_profile.yaml is one)",
                )
            ]
        raise ProfileInvalid(lines_of(faults, tree, name))
    try:
        profile = Profile.model_validate(tree.data)
        profile.dispatch_limits()
    except ValidationError as error:
        found = faults_of(error, tree.data, Limits if error.title == "Limits" else Profile)
        raise ProfileInvalid(lines_of(found, tree, name)) from error
    unknown = [Fault(("limits", key), f"`{key}` is not a limit", _LIMITS, at_key=True)
               for key in profile.limits if key not in NUMBERS]  # fmt: skip
    if unknown or tree.faults:
        raise ProfileInvalid(lines_of(unknown, tree, name))
    return profile


_LIMITS = "one of " + ", ".join(NUMBERS)


def read_profile_file(path: Path) -> Profile:
    """The profile in this file; raises ProfileInvalid."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        fault = f"{path}:1:1: byte {error.start} is not UTF-8; expected YAML in UTF-8"
        raise ProfileInvalid([fault]) from error
    return read_profile(text, str(path))


BUNDLED = ("default", "every_minute")
"""Profiles that come along: malls of a Korean shopping channel; malls that change every minute."""


def bundled_profile(name: str) -> Profile:
    """That one of BUNDLED."""
    file = f"{name}_profile.yaml"
    return read_profile(files("mallfeed.simulate").joinpath(file).read_text("utf-8"), file)
