"""The rules against AWS's own models: botocore's of the operations, the Service Authorization Reference of the actions."""

from __future__ import annotations

from collections.abc import Iterator

import botocore.session
import jmespath
import pytest

from infra.local.calls.expressions import compiled
from infra.local.calls.rules import EVERYTHING, Rule, Service, rules
from infra.local.iam.known import resource_types
from tests.infra.template_policies import VARIANTS, identity, template

SERVICES = rules().services


def every_rule() -> Iterator[tuple[Service, str, Rule]]:
    for service in SERVICES.values():
        for operation, listed in service.operations.items():
            for rule in listed:
                yield service, operation, rule
        for operation, rule in service.missing.items():
            yield service, operation, rule


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_called_as_botocore_calls_it_and_signs_for_it(name: str) -> None:
    model = botocore.session.get_session().get_service_model(name)
    service = SERVICES[name]
    assert service.signed_as == model.signing_name
    named = {*service.operations, *service.reads_body, *service.missing}
    assert named - set(model.operation_names) == set()


def test_every_action_is_in_the_reference_and_takes_the_resources_that_it_is_asked_about() -> None:
    wrong = []
    for service, operation, rule in every_rule():
        types = resource_types(rule.action)
        for kind in rule.about:
            known = kind in (EVERYTHING,) or kind.startswith("arn:")
            if types is None or (not known and kind not in types):
                wrong.append((service.name, operation, rule.action, kind, types))
    assert wrong == []


def test_what_is_asked_about_everything_takes_no_resource() -> None:
    """Else a statement about a resource would allow nothing here and something on AWS."""
    found = {rule.action for _, _, rule in every_rule() if rule.about == (EVERYTHING,) and resource_types(rule.action)}  # fmt: skip
    # Their only type is `dataset`, which no metric is part of.
    assert found <= {
        f"cloudwatch:{one}" for one in ("PutMetricData", "GetMetricData", "ListMetrics")
    }


def test_every_expression_can_be_read() -> None:
    for service, _, rule in every_rule():
        for written in (rule.when, rule.each, *rule.context.values(), *service.context.values()):
            if written:
                compiled(written)
    with pytest.raises(jmespath.exceptions.ParseError):
        compiled("a ||")


def test_no_rule_says_what_the_reference_says_already() -> None:
    """A rule that is the usual ask would have to be kept in step for nothing."""
    needless = []
    for service in SERVICES.values():
        for operation, listed in service.operations.items():
            plain = Rule(f"{service.prefix}:{operation}", listed[0].about) if listed else None
            types = resource_types(plain.action) if plain else None
            usual = [kind for kind in service.usual if kind in (types or ())]
            if list(listed) == [plain] and (not types or [plain.about[0]] == usual[:1]):  # type: ignore[union-attr]
                needless.append((service.name, operation))
    assert needless == []


@pytest.mark.parametrize("variant", VARIANTS)
def test_calls_bring_every_key_that_the_roles_of_the_template_have_conditions_on(
    variant: str,
) -> None:
    made = template(variant)
    keys = {
        clause.key
        for role in made.of("AWS::IAM::Role")
        for policy in identity(role, made.inline(role))
        for statement in policy.statements
        for clause in statement.conditions
    }
    assert keys >= {"s3:prefix", "cloudwatch:namespace"}
    assert [key for key in keys if not rules().brings(key)] == []
