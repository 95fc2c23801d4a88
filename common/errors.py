"""The base of every expected refusal; interfaces turn it into a problem document or one line of text."""

from collections.abc import Mapping
from typing import Any, ClassVar


class DomainError(Exception):
    """An expected refusal of the domain: the request was understood and must not be done.

    Subclasses live beside the code that raises them and set `code` and `status`; `details` carries data,
    not prose.

    Args:
        code: stable lower-snake name; `None` takes the class's own.
        detail: one sentence for a person, without secrets.
        details: JSON-compatible facts (ids, limits, observed values).
    """

    default_code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    retryable: ClassVar[bool] = False

    def __init__(
        self, code: str | None = None, detail: str = "", details: Mapping[str, Any] | None = None
    ) -> None:
        self.code = code or self.default_code
        self.detail = detail or self.code.replace("_", " ").capitalize() + "."
        self.details: dict[str, Any] = dict(details or {})
        super().__init__(self.detail)


class NotFound(DomainError):
    """The named thing does not exist (or the caller may not know that it does)."""

    default_code = "not_found"
    status = 404


class InvalidInput(DomainError):
    """The input can never be accepted as it is; sending it again changes nothing."""

    default_code = "invalid_input"
    status = 400


class TemporarilyUnavailable(DomainError):
    """Something this needs is down; the same request may work later."""

    default_code = "temporarily_unavailable"
    status = 503
    retryable = True
