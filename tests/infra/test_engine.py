"""Template and tests name one version of the search engine (docs/decisions/search-engine-version.md)."""

from __future__ import annotations

import re

from infra.local.cloudformation.transform import translated
from infra.local.deploy_template import TEMPLATE
from infra.paths import CHECKOUT

MADE = {"ArtifactBucket": "artifacts", "ArtifactPrefix": "mallfeed/1"}


def test_a_new_domain_has_the_version_that_the_tests_run() -> None:
    lock = (CHECKOUT / "jars.lock").read_text("utf-8")
    (tested,) = re.findall(r"^opensearch org\.opensearch:opensearch:(\d+\.\d+)", lock, re.MULTILINE)
    template = translated(TEMPLATE.read_text("utf-8"), MADE)
    assert template["Parameters"]["OpenSearchVersion"]["Default"] == f"OpenSearch_{tested}"


def test_another_version_upgrades_the_domain_where_it_is() -> None:
    """Without the policy CloudFormation makes another domain (knowledge center, "in-place upgrade of a domain")."""
    domain = translated(TEMPLATE.read_text("utf-8"), MADE)["Resources"]["Domain"]
    assert domain["UpdatePolicy"] == {"EnableVersionUpgrade": True}
