"""Where the local AWS is: its region and account, and the credentials of whoever runs the stack."""

from __future__ import annotations

REGION = "ap-northeast-2"
ACCOUNT = "123456789012"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local-secret",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
}
