"""CloudFormation's functions, evaluated before the template reaches moto.

Every resource of template.yaml has an explicit name, so a `Ref` or `Fn::GetAtt` needs nothing that
only a deployment knows. What cannot be evaluated raises: nothing is passed on half-resolved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# The property of a resource that is its name, and so what `Ref` gives.
NAMES = {
    "AWS::S3::Bucket": "BucketName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::IAM::Role": "RoleName",
    "AWS::Events::Rule": "Name",
    "AWS::Events::EventBus": "Name",
    "AWS::Glue::Job": "Name",
    "AWS::Glue::Workflow": "Name",
    "AWS::Glue::Trigger": "Name",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SSM::Parameter": "Name",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
}
_ARNS = {
    "AWS::S3::Bucket": "arn:aws:s3:::{name}",
    "AWS::SQS::Queue": "arn:aws:sqs:{region}:{account}:{name}",
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:{region}:{account}:table/{name}",
    "AWS::Lambda::Function": "arn:aws:lambda:{region}:{account}:function:{name}",
    "AWS::IAM::Role": "arn:aws:iam::{account}:role/{name}",
    "AWS::Events::Rule": "arn:aws:events:{region}:{account}:rule/{name}",
    "AWS::Events::EventBus": "arn:aws:events:{region}:{account}:event-bus/{name}",
    "AWS::Logs::LogGroup": "arn:aws:logs:{region}:{account}:log-group:{name}:*",
    "AWS::SNS::Topic": "arn:aws:sns:{region}:{account}:{name}",
}
_IN_TEXT = re.compile(r"\$\{(!?)([A-Za-z0-9:._]+)\}")
_NOTHING = object()


class Unresolvable(Exception):
    """A function of the template that the local stack cannot evaluate."""


class Intrinsics:
    """Evaluates one template's functions for given parameters.

    Parameters
    ----------
    template : plain template (after the SAM translation)
    parameters : a value for each parameter; lists as comma-separated text
    pseudo : `AWS::Region`, `AWS::AccountId`, `AWS::StackName` …
    endpoint : URL of the local AWS, in front of queue URLs
    """

    def __init__(
        self,
        template: Mapping[str, Any],
        parameters: Mapping[str, str],
        pseudo: Mapping[str, str],
        endpoint: str,
    ) -> None:
        self._resources = template["Resources"]
        self._conditions = template.get("Conditions", {})
        self._kinds = template.get("Parameters", {})
        self._parameters = parameters
        self._pseudo = pseudo
        self._endpoint = endpoint

    def resources(self) -> dict[str, dict[str, Any]]:
        """The resources whose condition holds, with every function in them evaluated."""
        return {
            name: self.value(resource)
            for name, resource in self._resources.items()
            if self._holds(resource.get("Condition"))
        }

    def outputs(self, outputs: Mapping[str, Any]) -> dict[str, str]:
        """Output → value, for the outputs whose condition holds."""
        return {
            name: str(self.value(output["Value"]))
            for name, output in outputs.items()
            if self._holds(output.get("Condition"))
        }

    def value(self, node: Any) -> Any:
        """The node with every function in it evaluated."""
        if isinstance(node, list):
            return [found for item in node if (found := self.value(item)) is not _NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((name, argument),) = node.items()
            if name in ("Ref", "Condition") or name.startswith("Fn::"):
                return self._call(name, argument)
        pairs = (
            (key, self.value(item))
            for key, item in node.items()
            if key != "Condition" or isinstance(item, dict)
        )
        return {key: item for key, item in pairs if item is not _NOTHING}

    def _call(self, name: str, argument: Any) -> Any:
        if name == "Condition":
            # In a policy statement `Condition` is data; only a name is a template's condition.
            return (
                {name: self.value(argument)}
                if isinstance(argument, dict)
                else self._holds(argument)
            )
        method = getattr(self, "_" + name.removeprefix("Fn::").lower(), None)
        if method is None:
            raise Unresolvable(f"the local stack does not know {name}")
        return method(argument)

    def _holds(self, condition: str | None) -> bool:
        return condition is None or bool(self.value(self._conditions[condition]))

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NOTHING
        if name in self._pseudo:
            return self._pseudo[name]
        if name in self._parameters:
            text = self._parameters[name]
            is_list = "List" in self._kinds.get(name, {}).get("Type", "")
            return [part for part in text.split(",") if part] if is_list else text
        physical = self._name(name)
        if self._resources[name]["Type"] == "AWS::SQS::Queue":
            return f"{self._endpoint}/{self._pseudo['AWS::AccountId']}/{physical}"
        return physical

    def _name(self, logical: str) -> str:
        resource = self._resources.get(logical)
        if resource is None:
            raise Unresolvable(f"nothing in the template is called {logical}")
        if resource["Type"] == "AWS::Glue::Database":
            return str(self.value(resource["Properties"]["DatabaseInput"]["Name"]))
        if resource["Type"] == "AWS::ApiGatewayV2::Api":
            return logical.lower()  # AWS returns an id; the local front serves the only API
        key = NAMES.get(resource["Type"])
        if key is None or key not in resource["Properties"]:
            raise Unresolvable(f"{logical} ({resource['Type']}) needs an explicit name")
        return str(self.value(resource["Properties"][key]))

    def _getatt(self, argument: Any) -> str:
        parts = argument.split(".", 1) if isinstance(argument, str) else argument
        logical, attribute = parts
        name, kind = self._name(logical), self._resources[logical]["Type"]
        if attribute == NAMES.get(kind):
            return name
        if attribute != "Arn" or kind not in _ARNS:
            raise Unresolvable(f"{logical}.{attribute} of {kind}")
        return _ARNS[kind].format(
            name=name, region=self._pseudo["AWS::Region"], account=self._pseudo["AWS::AccountId"]
        )

    def _sub(self, argument: Any) -> str:
        text, given = (argument, {}) if isinstance(argument, str) else argument
        own = {key: self.value(item) for key, item in given.items()}

        def replace(match: re.Match[str]) -> str:
            name = match[2]
            if match[1]:
                return f"${{{name}}}"
            if name in own:
                return str(own[name])
            if name == "aws:userid":
                return match[0]
            return str(self._getatt(name) if "." in name else self._ref(name))

        return _IN_TEXT.sub(replace, text)

    def _join(self, argument: Any) -> str:
        separator, items = argument
        return str(separator).join(str(item) for item in self.value(items))

    def _select(self, argument: Any) -> Any:
        index, items = argument
        return self.value(items)[int(index)]

    def _split(self, argument: Any) -> list[str]:
        separator, text = argument
        return str(self.value(text)).split(separator)

    def _if(self, argument: Any) -> Any:
        condition, then, otherwise = argument
        return self.value(then if self._holds(condition) else otherwise)

    def _equals(self, argument: Any) -> bool:
        left, right = (self.value(side) for side in argument)
        return str(left) == str(right)

    def _not(self, argument: Any) -> bool:
        return not self.value(argument[0])

    def _and(self, argument: Any) -> bool:
        return all(self.value(item) for item in argument)

    def _or(self, argument: Any) -> bool:
        return any(self.value(item) for item in argument)
