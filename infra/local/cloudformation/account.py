"""What exists in an account and region, whoever made it: resources as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from infra.local.cloudformation import schemas
from infra.local.cloudformation.errors import ResourceFailed
from infra.local.cloudformation.later import leaves

Action = Literal["CREATE", "UPDATE", "DELETE"]
# What a service does not delete while something refers to it: code, and where it is said.
_KEPT_IN_USE = {
    # EC2 API Reference: DeleteVpc, DeleteSubnet, DeleteSecurityGroup, DeleteRouteTable …, "DependencyViolation".
    **dict.fromkeys(
        (
            "AWS::EC2::InternetGateway", "AWS::EC2::NetworkAcl", "AWS::EC2::NetworkInterface", "AWS::EC2::PrefixList",
            "AWS::EC2::RouteTable", "AWS::EC2::SecurityGroup", "AWS::EC2::Subnet", "AWS::EC2::TransitGateway",
            "AWS::EC2::VPC",
        ),
        "DependencyViolation",
    ),
    "AWS::IAM::ManagedPolicy": "DeleteConflict",  # IAM API Reference, DeletePolicy
    "AWS::RedshiftServerless::Namespace": "ConflictException",  # Redshift Serverless API Reference, DeleteNamespace
}  # fmt: skip


@dataclass(eq=False)
class Made:
    """A resource that exists.

    Attributes
    ----------
    logical : its id in the template that made it; "" for what no stack made
    physical : what `Ref` gives
    attributes : what `Fn::GetAtt` gave so far, or the handler returned
    stack : the stack that it belongs to; None for what none owns (any more)
    """

    logical: str
    type: str
    properties: dict[str, Any]
    physical: str
    stack: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)

    def attribute(self, name: str) -> Any:
        """What `Fn::GetAtt` gives: the handler's value, the property, else one that is made up of the id."""
        if name not in self.attributes:
            top = self.properties.get(name)
            self.attributes[name] = top if top is not None else f"{self.physical}/{name}"
        return self.attributes[name]


class Handler(Protocol):
    """Makes, changes or deletes one resource.

    Returns attributes, with "" for the id that `Ref` gives, or None. What it raises fails the resource; it must
    then have made nothing.
    """

    def __call__(self, action: Action, made: Made) -> Mapping[str, Any] | None: ...


class Account:
    """The resources of one account and region.

    `handler` does the making; by default a resource is only entered here.
    """

    def __init__(self, region: str, handler: Handler | None = None) -> None:
        self.region = region
        self.existing: list[Made] = []
        self.handler = handler
        self._made = 0

    def make(self, logical: str, kind: str, properties: dict[str, Any], stack: str | None) -> Made:
        """A new resource; raises ResourceFailed where its name is taken or the handler fails."""
        key = self.key(kind, properties)
        taken = next(
            (
                one
                for one in self.existing
                if key is not None and self.key(one.type, one.properties) == key
            ),
            None,
        )
        if taken is not None:
            name = self.given_name(kind, properties)
            if taken.stack is not None:
                raise ResourceFailed(
                    f"{name} already exists in stack {taken.stack}", "AlreadyExists"
                )
            raise ResourceFailed(
                f"Resource of type '{kind}' with identifier '{name}' already exists. (HandlerErrorCode: AlreadyExists)",
                "AlreadyExists",
            )
        self._made += 1
        schema = self._schema(kind)
        given = properties.get(schema.given_identifier or "")
        physical = (
            str(given) if given is not None else f"{stack or 'own'}-{logical}-{self._made:08X}"
        )
        made = Made(logical, kind, properties, physical, stack)
        self._handle("CREATE", made)
        self.existing.append(made)
        return made

    def change(self, made: Made, properties: dict[str, Any]) -> None:
        """Other properties for a resource that stays; raises ResourceFailed."""
        before, made.properties = made.properties, properties
        try:
            self._handle("UPDATE", made)
        except ResourceFailed:
            made.properties = before
            raise

    def delete(self, made: Made) -> None:
        """Raises ResourceFailed where the handler fails, or something else that exists uses the resource."""
        code = _KEPT_IN_USE.get(made.type)
        user = self._user(made) if code else None
        if user is not None:
            raise ResourceFailed(
                f"resource {made.physical} has a dependent object: {user.physical} ({user.type}) (Status Code: 400; "
                f"Error Code: {code}) (HandlerErrorCode: InvalidRequest)",
                code or "",
            )
        self._handle("DELETE", made)
        self.existing.remove(made)

    def key(self, kind: str, properties: Mapping[str, Any]) -> tuple[str, ...] | None:
        """What no two resources of a type can have in common; None where the service gives the name."""
        schema = self._schema(kind)
        if schema.name is not None:
            if schema.name not in properties:
                return None
            names: tuple[str, ...] = (schema.name, *schema.scope)
        elif all(
            len(one) == 1 and one not in schema.read_only and one[0] in properties
            for one in schema.identifier
        ):
            names = tuple(one[0] for one in schema.identifier)
        else:
            return None
        return (kind, *(str(properties.get(name)) for name in names))

    def given_name(self, kind: str, properties: Mapping[str, Any]) -> str:
        """The custom name, or the identifier that the template gives."""
        schema = self._schema(kind)
        if schema.name is not None:
            return str(properties[schema.name])
        return "|".join(str(properties[one[0]]) for one in schema.identifier)

    def is_named(self, kind: str) -> bool:
        """Whether resources of the type can have a custom name."""
        return self._schema(kind).name is not None

    def _user(self, made: Made) -> Made | None:
        """Who refers to it: by an id that its service gave, or by its custom name in a property that is called so."""
        given = self._schema(made.type).given_identifier
        name = made.properties.get(given or "")
        ids = {made.physical, *(str(value) for value in made.attributes.values())} - {str(name)}

        def refers(other: Made) -> bool:
            return any(
                str(leaf) in ids or (name is not None and str(leaf) == str(name) and given in path)
                for path, leaf in leaves(other.properties)
            )

        return next((one for one in self.existing if one is not made and refers(one)), None)

    def _handle(self, action: Action, made: Made) -> None:
        if self.handler is None:
            return
        try:
            given = self.handler(action, made)
        except ResourceFailed:
            raise
        except Exception as error:  # a service's own error fails the resource, as on AWS
            raise ResourceFailed(str(error), type(error).__name__) from error
        for name, value in (given or {}).items():
            if name == "":
                made.physical = str(value)
            else:
                made.attributes[name] = value

    def _schema(self, kind: str) -> schemas.Schema:
        schema = schemas.of(self.region, kind)
        if schema is None:
            raise ResourceFailed(f"Unrecognized resource types: [{kind}]", "ValidationError")
        return schema
