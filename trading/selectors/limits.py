"""Exposure limits with how much of each is used."""

from datetime import date
from decimal import Decimal

from django.db.models import DecimalField, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from trading.choices import LimitScope
from trading.models import ExposureLimit, ExposureUse

_AMOUNT: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=14, decimal_places=2)


def limit_list(*, username: str, day: date) -> QuerySet[ExposureLimit]:
    """Return all limits with `used`, in a fixed order.

    Args:
        username: of a limit on each user, this one's use is shown; of a limit on each source, the largest.
        day: UTC day that daily limits are shown for.
    """
    uses = (
        ExposureUse.objects.filter(limit=OuterRef("pk"))
        .filter(Q(day__isnull=True) | Q(day=day))
        .filter(~Q(limit__scope=LimitScope.USER) | ~Q(limit__subject="") | Q(subject=username))
        .order_by()
        .values("limit")
        .annotate(most=Max("used"))
        .values("most")
    )
    used = Coalesce(Subquery(uses, output_field=_AMOUNT), Value(Decimal(0)), output_field=_AMOUNT)
    return ExposureLimit.objects.annotate(used=used).order_by("scope", "subject", "period", "currency", "id")
