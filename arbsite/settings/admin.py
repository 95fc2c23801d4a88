"""The staff pages: names, colours, sidebar."""

from django.templatetags.static import static

from .env import BASE_DIR
from .security import ARBSITE_ENV, IS_PRODUCTION

__all__ = [
    "FORMAT_MODULE_PATH", "IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT", "IMPORT_EXPORT_SKIP_ADMIN_LOG",
    "IMPORT_EXPORT_TMP_STORAGE_CLASS", "IMPORT_EXPORT_USE_TRANSACTIONS", "UNFOLD", "WHITENOISE_ROOT",
]  # fmt: skip

FORMAT_MODULE_PATH = ["arbsite.formats"]
# Browsers ask for /favicon.ico by themselves, on every page that names no icon.
WHITENOISE_ROOT = BASE_DIR / "arbsite" / "root"


def environment_badge(_request: object) -> list[str] | None:
    """Return the label beside the title: which environment this is, with a colour."""
    return ["Production", "danger"] if IS_PRODUCTION else [ARBSITE_ENV.capitalize(), "info"]


UNFOLD = {
    "SITE_TITLE": "Arbsite",
    "SITE_HEADER": "Arbsite",
    "SITE_SUBHEADER": "Paper mode",
    "SITE_URL": "/app/",
    "SITE_SYMBOL": "balance",
    "SITE_FAVICONS": [{"rel": "icon", "href": "/favicon.ico", "type": "image/x-icon"}],
    "DASHBOARD_CALLBACK": "arbsite.admin_dashboard.dashboard_callback",
    "STYLES": [lambda _request: static("arbsite/admin.css")],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "ENVIRONMENT": "arbsite.settings.admin.environment_badge",
    "COMMAND": {"search_models": True},
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "show_all_applications": False,
        "navigation": "common.admin.navigation.sidebar",
    },
}

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = False
# Between preview and confirmation the file waits where every web process finds it, and nothing is left over.
IMPORT_EXPORT_TMP_STORAGE_CLASS = "import_export.tmp_storages.CacheStorage"
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
