"""The SAM transform, with which CloudFormation begins where a template asks for it."""

from __future__ import annotations

import datetime
import logging
import os
from collections.abc import Mapping
from typing import Any

from infra.local import deploy_rules
from infra.local.cloudformation.errors import format_error
from infra.local.cloudformation.structure import SAM
from infra.local.place import REGION


def translated(text: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The template after the SAM transform, if it asks for it: what CloudFormation works on.

    Raises Refused for what it refuses to work on, and InvalidDocumentException for what the transform does.
    """
    from samtranslator.translator.transform import transform
    from samtranslator.yaml_helper import yaml_parse

    # At exit it complains about metrics of its own that nobody needs.
    logging.getLogger("samtranslator.metrics.metrics").setLevel(logging.ERROR)
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)  # the translator asks boto3 for a region
    deploy_rules.check_text(text)
    sent: dict[str, Any] = _as_json(yaml_parse(text))
    if not isinstance(sent, dict) or not isinstance(sent.get("Resources", {}), dict):
        raise format_error("unsupported structure.")
    deploy_rules.check_parts(sent)
    if SAM not in sent.get("Transform", []):
        return sent
    for name, one in sent["Resources"].items():
        if isinstance(one, dict) and one.get("Type") == "AWS::Serverless::Application":
            raise format_error(f"{name}: the Serverless Application Repository is not asked here")
    plain: dict[str, Any] = transform(sent, dict(parameters), _NoManagedPolicies())
    deploy_rules.check_parts(plain)
    return plain


def _as_json(node: Any) -> Any:
    """YAML's unquoted dates are text to CloudFormation, as `Version: 2012-10-17` in a policy; so are all names."""
    if isinstance(node, dict):
        return {str(key): _as_json(item) for key, item in node.items()}
    if isinstance(node, list):
        return [_as_json(item) for item in node]
    return node.isoformat() if isinstance(node, datetime.date) else node


class _NoManagedPolicies:
    """Templates that are read here write their policies out, so the translator needs no list of AWS's own."""

    def load(self) -> dict[str, str]:
        return {}
