"""A form that uploads to S3: who signed it, and the PutObject that it is.

No API model has it. Amazon S3 API Reference, "POST Object": it is allowed to whoever may s3:PutObject. What its policy allows is held against it
in `infra.local.limits.s3_post`.
"""

from __future__ import annotations

from typing import Any

from infra.local.calls.call import Operation
from infra.local.calls.operation import body_of
from infra.local.calls.signature import Signed, signed
from infra.local.limits import s3_post


def signed_form(environ: dict[str, Any]) -> tuple[Signed | None, Operation] | None:
    """Who signed the form, and what it does; None if the request is no form."""
    kind = str(environ.get("CONTENT_TYPE", ""))
    if environ["REQUEST_METHOD"] != "POST" or not kind.startswith("multipart/form-data"):
        return None
    form = s3_post.read(kind, body_of(environ))
    fields = form.fields
    written = f"{fields.get('x-amz-algorithm')} Credential={fields.get('x-amz-credential')}/"
    token = fields.get("x-amz-security-token")
    who = signed({"HTTP_AUTHORIZATION": written, "HTTP_X_AMZ_SECURITY_TOKEN": token})
    bucket = str(environ.get("PATH_INFO", "")).strip("/")
    members = {"Bucket": bucket, "Key": s3_post.key(form)}
    return who, Operation("s3", "PutObject", who.region if who else "", "rest-xml", members)
