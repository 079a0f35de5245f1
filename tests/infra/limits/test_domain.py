"""Settings that Amazon OpenSearch Service takes, and those that only a cluster of one's own does."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from infra.local.deploy_template import TEMPLATE
from infra.local.limits import domain
from infra.local.limits.errors import Refusal


def _put(**persistent: Any) -> None:
    domain.check_request("PUT", "/_cluster/settings", {"persistent": persistent})


def test_a_domain_takes_a_few_settings_of_the_cluster_in_the_flat_form() -> None:
    """OpenSearch Service Developer Guide, Supported operations in Amazon OpenSearch Service."""
    _put(**{"action.auto_create_index": False, "indices.breaker.total.limit": "80%"})
    for refused in (
        {"action": {"auto_create_index": False}},
        {"cluster.routing.allocation.disk.threshold_enabled": False},
        {"indices.recovery.max_bytes_per_sec": "80mb"},
    ):
        with pytest.raises(Refusal, match="not allowed"):
            _put(**refused)


def test_other_requests_pass_but_for_the_attributes_of_nodes() -> None:
    domain.check_request("GET", "/_cluster/settings", None)
    domain.check_request("PUT", "/products/_settings", {"index": {"refresh_interval": "-1"}})
    domain.check_request("GET", "/_cat/indices", None)
    with pytest.raises(Refusal):
        domain.check_request("GET", "/_cat/nodeattrs", None)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"indices.query.bool.max_clause_count": "4096"}, None),
        ({"rest.action.multi.allow_explicit_index": "false"}, None),
        ({"indices.query.bool.max_clause_count": 4096}, "it is a text"),
        ({"rest.action.multi.allow_explicit_index": "no"}, "Invalid value"),
        ({"indices.fielddata.cache.size": "101"}, "Invalid value"),
        ({"index.refresh_interval": "30s"}, "Unrecognized"),
    ],
)
def test_a_domains_advanced_options_are_these_four_as_text(
    options: dict[str, Any], said: str | None
) -> None:
    """OpenSearch Service API Reference, AdvancedOptionsStatus."""
    if said is None:
        domain.check_advanced_options(options)
        return
    with pytest.raises(Refusal, match=said):
        domain.check_advanced_options(options)


def test_the_template_asks_for_no_other_options() -> None:
    class Loader(yaml.SafeLoader):
        """Reads CloudFormation's short forms as what stands behind them."""

    Loader.add_multi_constructor("!", lambda loader, _, node: getattr(node, "value", None))
    resources = yaml.load(TEMPLATE.read_text("utf-8"), Loader)["Resources"]  # noqa: S506 - a SafeLoader
    domains = [one for one in resources.values() if one["Type"] == "AWS::OpenSearchService::Domain"]
    assert domains
    for one in domains:
        domain.check_advanced_options(one["Properties"].get("AdvancedOptions", {}))
