"""How the sink signs in: never open to the world, never without a check of the certificate."""

from __future__ import annotations

import base64
import json
import pickle

import pytest

from mallfeed.errors import SettingsInvalid
from mallfeed.sinks.opensearch.connection import ConnectionSpec, connect
from tests.faults.proxy import Answer, Forward, Request, fault_proxy

REGION = "eu-west-1"
ARN = f"arn:aws:secretsmanager:{REGION}:123456789012:secret:opensearch"


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)


@pytest.mark.parametrize(
    ("endpoint", "auth", "message"),
    [
        ("https://search.example.com", "none", "allowed on loopback only"),
        ("http://search.example.com", "sigv4", "must be https"),
        ("search.example.com", "sigv4", "is not http"),
    ],
)
def test_a_domain_is_never_contacted_without_sign_in_or_encryption(
    endpoint: str, auth: str, message: str
) -> None:
    with pytest.raises(SettingsInvalid, match=message):
        ConnectionSpec(endpoint, auth, REGION)


@pytest.mark.parametrize("auth", ["sigv4", ARN])
def test_a_request_is_never_signed_for_a_region_that_nobody_named(auth: str) -> None:
    with pytest.raises(SettingsInvalid, match="needs the region"):
        ConnectionSpec("https://search.example.com", auth)


def test_certificates_are_checked() -> None:
    client = connect(ConnectionSpec("https://search.example.com", "sigv4", REGION))
    connection = client.transport.get_connection()
    assert connection.pool.cert_reqs == "CERT_REQUIRED"
    client.close()


def test_it_travels_to_executors_without_a_secret_in_it() -> None:
    spec = ConnectionSpec("https://search.example.com", ARN, REGION)
    assert pickle.loads(pickle.dumps(spec)) == spec  # noqa: S301


def as_opensearch(_request: Request, _forward: Forward) -> Answer:
    return Answer(200, b'{"items": [], "errors": false}')


def test_sigv4_signs_the_body_for_the_es_service() -> None:
    with fault_proxy("http://127.0.0.1:9", as_opensearch, only="") as proxy:
        client = connect(ConnectionSpec(proxy.url, "sigv4", REGION))
        client.transport.perform_request("POST", "/products-000001/_bulk", body=b'{"a":1}\n')
        client.close()
    signed = proxy.seen[0].headers["authorization"]
    assert signed.startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert f"/{REGION}/es/aws4_request" in signed


def test_a_secret_gives_user_and_password(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = json.dumps({"SecretString": json.dumps({"username": "loader", "password": "p:w"})})

    def plan(request: Request, forward: Forward) -> Answer:
        if "secretsmanager" in request.headers.get("x-amz-target", ""):
            return Answer(200, secret.encode(), "application/x-amz-json-1.1")
        return as_opensearch(request, forward)

    with fault_proxy("http://127.0.0.1:9", plan, only="") as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", proxy.url)
        client = connect(ConnectionSpec(proxy.url, ARN, REGION))
        client.transport.perform_request("POST", "/_bulk", body=b"{}\n")
        client.close()
    assert json.loads(proxy.seen[0].body) == {"SecretId": ARN}
    expected = base64.b64encode(b"loader:p:w").decode()
    assert proxy.seen[1].headers["authorization"] == f"Basic {expected}"
