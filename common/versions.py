"""Which version of a thing a caller has seen, so that nobody overwrites what they did not read."""

from typing import TypeAlias

from common.errors import DomainError

Expected: TypeAlias = frozenset[str] | None
"""Versions a caller accepts; None accepts any."""


class PreconditionFailed(DomainError):
    """Somebody else was faster: the thing is not any more what the caller has seen."""

    default_code = "precondition_failed"
    status = 412


class PreconditionRequired(DomainError):
    """The caller must say which version it has seen."""

    default_code = "precondition_required"
    status = 428


def check_version(version: object, expected: Expected) -> None:
    """Compare the version of a locked row with what the caller accepts.

    Args:
        version: of the row; compared as text.
        expected: versions the caller accepts.

    Raises:
        PreconditionFailed: if it is none of them; `details` names the present one.
    """
    if expected is not None and str(version) not in expected:
        raise PreconditionFailed(
            detail="It was changed since you read it; read it again.", details={"version": str(version)}
        )
