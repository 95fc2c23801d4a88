"""From exceptions to problem documents."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404
from django.http.response import HttpResponseBase
from redis.exceptions import ConnectionError as RedisConnectionError
from rest_framework import exceptions

from common.api.errors import problem_from, problem_handler
from common.api.handlers import server_error
from common.errors import DomainError, InvalidInput, NotFound, TemporarilyUnavailable


class StaleQuote(DomainError):
    default_code = "stale_quote"


CASES = [
    (StaleQuote(details={"age_seconds": 5}), 409, "stale_quote"),
    (NotFound("product_not_found", "No such product."), 404, "product_not_found"),
    (InvalidInput(), 400, "invalid_input"),
    (TemporarilyUnavailable(), 503, "temporarily_unavailable"),
    (Http404(), 404, "not_found"),
    (PermissionDenied(), 403, "permission_denied"),
    (RequestDataTooBig(), 413, "body_too_large"),
    (SuspiciousOperation(), 400, "invalid_request"),
    (DataError("value too long"), 400, "invalid_value"),
    (OperationalError("the database system is shutting down"), 503, "temporarily_unavailable"),
    (InterfaceError("connection already closed"), 503, "temporarily_unavailable"),
    (RedisConnectionError("connection refused"), 503, "temporarily_unavailable"),
    (ValidationError("No."), 400, "validation_error"),
    (ValidationError({"price": ["Too high."]}), 400, "validation_error"),
    (exceptions.NotAuthenticated(), 401, "not_authenticated"),
    (exceptions.Throttled(wait=2.2), 429, "throttled"),
    (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
    (exceptions.UnsupportedMediaType("text/xml"), 415, "unsupported_media_type"),
    (exceptions.ParseError(), 400, "malformed_body"),
]


@pytest.mark.parametrize(("error", "status", "code"), CASES, ids=lambda value: type(value).__name__)
def test_expected_error_has_its_status_and_code(error, status, code):
    problem = problem_from(error)

    assert problem is not None
    assert (problem.status, problem.code) == (status, code)
    assert problem.detail
    assert "value too long" not in problem.detail


@pytest.mark.parametrize("error", [RuntimeError("x"), KeyError("x"), AttributeError("x")])
def test_unexpected_error_is_left_to_be_logged(error):
    assert problem_handler(error, {}) is None


def test_retry_is_told_when():
    throttled = problem_handler(exceptions.Throttled(wait=2.2), {})
    unavailable = problem_handler(TemporarilyUnavailable(), {})

    assert throttled is not None
    assert unavailable is not None
    assert throttled["Retry-After"] == "3"
    assert throttled.data["details"] == {"retry_after_seconds": 3}
    assert unavailable["Retry-After"] == "5"


def test_nested_faults_are_pointed_at():
    faults: Any = {"legs": [{}, {"stake": [exceptions.ErrorDetail("Too low.", "min_value")]}], "a/b": ["No."]}

    problem = problem_from(exceptions.ValidationError(faults))

    assert problem is not None
    assert [(error.pointer, error.code) for error in problem.errors] == [
        ("/legs/1/stake", "min_value"),
        ("/a~1b", "invalid"),
    ]


def test_domain_error_speaks_for_itself_without_words():
    error = StaleQuote()

    assert str(error) == error.detail == "Stale quote."
    assert (error.details, error.retryable) == ({}, False)


def test_outage_says_when_to_come_back_and_not_why():
    answer = problem_handler(OperationalError("FATAL: too many clients on db.internal"), {})

    assert answer is not None
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "internal" not in str(answer.data)


def test_outage_outside_of_views_is_a_problem_too(rf):
    def broken() -> HttpResponseBase:
        try:
            raise OperationalError("FATAL: too many clients on db.internal")
        except OperationalError:
            return server_error(rf.get("/api/v1/session/"))

    answer = broken()

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Content-Type"] == "application/problem+json"
    assert b"internal" not in answer.content  # type: ignore[attr-defined]  # it is no stream


def test_failure_nobody_expected_stays_a_500(rf):
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        assert server_error(rf.get("/api/v1/session/")).status_code == 500
