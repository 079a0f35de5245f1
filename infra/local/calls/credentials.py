"""The credentials with which a service runs our code: those of a session of the code's role, as on AWS.

Lambda names the session after the function, Glue calls it `GlueJobRunnerSession`.
"""

from __future__ import annotations

from collections.abc import Mapping

from infra.local import events_inbox

LAMBDA = "lambda.amazonaws.com"
GLUE = "glue.amazonaws.com"
GLUE_SESSION = "GlueJobRunnerSession"
VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


class NoCredentials(Exception):
    """The service cannot assume the role; the message says why."""


def of_session(environment: Mapping[str, str], role: str, by: str, name: str) -> dict[str, str]:
    """The environment with credentials of the role in place of its own.

    Parameters
    ----------
    environment : of the stack; `AWS_ENDPOINT_URL` is asked
    role : its ARN or name
    by : the service that assumes it
    name : of the session

    Raises NoCredentials, or OSError if the local AWS cannot be reached.
    """
    asked = {"role": role, "by": by, "name": name}
    answer = events_inbox.post(environment["AWS_ENDPOINT_URL"], "assume", asked)
    if "error" in answer:
        raise NoCredentials(f"{by} has no credentials to run {name} with: {answer['error']}")
    return {**environment, **answer["environment"]}
