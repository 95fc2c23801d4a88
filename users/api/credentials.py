"""`/auth/logins/` and `/api-keys/`: what lets the caller in, and taking it back."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins, status
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.owned import OwnedViewSet
from common.clock import utc_now
from users.acting import acting_user
from users.choices import Scope
from users.models import ApiKey, TokenLogin
from users.selectors import live_logins
from users.services import KeyOrder, create_api_key, end_login, revoke_api_key

from .authentication import current_key, current_login
from .documents import private
from .serializers import ApiKeyOrderSerializer, ApiKeySerializer, NewApiKeySerializer, TokenLoginSerializer

UUID_PATTERN = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_KEY = {
    "id": "0199f0a0-0000-7000-8000-000000000001",
    "name": "Nightly export",
    "prefix": "k3x9q0ab",
    "scopes": ["read"],
    "created_at": "2026-11-21T12:00:00Z",
    "expires_at": "2027-02-19T12:00:00Z",
    "last_used_at": None,
    "revoked_at": None,
}


@extend_schema_view(
    list=extend_schema(
        summary="Own token log-ins that have not ended, newest first",
        examples=[
            OpenApiExample(
                "A browser",
                response_only=True,
                value={
                    "id": "0199f0a0-0000-7000-8000-000000000002",
                    "user_agent": "Mozilla/5.0",
                    "created_at": "2026-11-21T12:00:00Z",
                    "last_used_at": "2026-11-21T14:10:00Z",
                    "expires_at": "2026-12-05T12:00:00Z",
                    "is_current": True,
                },
            )
        ],
    ),
    destroy=extend_schema(
        summary="End a token log-in", description="Its tokens count no more, from the next call on."
    ),
)
@extend_schema(tags=["auth"])
class TokenLoginViewSet(mixins.ListModelMixin, mixins.DestroyModelMixin, OwnedViewSet):
    """Where the caller is logged in with token cookies."""

    queryset = TokenLogin.objects.all()
    serializer_class = TokenLoginSerializer
    lookup_value_regex = UUID_PATTERN
    required_scope = Scope.OPS

    def get_queryset(self) -> QuerySet[TokenLogin]:
        """Return the caller's log-ins that have not ended."""
        rows = super().get_queryset()
        if not self.request.user.is_authenticated:
            return rows
        live = live_logins(acting_user(self.request), now=utc_now())
        return rows.filter(pk__in=live).order_by("-created_at", "-pk")

    def get_serializer_context(self) -> dict[str, Any]:
        """Return the context with the log-in of this call."""
        login = current_login(self.request)
        return {**super().get_serializer_context(), "current_login_id": login.pk if login else None}

    def perform_destroy(self, instance: TokenLogin) -> None:
        """End it; the row stays until it would have expired."""
        end_login(instance, actor=acting_user(self.request), now=utc_now())


@extend_schema_view(
    list=extend_schema(
        summary="Own API keys, newest first",
        examples=[OpenApiExample("A key", response_only=True, value=_KEY)],
    ),
    destroy=extend_schema(
        summary="Revoke an API key", description="The next call with it is refused. It stays in the list."
    ),
)
@extend_schema(tags=["auth"])
class ApiKeyViewSet(mixins.ListModelMixin, mixins.DestroyModelMixin, OwnedViewSet):
    """The caller's API keys. Writing with a key needs its scope `ops`: a key cannot make itself stronger."""

    queryset = ApiKey.objects.all()
    serializer_class = ApiKeySerializer
    lookup_value_regex = UUID_PATTERN
    required_scope = Scope.OPS

    def get_queryset(self) -> QuerySet[ApiKey]:
        """Return the caller's keys, those that were revoked too."""
        rows: QuerySet[ApiKey] = super().get_queryset()
        return rows.select_related("user").order_by("-created_at", "-pk")

    @extend_schema(
        summary="Make an API key",
        description="The answer holds the key itself, this once. `ops` is for operators and above.",
        request=ApiKeyOrderSerializer,
        responses={201: NewApiKeySerializer},
        examples=[
            OpenApiExample(
                "For reading",
                request_only=True,
                value={"name": "Nightly export", "scopes": ["read"], "expires_in_days": 90},
            ),
            OpenApiExample(
                "The new key",
                response_only=True,
                value={**_KEY, "key": "arb_k3x9q0ab_…"},
            ),
        ],
    )
    def create(self, request: Request) -> Response:
        """Make a key."""
        serializer = ApiKeyOrderSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        facts = serializer.validated_data
        order = KeyOrder(
            name=facts["name"],
            scopes=frozenset(Scope(scope) for scope in facts["scopes"]),
            expires_in_days=facts.get("expires_in_days"),
        )
        user = acting_user(request)
        made = create_api_key(user, order=order, actor=user, made_with=current_key(request), now=utc_now())
        document = {**ApiKeySerializer(made.row).data, "key": made.secret}
        return private(Response(document, status=status.HTTP_201_CREATED))

    def perform_destroy(self, instance: ApiKey) -> None:
        """Take the key back; its row stays."""
        revoke_api_key(instance, actor=acting_user(self.request), now=utc_now())
