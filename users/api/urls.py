"""Routes of the users app, under `/api/v1/`."""

from django.urls import URLPattern, URLResolver

from common.api.routers import OptionalSlashRouter, optional_slash

from . import schema as schema  # describes keys and token cookies to the OpenAPI generator
from .credentials import ApiKeyViewSet, TokenLoginViewSet
from .saved_views import SavedViewViewSet
from .session import SessionView
from .tokens import MeView, PasswordView, RefreshView, SigninView, SignoutView, SignupView

router = OptionalSlashRouter()
router.register("auth/logins", TokenLoginViewSet, basename="login")
router.register("api-keys", ApiKeyViewSet, basename="api-key")
router.register("saved-views", SavedViewViewSet, basename="saved-view")

urlpatterns: list[URLPattern | URLResolver] = [
    optional_slash("session", SessionView.as_view(), name="session"),
    optional_slash("auth/signup", SignupView.as_view(), name="auth-signup"),
    optional_slash("auth/signin", SigninView.as_view(), name="auth-signin"),
    optional_slash("auth/refresh", RefreshView.as_view(), name="auth-refresh"),
    optional_slash("auth/signout", SignoutView.as_view(), name="auth-signout"),
    optional_slash("auth/me", MeView.as_view(), name="auth-me"),
    optional_slash("auth/password", PasswordView.as_view(), name="auth-password"),
    *router.urls,
]
