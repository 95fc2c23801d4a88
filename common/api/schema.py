"""The OpenAPI document: every operation can answer with the one `Problem`."""

from typing import Any, Final, Literal

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from .problem import CONTENT_TYPE


class FieldErrorSerializer(serializers.Serializer[Any]):
    """One fault of the input."""

    pointer = serializers.CharField(help_text="JSON pointer into the body, or `/name` of a query parameter.")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """An error answer (RFC 9457), `application/problem+json`."""

    type = serializers.CharField(help_text="URN of the kind of problem; ends in the code.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField(help_text="Path of the request.")
    code = serializers.CharField(help_text="Stable name of the problem, lower snake case.")
    request_id = serializers.CharField(allow_null=True, help_text="Quote this when asking for help.")
    errors = FieldErrorSerializer(many=True)  # type: ignore[assignment]  # a field named like a property
    error = serializers.CharField(help_text="The same as `code`.")
    details = serializers.DictField(child=serializers.JSONField(), help_text="Facts about the refusal.")


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describe the session cookie."""

    target_class = "common.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Return the OpenAPI security scheme."""
        from django.conf import settings

        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class ProblemAutoSchema(AutoSchema):
    """Add the problem answers every operation shares."""

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        reference = self.resolve_serializer(ProblemSerializer, direction).ref
        for status in self._problem_statuses():
            bodies.setdefault(
                str(status),
                {"description": _DESCRIPTIONS[status], "content": {CONTENT_TYPE: {"schema": reference}}},
            )
        return bodies

    def _problem_statuses(self) -> list[int]:
        statuses = [400, 401, 403, 429]
        if "{" in self.path:
            statuses.append(404)
        if self.method not in ("GET", "HEAD", "OPTIONS"):
            statuses += [409, 413]
        return statuses


_DESCRIPTIONS: Final = {
    400: "The request is not valid.",
    401: "Not logged in.",
    403: "Your role does not allow this.",
    404: "There is nothing here.",
    409: "The state of things does not allow this now.",
    413: "The body is too large.",
    429: "Too many requests.",
}
