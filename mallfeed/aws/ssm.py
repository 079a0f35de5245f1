"""Run-time parameters in SSM: read by prefix, stored one by one."""

from __future__ import annotations

from typing import Any

from mallfeed.aws.failures import transient


def parameters(client: Any, prefix: str) -> dict[str, str]:
    """Values of all parameters below a prefix, decrypted, by their name below it."""
    below = prefix.rstrip("/") + "/"
    found: dict[str, str] = {}
    token: dict[str, str] = {}
    while True:
        with transient(f"GetParametersByPath {below}"):
            page = client.get_parameters_by_path(
                Path=below, Recursive=True, WithDecryption=True, **token
            )
        found |= {one["Name"].removeprefix(below): one["Value"] for one in page["Parameters"]}
        if not page.get("NextToken"):
            return found
        token = {"NextToken": page["NextToken"]}


def put_parameter(client: Any, name: str, value: str) -> None:
    """Store a parameter, over one that is there."""
    with transient(f"PutParameter {name}"):
        client.put_parameter(Name=name, Value=value, Type="String", Overwrite=True)
