"""How to reach OpenSearch: an endpoint and a way to sign in, as a small value that is sent to executors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from mallfeed.aws.clients import client, session_credentials
from mallfeed.aws.secrets import login
from mallfeed.errors import SettingsInvalid

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class ConnectionSpec:
    """Where OpenSearch is, and how to connect to it.

    Attributes
    ----------
    endpoint : `https://host[:port]` (http on the loopback interface only)
    auth : `none` (loopback only), `sigv4`, or the ARN of a Secrets Manager secret with
        `{"username": …, "password": …}`
    region : for SigV4 and Secrets Manager; required unless auth is `none`
    timeout_s : timeout of one request
    pool : connections that are kept open; at least as many as the sender has threads
    """

    endpoint: str
    auth: str = "none"
    region: str = ""
    timeout_s: float = 60.0
    pool: int = 8

    def __post_init__(self) -> None:
        parts = urlsplit(self.endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsInvalid(f"opensearch/endpoint {self.endpoint!r} is not http(s)://host")
        if parts.hostname not in _LOOPBACK:
            if parts.scheme != "https":
                raise SettingsInvalid(f"opensearch/endpoint {self.endpoint!r} must be https")
            if self.auth == "none":
                raise SettingsInvalid(
                    f"opensearch/auth is `none` for {parts.hostname}: allowed on loopback only; "
                    "set `sigv4` or a secret's ARN"
                )
        if self.auth != "none" and not self.region:
            raise SettingsInvalid(f"opensearch/auth {self.auth!r} needs the region of the domain")


def connect(spec: ConnectionSpec) -> Any:
    """An opensearch-py client without retries of its own (the sink's are counted and tested)."""
    from opensearchpy import OpenSearch, Urllib3HttpConnection

    return OpenSearch(
        hosts=[spec.endpoint],
        http_auth=_auth(spec),
        connection_class=Urllib3HttpConnection,
        verify_certs=True,
        ssl_show_warn=True,
        timeout=spec.timeout_s,
        max_retries=0,
        retry_on_timeout=False,
        pool_maxsize=spec.pool,
    )


def _auth(spec: ConnectionSpec) -> Any:
    if spec.auth == "none":
        return None
    if spec.auth == "sigv4":
        from opensearchpy import Urllib3AWSV4SignerAuth

        return Urllib3AWSV4SignerAuth(session_credentials(spec.region), spec.region, "es")
    secret = login(client("secretsmanager", spec.region), spec.auth)
    return (secret.user, secret.password)
