"""template.yaml → the resources to create, with every value literal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local import deploy_rules
from infra.local.cloudformation.transform import translated
from infra.local.cloudformation.validate import checked, pseudo
from infra.local.deploy_intrinsics import Intrinsics
from infra.local.place import ACCOUNT, REGION
from infra.paths import CHECKOUT

TEMPLATE = CHECKOUT / "template.yaml"
STACK_NAME = "mallfeed"
Resource = dict[str, Any]


@dataclass(frozen=True)
class Plain:
    """A template without functions, conditions or transforms.

    Attributes
    ----------
    resources : logical id → {"Type": …, "Properties": …}
    outputs : output → text
    """

    resources: dict[str, Resource]
    outputs: dict[str, str]

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """Logical id → properties of every resource of that type."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] == kind
        }


def plain(
    parameters: Mapping[str, str],
    endpoint: str,
    path: Path = TEMPLATE,
    usual: Mapping[str, str] | None = None,
) -> Plain:
    """Translate the SAM template and work out its functions for these parameters.

    `usual` has values in place of the parameters' defaults; parameters that the template of an earlier
    release does not have are left out. Raises Refused for what CloudFormation would refuse.
    """
    text = path.read_text("utf-8")
    if path != TEMPLATE:  # an earlier release was deployed by what unrolls aliases
        text = deploy_rules.unrolled(text)
    template = translated(text, {**(usual or {}), **parameters})
    kinds = template.get("Parameters", {})
    unknown = set(parameters) - set(kinds)
    if unknown:
        raise ValueError(f"template.yaml has no parameter {', '.join(sorted(unknown))}")
    values = {name: str(kind["Default"]) for name, kind in kinds.items() if "Default" in kind}
    values |= {name: value for name, value in (usual or {}).items() if name in kinds}
    values.update(parameters)
    missing = set(kinds) - set(values)
    if missing:
        raise ValueError(f"template.yaml needs a value for {', '.join(sorted(missing))}")
    checked(template, values, REGION, ACCOUNT, stack_name=STACK_NAME)
    functions = Intrinsics(template, values, pseudo(REGION, ACCOUNT, STACK_NAME), endpoint)
    return Plain(functions.resources(), functions.outputs(template.get("Outputs", {})))
