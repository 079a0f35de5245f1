"""One call to AWS, as the models of its service read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Operation:
    """One call.

    Attributes
    ----------
    service, name : as botocore names them: `s3`, `GetObject`
    protocol : in which it came, and is answered
    members : of its input; of a body only where the rules look into it
    """

    service: str
    name: str
    region: str
    protocol: str
    members: Mapping[str, Any]
