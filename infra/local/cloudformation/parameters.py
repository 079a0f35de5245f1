"""Values of parameters, refused as CloudFormation refuses them.

Sources: CloudFormation User Guide, "CloudFormation template Parameters syntax" (properties, types, 4,096 bytes), "Use
AWS-specific parameter types" and "Systems Manager parameter types"; the messages are those of CreateStack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import regex

from infra.local.cloudformation.errors import Refused, format_error

_PROPERTIES = frozenset(
    {
        "AllowedPattern", "AllowedValues", "ConstraintDescription", "Default", "Description", "MaxLength", "MaxValue",
        "MinLength", "MinValue", "NoEcho", "Type",
    }
)  # fmt: skip
# AWS-specific types, with the form of a value. AWS also looks whether it exists in the account.
_OF_AWS = {
    "AWS::EC2::AvailabilityZone::Name": r"[a-z]{2}(-[a-z]+)+-\d[a-z](-.+)?|[a-z]{2}(-[a-z]+)+-\d-.+",
    "AWS::EC2::Image::Id": r"ami-[0-9a-f]{8,17}",
    "AWS::EC2::Instance::Id": r"i-[0-9a-f]{8,17}",
    "AWS::EC2::KeyPair::KeyName": r".{1,255}",
    "AWS::EC2::SecurityGroup::GroupName": r".{1,255}",
    "AWS::EC2::SecurityGroup::Id": r"sg-[0-9a-f]{8,17}",
    "AWS::EC2::Subnet::Id": r"subnet-[0-9a-f]{8,17}",
    "AWS::EC2::Volume::Id": r"vol-[0-9a-f]{8,17}",
    "AWS::EC2::VPC::Id": r"vpc-[0-9a-f]{8,17}",
    "AWS::Route53::HostedZone::Id": r"Z?[A-Z0-9]{1,32}",
}
_PLAIN = frozenset(
    {
        "String",
        "Number",
        "CommaDelimitedList",
        "List<Number>",
        "List<String>",
        "AWS::SSM::Parameter::Name",
    }
)
_VALUE = re.compile(r"AWS::SSM::Parameter::Value<(.+)>")
_LIST = re.compile(r"List<(.+)>")
_MOST_BYTES = 4096


def values(
    declared: Mapping[str, Any], given: Mapping[str, Any], stored: Mapping[str, str] | None = None
) -> dict[str, str]:
    """A value for every declared parameter; lists as text with commas.

    `stored` are the values in Systems Manager that parameters of the type AWS::SSM::Parameter::Value<…> name; without
    it such a parameter has the name as its value. Raises Refused.
    """
    for name, one in declared.items():
        _check_declaration(name, one)
    unknown = [name for name in given if name not in declared]
    if unknown:
        raise Refused(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    missing = [name for name, one in declared.items() if name not in given and "Default" not in one]
    if missing:
        raise Refused(f"Parameters: [{', '.join(missing)}] must have values")
    texts = {name: _text(given.get(name, one.get("Default"))) for name, one in declared.items()}
    for name, text in texts.items():
        _check(name, text, declared[name])
    return {name: _looked_up(text, declared[name]["Type"], stored) for name, text in texts.items()}


def is_list(kind: str) -> bool:
    """Whether `Ref` of a parameter of that type gives a list."""
    inner = _VALUE.fullmatch(kind)
    kind = inner[1] if inner else kind
    return kind == "CommaDelimitedList" or _LIST.fullmatch(kind) is not None


def parts(text: str) -> list[str]:
    """The items of a list that is written with commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _check_declaration(name: str, one: Any) -> None:
    if not isinstance(one, dict):
        raise format_error("Every Parameters object must contain a Type member.")
    for key in one:
        if key not in _PROPERTIES:
            raise format_error(f"Invalid template parameter property '{key}'")
    for key in ("MinLength", "MaxLength", "MinValue", "MaxValue"):
        if key in one and not _is_number(_text(one[key])):
            raise format_error(f"Every {key} value of a parameter must be a number.")
    if not isinstance(one.get("AllowedValues", []), list):
        raise format_error("Every AllowedValues value of a parameter must be a list.")
    if isinstance(one.get("Default"), dict | list):
        raise format_error("Every Default member must be a string.")
    kind = one.get("Type")
    if kind is None:
        raise format_error("Every Parameters object must contain a Type member.")
    inner = _VALUE.fullmatch(str(kind))
    of_list = _LIST.fullmatch(inner[1] if inner else str(kind))
    plain = of_list[1] if of_list else inner[1] if inner else kind
    if str(kind) not in _PLAIN and plain not in _OF_AWS and not (inner and plain in _PLAIN):
        raise format_error(f"Unrecognized parameter type: {kind}")


def _check(name: str, text: str, one: Mapping[str, Any]) -> None:
    fault = next(_faults(text, one), None)
    if fault is None:
        return
    if "ConstraintDescription" in one:
        raise Refused(
            f"Parameter '{name}' failed to satisfy constraint: {one['ConstraintDescription']}"
        )
    if fault.startswith("does not exist"):
        raise Refused(
            f"Parameter validation failed: parameter value {text} for parameter name {name} {fault}"
        )
    raise Refused(f"Parameter '{name}' {fault}")


def _faults(text: str, one: Mapping[str, Any]) -> Iterator[str]:
    kind = one["Type"]
    if len(text.encode()) > _MOST_BYTES:
        yield f"exceeds the maximum length of {_MOST_BYTES} bytes"
    numeric = kind in ("Number", "List<Number>")
    each = parts(text) if is_list(kind) else [text]
    if numeric and not all(_is_number(item) for item in each):
        yield "must be a number" if kind == "Number" else "must be a list of numbers"
        return
    if "AllowedValues" in one:
        allowed = {_text(value) for value in one["AllowedValues"]}
        if not all(item in allowed for item in each):
            yield "must be one of AllowedValues"
    if "AllowedPattern" in one and not all(
        regex.fullmatch(str(one["AllowedPattern"]), item) for item in each
    ):
        yield f"must match pattern {one['AllowedPattern']}"
    if "MinLength" in one and len(text) < int(one["MinLength"]):
        yield f"must contain at least {one['MinLength']} characters"
    if "MaxLength" in one and len(text) > int(one["MaxLength"]):
        yield f"must contain at most {one['MaxLength']} characters"
    if numeric:
        for item in each:
            if "MinValue" in one and float(item) < float(one["MinValue"]):
                yield f"must be a number not less than {one['MinValue']}"
            if "MaxValue" in one and float(item) > float(one["MaxValue"]):
                yield f"must be a number not greater than {one['MaxValue']}"
    of_list = _LIST.fullmatch(kind)
    form = _OF_AWS.get(of_list[1] if of_list else kind)
    if form is not None and not all(re.fullmatch(form, item) for item in each):
        yield "does not exist"


def _looked_up(text: str, kind: str, stored: Mapping[str, str] | None) -> str:
    if stored is None or not _VALUE.fullmatch(kind):
        return text
    if text not in stored:
        raise Refused(f"Unable to fetch parameters [{text}] from parameter store for this account.")
    return stored[text]


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text) is not None


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(_text(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
