"""What the Data API answers if it refuses a request."""

from __future__ import annotations


class Refused(Exception):
    """Redshift would not run this SQL: the statement becomes FAILED with this text."""


class NotHere(Refused):
    """Redshift would run this SQL, or says itself why not; the stand-in cannot, and never says that it did."""

    def __init__(self, what: str) -> None:
        super().__init__(f"ERROR: the local stand-in of Redshift does not run this: {what}")


class ApiError(Exception):
    """An error answer of the API itself.

    Attributes
    ----------
    kind : `ValidationException`, `ResourceNotFoundException` …
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def invalid(message: str) -> ApiError:
    """A request that the API does not accept."""
    return ApiError("ValidationException", message)
