"""The account that moto keeps, as IAM sees it: who has which key, and which policies; and what calls leave out."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from infra.local.iam.arns import arn_of
from infra.local.iam.evaluate import Policies, Request, judge
from infra.local.iam.malformed import PolicyKind, PolicyRefused
from infra.local.iam.policy import Policy, read
from infra.local.iam.principals import Principal, service, session
from infra.local.place import ACCOUNT, CREDENTIALS, REGION

_PARTITION = "aws"
_LONGEST_S = 12 * 3600
OPERATOR = CREDENTIALS["AWS_ACCESS_KEY_ID"]
"""The key of whoever runs the stack: deployment, command line, tests. It may do everything, as an administrator."""


@dataclass(frozen=True)
class Caller:
    """A session of a role.

    Attributes
    ----------
    role : its ARN
    userid : as `aws:userid` says it
    token : that its requests carry beside the key
    """

    principal: Principal
    role: str
    userid: str
    token: str
    policies: str


class NotAssumed(Exception):
    """A service could not assume a role; the message says why."""


class Account:
    """moto's account of this process."""

    def __init__(self) -> None:
        self._callers: dict[str, Caller] = {}
        self._assumed: dict[tuple[str, str, str], dict[str, str]] = {}
        self._attached: dict[str, str] = {}
        self._identity: dict[str, tuple[tuple[Any, ...], tuple[Policy, ...]]] = {}
        self._lock = threading.Lock()

    # -- who ------------------------------------------------------------------------------------

    def caller(self, key: str) -> Caller | None:
        """The session that has that access key id; None if nobody has it."""
        if key not in self._callers:
            from moto.sts.models import sts_backends

            found = sts_backends[ACCOUNT][_PARTITION].get_assumed_role_from_access_key(key)
            if found is None:
                return None
            role = self._arn_of_role(found.role_arn)
            self._callers[key] = Caller(
                principal=session(role, found.session_name),
                role=role,
                userid=found.user_id,
                token=found.session_token,
                policies=found.policy or "",
            )
        return self._callers[key]

    def assume(self, role: str, by: str, name: str) -> dict[str, str]:
        """The environment variables of a session of that role (name or ARN), which the service `by` opens.

        The same session again has the same credentials. Raises NotAssumed if there is no such role, or its trust
        policy does not let the service assume it.
        """
        arn = self._arn_of_role(role)
        trust = self.resource_policy(arn)
        if trust is None:
            raise NotAssumed(f"there is no role {arn}")
        asked = Request(service(by), "sts:AssumeRole", (arn,))
        if not judge(asked, Policies(resource=trust)).allowed:
            raise NotAssumed(f"the trust policy of {arn} does not let {by} assume it")
        with self._lock:
            if (arn, by, name) not in self._assumed:
                self._assumed[arn, by, name] = self._opened(arn, name)
            return self._assumed[arn, by, name]

    def _opened(self, arn: str, name: str) -> dict[str, str]:
        from moto.sts.models import sts_backends

        opened = sts_backends[ACCOUNT][_PARTITION].assume_role(
            region_name=REGION,
            role_session_name=name,
            role_arn=arn,
            policy="",
            duration=_LONGEST_S,
            external_id="",
        )
        return {
            "AWS_ACCESS_KEY_ID": opened.access_key_id,
            "AWS_SECRET_ACCESS_KEY": opened.secret_access_key or secrets.token_hex(20),
            "AWS_SESSION_TOKEN": opened.session_token,
        }

    def roles(self) -> list[str]:
        """The ARNs of all roles."""
        return [role.arn for role in list(_iam().roles.values())]

    @staticmethod
    def _arn_of_role(role: str) -> str:
        if role.startswith("arn:"):
            return role
        with suppress(Exception):  # moto's NotFoundException
            return str(_iam().get_role(role).arn)
        return f"arn:{_PARTITION}:iam::{ACCOUNT}:role/{role}"

    # -- policies -------------------------------------------------------------------------------

    def policies(self, caller: Caller) -> Policies:
        """What the session is judged by, but for the resource's policy."""
        role = _role(caller.role)
        if role is None:
            return Policies()
        boundary = role.permissions_boundary_arn and _iam().get_policy(
            role.permissions_boundary_arn
        )
        return Policies(
            identity=self.identity(caller.role),
            boundary=_read(_document(boundary), PolicyKind.MANAGED, "boundary")
            if boundary
            else None,
            session=(_read(caller.policies, PolicyKind.INLINE, "session"),)
            if caller.policies
            else None,
        )

    def identity(self, arn: str) -> tuple[Policy, ...]:
        """Inline and managed policies of the role."""
        role = _role(arn)
        if role is None:
            return ()
        written = (
            *((PolicyKind.INLINE, *one) for one in role.policies.items()),
            *(
                (PolicyKind.MANAGED, one.name, _document(one))
                for one in role.managed_policies.values()
            ),
        )
        kept = self._identity.get(arn)
        if (
            kept is None or kept[0] != written
        ):  # the same objects, nearly always: that is compared in no time
            found = tuple(_read(document, kind, name) for kind, name, document in written)
            kept = self._identity[arn] = (written, found)
        return kept[1]

    def attach(self, policies: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """Have these documents as the policies of the resources of those ARNs, whatever moto keeps.

        For a bucket's: moto applies what it keeps itself, and leaves conditions out.
        """
        self._attached = {arn: json.dumps(document) for arn, document in policies.items()}
        return {}

    def resource_policy(self, resource: str) -> Policy | None:
        """The policy of the resource itself: of bucket, queue, topic, key, secret; a role's trust policy."""
        arn = arn_of(resource)
        found: Any = self._attached.get(resource.partition("/")[0])
        if found is None and arn and arn.service in _OF_SERVICE:
            found = _OF_SERVICE[arn.service](arn.resource, arn.region)
        if not found:
            return None
        kind = PolicyKind.TRUST if arn and arn.service == "iam" else PolicyKind.RESOURCE
        return _read(found.decode() if isinstance(found, bytes) else found, kind, resource)

    # -- facts ----------------------------------------------------------------------------------

    def hash_key(self, table: str, index: str | None, region: str) -> str | None:
        """Name of the partition key; None if moto has no such table or index."""
        from moto.dynamodb.models import dynamodb_backends

        found = dynamodb_backends[ACCOUNT][region].tables.get(table)
        if found is None:
            return None
        if index is None:
            return str(found.hash_key_attr)
        for one in (*found.indexes, *found.global_indexes):
            if one.name == index:
                keys = [key["AttributeName"] for key in one.schema if key["KeyType"] == "HASH"]
                return keys[0] if keys else None
        return None

    def has_tags(self, bucket: str, key: str, version: str | None) -> bool:
        """Whether that object has tags."""
        from moto.s3.models import s3_backends

        backend = s3_backends[ACCOUNT][_PARTITION]
        found = None
        with suppress(Exception):  # moto's MissingBucket
            found = backend.get_object(bucket, key, version)
        return bool(found and backend.tagger.get_tag_dict_for_resource(found.arn))

    def has_bucket(self, bucket: str) -> bool:
        """Whether there is such a bucket."""
        from moto.s3.models import s3_backends

        return bucket in s3_backends[ACCOUNT][_PARTITION].buckets

    def secret_arn(self, secret: str, region: str) -> str:
        """The ARN of the secret of that name or ARN; of one that does not exist, as its name would begin it."""
        from moto.secretsmanager.models import secretsmanager_backends

        found = secretsmanager_backends[ACCOUNT][region].secrets.get(secret)
        if found is not None:
            return str(found.arn)
        is_arn = secret.startswith("arn:")
        return (
            secret
            if is_arn
            else f"arn:{_PARTITION}:secretsmanager:{region}:{ACCOUNT}:secret:{secret}"
        )

    def key_arn(self, key: str, region: str) -> str:
        """The ARN of the key of that id, alias or ARN."""
        from moto.kms.models import kms_backends

        with suppress(Exception):  # KeyError, or moto's NotFoundException
            return str(kms_backends[ACCOUNT][region].describe_key(key).arn)
        return (
            key if key.startswith("arn:") else f"arn:{_PARTITION}:kms:{region}:{ACCOUNT}:key/{key}"
        )

    def workgroup_arn(self, name: str, region: str) -> str:  # noqa: ARG002
        """The ARN of the stack's one workgroup, which the Data API's stand-in serves under any name."""
        from infra.local.warehouse import WORKGROUP_ID

        kind = "redshift-serverless"
        return f"arn:{_PARTITION}:{kind}:{region}:{ACCOUNT}:workgroup/{WORKGROUP_ID}"


def _iam() -> Any:
    from moto.iam.models import iam_backends

    return iam_backends[ACCOUNT][_PARTITION]


def _role(arn: str) -> Any | None:
    return next((one for one in list(_iam().roles.values()) if one.arn == arn), None)


def _document(managed: Any) -> str:
    return str(
        managed.default_version.document
        if hasattr(managed, "default_version")
        else managed.document
    )


def _read(document: str | dict[str, Any], kind: PolicyKind, name: str) -> Policy:
    """The policy; raises ValueError for one that IAM would not store, and moto did."""
    return _parsed(document if isinstance(document, str) else json.dumps(document), kind, name)


@lru_cache(512)
def _parsed(document: str, kind: PolicyKind, name: str) -> Policy:
    try:
        return read(document, kind, name)
    except PolicyRefused as refused:
        raise ValueError(f"the policy {name} is none that IAM would store: {refused}") from refused


def _of_bucket(resource: str, _: str) -> Any:
    from moto.s3.models import s3_backends

    bucket = s3_backends[ACCOUNT][_PARTITION].buckets.get(resource.partition("/")[0])
    return bucket and bucket.policy


def _of_queue(resource: str, region: str) -> Any:
    from moto.sqs.models import sqs_backends

    queue = sqs_backends[ACCOUNT][region].queues.get(resource)
    return queue and queue.policy


def _of_topic(resource: str, region: str) -> Any:
    from moto.sns.models import sns_backends

    arn = f"arn:{_PARTITION}:sns:{region}:{ACCOUNT}:{resource}"
    topic = sns_backends[ACCOUNT][region].topics.get(arn)
    return topic and topic.policy


def _of_key(resource: str, region: str) -> Any:
    from moto.kms.models import kms_backends

    key = kms_backends[ACCOUNT][region].keys.get(resource.removeprefix("key/"))
    return key and key.policy


def _of_secret(resource: str, region: str) -> Any:
    from moto.secretsmanager.models import secretsmanager_backends

    arn = f"arn:{_PARTITION}:secretsmanager:{region}:{ACCOUNT}:{resource}"
    secret = secretsmanager_backends[ACCOUNT][region].secrets.get(arn)
    return getattr(secret, "policy", None)


def _of_role(resource: str, _: str) -> Any:
    role = _role(f"arn:{_PARTITION}:iam::{ACCOUNT}:{resource}")
    return role and role.assume_role_policy_document


_OF_SERVICE: dict[str, Callable[[str, str], Any]] = {
    "s3": _of_bucket,
    "sqs": _of_queue,
    "sns": _of_topic,
    "kms": _of_key,
    "secretsmanager": _of_secret,
    "iam": _of_role,
}
