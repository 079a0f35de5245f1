"""What AWS's services refuse by size, number and form, and moto takes.

`install()` is called in moto's process: it asks `refusals.refusal` about every call before moto acts on it.
Rules are of two origins. `published` reads the API models that AWS publishes (botocore carries them): lengths, ranges,
patterns, allowed words of every parameter of every service. The modules named after a service know what only its
documentation says; each figure names its page. docs/decisions/strict-services.md lists what is refused and what is not.
"""

from __future__ import annotations

from infra.local.limits.inside_moto import install

__all__ = ["install"]
