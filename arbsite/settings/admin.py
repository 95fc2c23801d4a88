"""The staff pages: names, colours, sidebar."""

from .security import ARBSITE_ENV, IS_PRODUCTION

__all__ = ["IMPORT_EXPORT_SKIP_ADMIN_LOG", "IMPORT_EXPORT_USE_TRANSACTIONS", "UNFOLD"]


def environment_badge(_request: object) -> list[str] | None:
    """Return the label beside the title: which environment this is, with a colour."""
    return ["Production", "danger"] if IS_PRODUCTION else [ARBSITE_ENV.capitalize(), "info"]


UNFOLD = {
    "SITE_TITLE": "Arbsite",
    "SITE_HEADER": "Arbsite",
    "SITE_SUBHEADER": "Paper mode",
    "SITE_URL": "/app/",
    "SITE_SYMBOL": "balance",
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
