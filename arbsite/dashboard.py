"""The page that carries the React dashboard: one document for /app/ and everything below it."""

import csp.decorators
from csp.constants import SELF, UNSAFE_INLINE
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe
from django_vite.core.exceptions import DjangoViteAssetNotFoundError

_VITE = "127.0.0.1:5173"
# Only with Vite's development server (`ARBSITE_VITE_DEV`): modules and hot updates come from its port.
DEVELOPMENT_CSP = {
    "script-src": [SELF, f"http://{_VITE}", UNSAFE_INLINE],
    "style-src": [SELF, f"http://{_VITE}", UNSAFE_INLINE],
    "font-src": [SELF, f"http://{_VITE}", "data:"],
    "connect-src": [SELF, f"http://{_VITE}", f"ws://{_VITE}"],
}


@require_safe
@never_cache
@ensure_csrf_cookie
def dashboard(request: HttpRequest) -> HttpResponseBase:
    """Serve the dashboard's document; the browser's router decides what it shows.

    Without a build (or with one made after this process started) answer 503 and say how to get one.
    """
    if settings.DJANGO_VITE["default"]["dev_mode"]:
        return _development_page(request)
    try:
        return render(request, "dashboard.html")
    except DjangoViteAssetNotFoundError:
        return render(
            request, "dashboard_missing.html", {"is_built": settings.FRONTEND_DIST.exists()}, status=503
        )


@csp.decorators.csp_replace(DEVELOPMENT_CSP)
def _development_page(request: HttpRequest) -> HttpResponse:
    """Serve the document with modules from Vite's development server."""
    return render(request, "dashboard.html")
