"""How the OpenAPI document describes keys and token cookies."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from .authentication import KEY_HEADER


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The two places a key may stand in."""

    target_class = "users.api.authentication.ApiKeyAuthentication"
    name = ["apiKeyBearer", "apiKeyHeader"]

    def get_security_requirement(self, auto_schema: AutoSchema) -> list[dict[str, list[Any]]]:
        """Return both as alternatives."""
        return [{name: []} for name in self.name]

    def get_security_definition(self, auto_schema: AutoSchema) -> list[dict[str, str]]:
        """Return the OpenAPI security schemes."""
        about = "An API key, `arb_…`, with scopes read, trade or ops within its owner's role."
        return [
            {"type": "http", "scheme": "bearer", "bearerFormat": "arb_…", "description": about},
            {"type": "apiKey", "in": "header", "name": KEY_HEADER, "description": about},
        ]


class TokenCookieScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The cookie `/auth/signin` sets."""

    target_class = "users.api.authentication.TokenCookieAuthentication"
    name = "tokenCookie"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Return the OpenAPI security scheme."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.ACCESS_COOKIE_NAME,
            "description": "Set by `/auth/signin`. Unsafe calls also need the header X-CSRFToken.",
        }
