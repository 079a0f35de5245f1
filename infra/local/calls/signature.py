"""Who says to have signed a request. Signatures are not verified: a local stack keeps no secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

_CREDENTIAL = re.compile(r"AWS4-HMAC-SHA256 +Credential=([^/,\s]+)/\d{8}/([^/,]+)/([^/,]+)/")


@dataclass(frozen=True)
class Signed:
    """What the signature says: who asks which service in which region.

    Attributes
    ----------
    key : the access key id
    token : the session token, None without one
    """

    key: str
    region: str
    service: str
    token: str | None


def signed(environ: Mapping[str, Any]) -> Signed | None:
    """Who signed the request, in a header or in the URL; None if nobody did (by signature version 4)."""
    written = environ.get("HTTP_AUTHORIZATION", "")
    token = environ.get("HTTP_X_AMZ_SECURITY_TOKEN")
    if not written and "X-Amz-Credential=" in environ.get("QUERY_STRING", ""):
        asked = dict(parse_qsl(environ["QUERY_STRING"]))
        written = f"{asked.get('X-Amz-Algorithm')} Credential={asked['X-Amz-Credential']}/"
        token = asked.get("X-Amz-Security-Token")
    found = _CREDENTIAL.match(written)
    return Signed(found[1], found[2], found[3], token) if found else None
