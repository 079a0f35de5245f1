"""What AWS's services refuse by size, number and form, and moto takes.

`install(application)` is called in moto's process: every call is judged by `refusals.check` before moto acts on it.
Rules are of two origins. `published` reads the API models that AWS publishes (botocore carries them): lengths, ranges,
patterns, allowed words of every parameter of every service. The modules named after a service know what only its
documentation says; each figure names its page. docs/decisions/strict-services.md lists what is refused and what is not.
"""

from __future__ import annotations

from infra.local.events_inbox import Wsgi


def install(application: Wsgi) -> Wsgi:
    """Patch moto; returns its application with S3's rules before it."""
    from infra.local.limits import inside_moto, s3

    inside_moto.install()
    return s3.install(application)
