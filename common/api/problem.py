"""The one shape of every error answer: RFC 9457 problem documents with stable codes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from common.logging import current_request_id
from common.metrics import API_PROBLEMS

CONTENT_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:arbsite:problem:"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault of the input: where (JSON pointer), what (stable code) and a sentence."""

    pointer: str
    code: str
    detail: str

    def as_json(self) -> dict[str, str]:
        """Return the JSON member."""
        return {"pointer": self.pointer, "code": self.code, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class Problem:
    """A refused or failed request, before it is rendered."""

    status: int
    code: str
    detail: str
    errors: Sequence[FieldError] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self, *, instance: str) -> dict[str, Any]:
        """Return the document; `error` and `details` are members for clients of the older shape."""
        return {
            "type": TYPE_PREFIX + self.code,
            "title": _title(self.status),
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "code": self.code,
            "request_id": current_request_id() or None,
            "errors": [error.as_json() for error in self.errors],
            "error": self.code,
            "details": dict(self.details),
        }

    def count(self) -> None:
        """Count the problem in the metrics."""
        API_PROBLEMS.labels(code=self.code, status=str(self.status)).inc()


def problem_response(problem: Problem, request: HttpRequest) -> HttpResponse:
    """Render a problem outside DRF (middleware, error handlers)."""
    problem.count()
    body = json.dumps(problem.as_json(instance=request.path), default=str)
    return HttpResponse(body, status=problem.status, content_type=CONTENT_TYPE)


def _title(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
