"""The whole URL map. No other module knows it."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from django_prometheus.exports import ExportToDjangoView
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerSplitView

from common.api.handlers import bad_request, not_found, permission_denied, server_error
from common.api.routers import optional_slash

from .aliases import ALIASES
from .dashboard import dashboard
from .desk.view import HealthView
from .health import healthz, readyz
from .stream.view import StreamView
from .system.view import SystemView

handler400, handler403, handler404, handler500 = bad_request, permission_denied, not_found, server_error

_API_APPS = ("common", "users", "catalog", "pricing", "jobs", "scrapers", "opportunities", "trading")
_API: list[URLPattern | URLResolver] = [
    *(path("", include(f"{app}.api.urls")) for app in _API_APPS),
    optional_slash("health", HealthView.as_view(), name="health"),
    optional_slash("stream", StreamView.as_view(), name="stream"),
    optional_slash("system", SystemView.as_view(), name="system"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/app/", permanent=False), name="home"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    optional_slash("(?:api/)?health", HealthView.as_view(schema=None), name="health-alias"),
    path("metrics", ExportToDjangoView, name="metrics"),
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("api/redoc/", SpectacularRedocView.as_view(url_name="schema"), name="redoc"),
    path("api/v1/", include(_API)),
    path("api/", include(ALIASES)),
    re_path(r"^app(?:/.*)?$", dashboard, name="dashboard"),
]
