"""Reads of alerts: a user's watches with what they are worth now, deliveries, the bell."""

from datetime import datetime
from uuid import UUID

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, JSONObject

from opportunities.alerts.fields import alertable_opportunities
from opportunities.models import AlertDelivery, Notification, Watch

_BEST_FIRST = ("-rank_score", "-net_profit", "created_at", "id")


def watch_list(rows: QuerySet[Watch], *, now: datetime) -> QuerySet[Watch]:
    """Return watches, newest first, each with its product and its best opportunity, in one statement.

    `best` is a dictionary of the figures a row shows (decimals as text), or None without an active, trusted
    opportunity.
    """
    figures = {
        name: Cast(name, CharField()) for name in ("margin_percentage", "net_profit", "confidence_score")
    }
    best = (
        alertable_opportunities(now=now)
        .filter(sealed_product=OuterRef("product"))
        .order_by(*_BEST_FIRST)
        .values(
            document=JSONObject(id=F("id"), currency=F("currency"), risk_level=F("risk_level"), **figures)
        )
    )
    return (
        rows.select_related("product")
        .defer("product__description")
        .annotate(best=Subquery(best[:1]))
        .order_by("-created_at", "-id")
    )


def delivery_list(user_id: UUID) -> QuerySet[AlertDelivery]:
    """Return the deliveries to a user's channels, with what their rows show."""
    rows = AlertDelivery.objects.filter(channel__user=user_id).select_related("rule", "channel")
    return rows.only(
        "rule__id", "rule__name", "channel__id", "channel__name", "opportunity_id", "title", "body", "state",
        "attempts", "error", "due_at", "delivered_at", "created_at",
    )  # fmt: skip


def unread_count(user_id: UUID) -> int:
    """Return how many lines behind a user's bell are unread."""
    return Notification.objects.filter(user=user_id, read_at__isnull=True).count()
