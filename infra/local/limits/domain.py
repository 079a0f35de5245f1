"""Amazon OpenSearch Service: settings that a domain takes. The local OpenSearch is a cluster of one's own and takes them all.

Sources: Amazon OpenSearch Service Developer Guide, "Supported operations in Amazon OpenSearch Service" (`_cluster/settings` takes the flat form
only, and a few settings; `_cat/nodeattrs` is not there); API Reference, AdvancedOptionsStatus. Which other operations a version lacks is not
repeated here: the guide has a table per version.

Nothing stands between a client and the local OpenSearch, so that it stays as fast as it is: what the tests' own clients ask is
checked on its way (tests/local_parts.py), what jobs and functions ask is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from infra.local.limits.errors import Refusal

CLUSTER_SETTINGS = re.compile(
    r"action\.auto_create_index|action\.search\.shard_count\.limit|cluster\.max_shards_per_node"
    r"|indices\.breaker\.(?:fielddata|request|total)\.limit"
    r"|cluster\.search\.request\.slowlog\.(?:level|threshold\.(?:warn|info|debug|trace))"
    r"|search\.phase_took_enabled"
)
ADVANCED_OPTIONS = {
    "indices.fielddata.cache.size": re.compile(r"[0-9]{1,2}|100"),
    "indices.query.bool.max_clause_count": re.compile(r"[1-9][0-9]*"),
    "override_main_response_version": re.compile("true|false"),
    "rest.action.multi.allow_explicit_index": re.compile("true|false"),
}
"""Of a domain's definition; each value is a text."""


def check_request(method: str, path: str, body: Mapping[str, Any] | None) -> None:
    """Raises Refusal for a request that a domain does not serve."""
    parts = path.strip("/").split("/")
    if parts[:2] == ["_cat", "nodeattrs"]:
        raise _refused(f"{method} {path}")
    if method != "PUT" or parts != ["_cluster", "settings"]:
        return
    for scope in ("persistent", "transient"):
        for name, value in ((body or {}).get(scope) or {}).items():
            if isinstance(value, Mapping):
                raise _refused(f"{name}: settings of a cluster in the expanded form")
            if not CLUSTER_SETTINGS.fullmatch(name):
                raise _refused(name)


def check_advanced_options(options: Mapping[str, Any]) -> None:
    """Raises Refusal for AdvancedOptions that CreateDomain does not take."""
    for name, value in options.items():
        form = ADVANCED_OPTIONS.get(name)
        if form is None:
            raise Refusal("ValidationException", f"Unrecognized advanced option '{name}' passed.")
        if not isinstance(value, str) or not form.fullmatch(value):
            message = f"Invalid value for advanced option '{name}': {value!r}; it is a text"
            raise Refusal("ValidationException", message)


def _refused(what: str) -> Refusal:
    message = f"Your request: '{what}' is not allowed by Amazon OpenSearch Service."
    return Refusal("ValidationException", message)
