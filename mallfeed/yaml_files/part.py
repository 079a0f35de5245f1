"""The base of what YAML files are read into."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class YamlPart(BaseModel):
    """A mapping with known keys: unknown ones are faults, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
