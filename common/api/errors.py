"""From any exception a view can raise to a problem document. REST_FRAMEWORK names `problem_handler`."""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import structlog
from django.core.exceptions import (
    FieldError as DjangoFieldError,
)
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
)
from django.core.exceptions import (
    ValidationError as DjangoValidationError,
)
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404
from redis.exceptions import RedisError
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from common.errors import DomainError

from .problem import CONTENT_TYPE, FieldError, Problem

logger = structlog.get_logger(__name__)

NON_FIELD = "non_field_errors"
RETRY_SECONDS = 5
OUTAGES = (OperationalError, InterfaceError, RedisError)
"""What a database or Redis that is down, restarting, full or busy raises: nothing the caller did."""


def problem_handler(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """Turn an exception of a view into a problem document.

    Returns:
        The response, or `None` for what nobody expected: Django then logs it and answers 500 through
        `handler500`.
    """
    problem = problem_from(exc)
    if problem is None:
        return None
    set_rollback()
    problem.count()
    request = context.get("request")
    response = Response(
        problem.as_json(instance=getattr(request, "path", "")),
        status=problem.status,
        headers=_headers(exc),
        content_type=CONTENT_TYPE,
    )
    response.exception = True
    return response


def problem_from(exc: Exception) -> Problem | None:
    """Return the problem an expected exception stands for, or None for an unexpected one."""
    if isinstance(exc, DomainError):
        return Problem(exc.status, exc.code, exc.detail, details=exc.details)
    if isinstance(exc, exceptions.ValidationError):
        return _invalid(exc.get_full_details())
    if isinstance(exc, exceptions.APIException):
        return _api_problem(exc)
    if isinstance(exc, Http404):
        return Problem(404, "not_found", "There is nothing here, or you may not see it.")
    if isinstance(exc, PermissionDenied):
        return Problem(403, "permission_denied", "Your role does not allow this.")
    return _refused_input(exc)


def outage(exc: BaseException) -> Problem:
    """Return the 503 of a server behind this one that does not answer; the log has the reason."""
    logger.error("api.unavailable", error=type(exc).__name__, exc_info=exc)
    return Problem(
        503,
        "temporarily_unavailable",
        "Something this needs does not answer right now. Try again in some seconds.",
        details={"retry_after_seconds": RETRY_SECONDS},
    )


def _refused_input(exc: Exception) -> Problem | None:
    if isinstance(exc, RequestDataTooBig):
        return Problem(413, "body_too_large", "The request body is larger than this endpoint accepts.")
    if isinstance(exc, TooManyFieldsSent | SuspiciousOperation):
        return Problem(400, "invalid_request", "The request is malformed.")
    if isinstance(exc, DjangoValidationError):
        return _invalid(exceptions.ValidationError(exceptions_detail(exc)).get_full_details())
    if isinstance(exc, DataError | DjangoFieldError):
        return Problem(400, "invalid_value", "A value is outside the range or form this endpoint accepts.")
    return outage(exc) if isinstance(exc, OUTAGES) else None


def exceptions_detail(exc: DjangoValidationError) -> Any:
    """Return a Django validation error in the form DRF uses: by field where it knows fields, else a list."""
    if hasattr(exc, "error_dict"):
        return {
            (NON_FIELD if name == "__all__" else name): _details(errors)
            for name, errors in exc.error_dict.items()
        }
    return {NON_FIELD: _details(exc.error_list)}


def _details(errors: Iterable[DjangoValidationError]) -> list[exceptions.ErrorDetail]:
    return [
        exceptions.ErrorDetail(message, code=error.code or "invalid")
        for error in errors
        for message in error.messages
    ]


def _api_problem(exc: exceptions.APIException) -> Problem:
    codes = exc.get_codes()
    code = codes if isinstance(codes, str) else exc.default_code
    detail = str(exc.detail)
    if isinstance(exc, exceptions.ParseError):
        return Problem(400, code if code != "parse_error" else "malformed_body", detail)
    details: dict[str, Any] = {}
    wait = getattr(exc, "wait", None)
    if wait is not None:
        details["retry_after_seconds"] = math.ceil(wait)
    return Problem(exc.status_code, code, detail, details=details)


def _invalid(full: Any) -> Problem:
    """Build the 400 of a refused input from DRF's nested `{message, code}` details."""
    errors = [
        FieldError(pointer, str(leaf["code"]), str(leaf["message"])) for pointer, leaf in _leaves(full, "")
    ]
    codes = {error.code for error in errors}
    code = "unknown_parameter" if codes == {"unknown_parameter"} else "validation_error"
    details: dict[str, list[str]] = {}
    for error in errors:
        details.setdefault(error.pointer.lstrip("/") or NON_FIELD, []).append(error.detail)
    named = [error for error in errors if error.pointer]
    first = errors[0] if errors else None
    where = f"{first.pointer.lstrip('/')}: " if first and named and first is named[0] else ""
    detail = f"{where}{first.detail}" if first else "The input is not valid."
    return Problem(400, code, detail, errors=errors, details=details)


def _leaves(full: Any, pointer: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(full, Mapping):
        if set(full) == {"message", "code"} and not isinstance(full["message"], Mapping | list):
            yield pointer, full
            return
        for name, value in full.items():
            step = "" if name == NON_FIELD else "/" + str(name).replace("~", "~0").replace("/", "~1")
            yield from _leaves(value, pointer + step)
    elif isinstance(full, list):
        if all(isinstance(item, Mapping) and set(item) == {"message", "code"} for item in full):
            for item in full:
                yield pointer, item
            return
        for index, item in enumerate(full):
            yield from _leaves(item, f"{pointer}/{index}")


def _headers(exc: Exception) -> dict[str, str]:
    headers: dict[str, str] = {}
    challenge = getattr(exc, "auth_header", None)
    if challenge:
        headers["WWW-Authenticate"] = str(challenge)
    wait = getattr(exc, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(math.ceil(wait))
    if isinstance(exc, OUTAGES) or (isinstance(exc, DomainError) and exc.retryable):
        headers["Retry-After"] = str(RETRY_SECONDS)
    return headers
