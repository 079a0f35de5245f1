"""Systems Manager: sizes of parameters (User Guide, "Managing parameter tiers")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.local.limits.errors import Check, Refusal

MOST = {"Standard": 4096, "Advanced": 8192}


def put_parameter(asked: Mapping[str, Any], _: Any = None) -> None:
    """A value that is too long for its tier; Intelligent-Tiering takes the advanced one where it must."""
    tier = asked.get("Tier") or "Standard"
    most = MOST.get(tier, MOST["Advanced"])
    if len(asked["Value"]) > most:
        more = " To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier."
        raise Refusal(
            "ValidationException",
            f"{'Standard' if most == MOST['Standard'] else 'Advanced'} tier parameters support a maximum parameter "
            f"value of {most} characters.{more if most == MOST['Standard'] else ''}",
        )


RULES: dict[str, Check] = {"PutParameter": put_parameter}
