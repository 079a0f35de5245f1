"""How long policies may be.

Source: IAM User Guide, "IAM and AWS STS quotas": white space is not counted, the inline policies of a role are
counted together. The words are IAM's, as its users' issues have recorded them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from infra.local.iam.malformed import PolicyKind, PolicyRefused

INLINE_OF_ROLE, MANAGED, TRUST = 10_240, 6_144, 2_048
"""Characters; the trust policy's quota can be raised to 4,096 on request."""


def check_size(
    documents: Iterable[str | Mapping[str, Any]], kind: PolicyKind, role: str = "role"
) -> None:
    """Raises PolicyRefused, LimitExceeded, if the policies are too long.

    `documents` are all inline policies of one role, or one managed or trust policy; policies of resources have
    limits of their services and are not counted here.
    """
    length = sum(map(size, documents))
    if kind is PolicyKind.INLINE and length > INLINE_OF_ROLE:
        message = f"Maximum policy size of {INLINE_OF_ROLE} bytes exceeded for role {role}"
    elif kind is PolicyKind.MANAGED and length > MANAGED:
        message = f"Cannot exceed quota for PolicySize: {MANAGED}"
    elif kind is PolicyKind.TRUST and length > TRUST:
        message = f"Cannot exceed quota for ACLSizePerRole: {TRUST}"
    else:
        return
    raise PolicyRefused(message, "LimitExceeded")


def size(document: str | Mapping[str, Any]) -> int:
    """Characters of the policy without white space."""
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
    return len(re.sub(r"\s", "", text))
