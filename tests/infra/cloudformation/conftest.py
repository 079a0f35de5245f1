"""Templates that are not this project's, made as small as a rule allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from infra.local.cloudformation import Template, validated

REGION = "ap-northeast-2"
ACCOUNT = "123456789012"


@pytest.fixture(scope="session")
def worked_out() -> Callable[..., Template]:
    """The template of a text with these parameters, in Seoul."""

    def work_out(
        text: str, region: str = REGION, stored: dict[str, str] | None = None, **parameters: Any
    ) -> Template:
        return validated(text, parameters, region, ACCOUNT, stack_name="shop", stored=stored)

    return work_out
