"""The admin's sidebar: every registered page the user may see, grouped by what it is about."""

from typing import Any, Final

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

# group -> app labels, in the order shown; apps that are not named land in the last group.
GROUPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("Opportunities", ("opportunities", "trading")),
    ("Sources", ("scrapers",)),
    ("Prices", ("pricing",)),
    ("Catalogue", ("catalog",)),
    ("Work", ("jobs", "django_celery_beat")),
    ("Audit and delivery", ("common",)),
    ("People", ("users", "auth", "axes")),
)
REST: Final = "Other"

ICONS: Final = {
    "opportunity": "trending_up",
    "alertrule": "notifications_active",
    "alertchannel": "campaign",
    "alertdelivery": "send",
    "notification": "notifications",
    "backtest": "history",
    "contentsfinding": "rule",
    "execution": "shopping_cart",
    "order": "receipt",
    "fill": "done_all",
    "opening": "unarchive",
    "posting": "account_balance",
    "exposurelimit": "speed",
    "killswitch": "emergency_home",
    "apikey": "vpn_key",
    "tokenlogin": "login",
    "savedview": "bookmark",
    "product": "inventory_2",
    "productsingle": "account_tree",
    "contentsversion": "package_2",
    "deck": "style",
    "boosterpack": "auto_awesome_motion",
    "venue": "storefront",
    "instrument": "qr_code_2",
    "livemarket": "sensors",
    "pricesource": "rss_feed",
    "pricebatch": "download",
    "pricehistory": "show_chart",
    "currentprice": "sell",
    "quarantinedprice": "gpp_maybe",
    "feeschedule": "percent",
    "fxrate": "currency_exchange",
    "sourceroute": "policy",
    "productfetch": "travel_explore",
    "feeddownload": "cloud_download",
    "unmatchedarticle": "link_off",
    "pricelist": "upload_file",
    "distributoroffer": "local_shipping",
    "salerecord": "receipt_long",
    "job": "pending_actions",
    "periodictask": "schedule",
    "intervalschedule": "timer",
    "crontabschedule": "calendar_month",
    "clockedschedule": "alarm",
    "solarschedule": "wb_sunny",
    "auditevent": "verified_user",
    "auditverification": "fact_check",
    "outboxmessage": "outbox",
    "idempotencykey": "key",
    "user": "person",
    "group": "group",
    "accessattempt": "lock_person",
}
DEFAULT_ICON: Final = "table_rows"


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Return Unfold's navigation for this user."""
    by_app: dict[str, list[dict[str, Any]]] = {}
    for app in admin.site.get_app_list(request):
        by_app[app["app_label"]] = [_item(model) for model in app["models"] if model["admin_url"]]
    groups = [
        _group(
            "", [{"title": "Dashboard", "icon": "home", "link": reverse("admin:index")}], collapsible=False
        )
    ]
    for title, labels in GROUPS:
        groups.append(_group(title, [item for label in labels for item in by_app.pop(label, [])]))
    groups.append(_group(REST, [item for items in by_app.values() for item in items]))
    return [group for group in groups if group["items"]]


def _item(model: dict[str, Any]) -> dict[str, Any]:
    name = model["object_name"].lower()
    return {"title": model["name"], "icon": ICONS.get(name, DEFAULT_ICON), "link": model["admin_url"]}


def _group(title: str, items: list[dict[str, Any]], *, collapsible: bool = True) -> dict[str, Any]:
    return {"title": title, "separator": bool(title), "collapsible": collapsible, "items": items}
