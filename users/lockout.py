"""What a locked-out login attempt is answered, in the form its sender understands."""

import math
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from common.api.problem import Problem, problem_response

_DETAIL = "Too many failed attempts. Wait a while, then try again."


def lockout_response(
    request: HttpRequest, response: Any = None, credentials: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Return 429 with `Retry-After`, as a problem document under `/api/` and as plain text elsewhere.

    It says nothing about whether the account exists. django-axes calls it by the name in settings.
    """
    seconds = math.ceil(settings.AXES_COOLOFF_TIME.total_seconds())
    if request.path.startswith("/api/"):
        answer = problem_response(
            Problem(429, "too_many_attempts", _DETAIL, details={"retry_after_seconds": seconds}), request
        )
    else:
        answer = HttpResponse(_DETAIL, status=429, content_type="text/plain; charset=utf-8")
    answer["Retry-After"] = str(seconds)
    return answer
