"""Django's own error pages, as problem documents under `/api/` and as Django's pages elsewhere.

`arbsite/urls.py` names these as `handler400` … `handler500`; settings name `csrf_failure`.
"""

import sys

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views import defaults
from django.views.csrf import csrf_failure as django_csrf_failure

from .errors import OUTAGES, RETRY_SECONDS, outage
from .problem import Problem, problem_response


def is_api(request: HttpRequest) -> bool:
    """Return whether the request is for the API."""
    return request.path.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer 400."""
    if is_api(request):
        return problem_response(Problem(400, "invalid_request", "The request is malformed."), request)
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer 403."""
    if is_api(request):
        return problem_response(Problem(403, "permission_denied", "Your role does not allow this."), request)
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer 404."""
    if is_api(request):
        return problem_response(
            Problem(404, "not_found", "There is nothing here, or you may not see it."), request
        )
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Answer 500 without telling why; the log has the traceback under the same request id.

    It is 503 where a server behind this one did not answer: sessions are read and written outside of views.
    """
    exc = sys.exc_info()[1]
    if is_api(request) and isinstance(exc, OUTAGES):
        response = problem_response(outage(exc), request)
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
    if is_api(request):
        return problem_response(
            Problem(500, "internal_error", "Something went wrong on our side. The failure was recorded."),
            request,
        )
    return defaults.server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Answer 403 for a missing or wrong CSRF token."""
    if is_api(request):
        return problem_response(Problem(403, "csrf_failed", "The CSRF token is missing or wrong."), request)
    return django_csrf_failure(request, reason=reason)
