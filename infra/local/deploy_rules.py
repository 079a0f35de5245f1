"""What CloudFormation refuses in a template before it makes anything, and so the local stack, too.

Sources: AWS CloudFormation User Guide, "CloudFormation template formats" (what of YAML is not supported) and
"Understand CloudFormation quotas" (sizes and numbers). References, properties and their types are cfn-lint's, which
tests run over the template as it is once the SAM transform is done.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from infra.local.cloudformation.errors import format_error

MOST_BYTES = 1024 * 1024
"""Of a template that is passed as an S3 object; as text in the request it may have 51,200."""
MOST = {"Resources": 500, "Parameters": 200, "Outputs": 200, "Mappings": 200}
MOST_DESCRIPTION_BYTES = 1024
NAME = re.compile(r"[A-Za-z0-9]{1,255}")
"""A logical id. Those of parameters, outputs and mappings are of the same form."""
UNSUPPORTED_TAGS = {
    f"tag:yaml.org,2002:{kind}" for kind in ("binary", "omap", "pairs", "set", "timestamp")
}


def check_text(text: str) -> None:
    """Raises Refused for a template that is not sent as CloudFormation reads YAML."""
    if len(text.encode()) > MOST_BYTES:
        raise format_error(f"template is larger than {MOST_BYTES} bytes")
    try:
        events = list(yaml.parse(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise format_error(f"YAML not well-formed. {_where(error)}") from error
    for event in events:
        tag = getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            raise format_error(
                f"YAML aliases are not allowed in CloudFormation templates {_at(event.start_mark)}: write out what "
                f"*{event.anchor} stands for"
            )
        if _merges(event):
            raise format_error(f"hash merges are not supported {_at(event.start_mark)}")
        if tag in UNSUPPORTED_TAGS:
            kind = tag.rpartition(":")[2]
            raise format_error(f"the tag {kind} is not supported {_at(event.start_mark)}")


def check_parts(template: Mapping[str, Any]) -> None:
    """Raises Refused for what is too many, too long or not named as it must be; all of it in one message."""
    faults = list(_faults(template))
    if faults:
        raise format_error("; ".join(faults))


def unrolled(text: str) -> str:
    """The template as `sam deploy` and `aws cloudformation package` send it: what aliases stand for is written out."""
    from samtranslator.yaml_helper import yaml_parse

    return json.dumps(yaml_parse(text))


def _faults(template: Mapping[str, Any]) -> Iterator[str]:
    if not template.get("Resources"):
        yield "at least one Resources member must be defined"
    for section, most in MOST.items():
        members = template.get(section) or {}
        if len(members) > most:
            yield f"number of {section} exceeds limit of {most}: {len(members)}"
        for name in members:
            if not NAME.fullmatch(str(name)):
                yield f"{section} name '{name}' is non alphanumeric, or longer than 255"
    if len(str(template.get("Description", "")).encode()) > MOST_DESCRIPTION_BYTES:
        yield f"'Description' length is greater than {MOST_DESCRIPTION_BYTES}"


def _merges(event: yaml.Event) -> bool:
    return isinstance(event, yaml.ScalarEvent) and event.value == "<<" and event.implicit[0]


def _where(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return "" if mark is None else _at(mark)


def _at(mark: Any) -> str:
    return f"(line {mark.line + 1}, column {mark.column + 1})"
