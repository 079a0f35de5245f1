"""What a call of CloudFormation's API is answered with when it is refused."""

from __future__ import annotations


class Refused(ValueError):
    """A call that CloudFormation refuses.

    Attributes
    ----------
    code : as in AWS's answer: `ValidationError`, `AlreadyExistsException` …
    message : as in AWS's answer
    """

    def __init__(self, message: str, code: str = "ValidationError") -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def format_error(why: str) -> Refused:
    """The template is not of the form that CloudFormation reads."""
    return Refused(f"Template format error: {why}")


def template_error(why: str) -> Refused:
    """A function of the template cannot be worked out."""
    return Refused(f"Template error: {why}")


class ResourceFailed(Exception):
    """A resource that its service did not create, change or delete; what a handler raises."""

    def __init__(self, message: str, code: str = "GeneralServiceException") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
