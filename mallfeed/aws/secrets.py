"""Secrets: user and password of a sink."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from mallfeed.aws.failures import transient
from mallfeed.errors import SettingsInvalid


@dataclass(frozen=True)
class Login:
    """User and password; the password never appears in a repr."""

    user: str
    password: str = field(repr=False)


def login(client: Any, secret_arn: str) -> Login:
    """Reads `{"username": …, "password": …}`; raises SettingsInvalid if it has another form."""
    with transient(f"GetSecretValue {secret_arn}"):
        text = client.get_secret_value(SecretId=secret_arn)["SecretString"]
    try:
        document = json.loads(text)
        return Login(str(document["username"]), str(document["password"]))
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsInvalid(
            f'secret {secret_arn} must be JSON with "username" and "password"'
        ) from error
