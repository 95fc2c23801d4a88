"""Guards around every request: hostile text stops before any view, and each page gets its security policy."""

from collections.abc import Callable
from typing import Final

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from common.api.handlers import is_api
from common.api.parsers import is_storable_text
from common.api.problem import FieldError, Problem, problem_response

GetResponse = Callable[[HttpRequest], HttpResponseBase]

MAX_QUERY_LENGTH: Final = 4_096
MAX_PARAMETERS: Final = 100
# Parameters people type words into: a card may well be called Infinity.
TEXT_PARAMETERS: Final = frozenset({"search", "q", "username"})
_NOT_NUMBERS: Final = frozenset({"nan", "inf", "infinity", "snan"})


class HostileInputMiddleware:
    """Refuse, with 400, paths and queries that no endpoint can use.

    U+0000 and lone surrogates (PostgreSQL cannot store them), NaN and Infinity (numeric columns would take
    NaN and sort it above every number), and queries longer than any page of ours builds. Bodies are the
    parser's concern.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 400 for a hostile path or query, else go on."""
        problem = _path_problem(request) or _query_problem(request)
        if problem is None:
            return self._get_response(request)
        if is_api(request):
            return problem_response(problem, request)
        return HttpResponse(problem.detail, status=problem.status, content_type="text/plain; charset=utf-8")


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Send the strict policy everywhere, and the admin's relaxed script rule under `/admin/` only."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the header."""
        if request.path.startswith("/admin/"):
            setattr(response, "_csp_replace", settings.ADMIN_CSP_DIRECTIVES)  # noqa: B010 - django-csp's hook
        return super().process_response(request, response)


def _path_problem(request: HttpRequest) -> Problem | None:
    if is_storable_text(request.path):
        return None
    return Problem(400, "invalid_text", "The path holds U+0000 or half a surrogate pair.")


def _query_problem(request: HttpRequest) -> Problem | None:
    if len(request.META.get("QUERY_STRING", "")) > MAX_QUERY_LENGTH:
        return Problem(400, "query_too_long", f"The query is longer than {MAX_QUERY_LENGTH} characters.")
    try:
        parameters = request.GET
    except (SuspiciousOperation, RequestDataTooBig):
        return Problem(400, "query_too_long", "The query has too many parameters.")
    if len(parameters) > MAX_PARAMETERS:
        return Problem(400, "query_too_long", "The query has too many parameters.")
    errors = [
        error
        for name, values in parameters.lists()
        for value in values
        if (error := _parameter_error(name, value)) is not None
    ]
    if not errors:
        return None
    details = {error.pointer.removeprefix("/"): [error.detail] for error in errors}
    return Problem(400, "invalid_parameter", errors[0].detail, errors=errors, details=details)


def _parameter_error(name: str, value: str) -> FieldError | None:
    shown = name if is_storable_text(name) else "?"
    if not is_storable_text(name) or not is_storable_text(value):
        return FieldError(f"/{shown}", "invalid_text", "A parameter holds U+0000 or half a surrogate pair.")
    if name not in TEXT_PARAMETERS and value.strip().lstrip("+-").lower() in _NOT_NUMBERS:
        return FieldError(f"/{shown}", "not_a_number", "A parameter is NaN or Infinity.")
    return None
