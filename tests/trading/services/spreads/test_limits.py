"""Limits that come later know of spreads that are on their way, and limits may be added where none are."""

from decimal import Decimal

import pytest

from tests.trading.factories import NOW, as_if_committed
from tests.trading.spread_factories import drive, make_route, open_spread
from trading.models import ExposureLimit, ExposureUse
from trading.services import add_limit, add_missing_limits

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("scope", "subject", "period", "used"),
    [("source", "", "open", 90), ("source", "alpha", "day", 135), ("source", "beta", "open", None)],
)
def test_a_new_limit_counts_spreads_under_way_and_gives_them_back_once(
    tess, bob, scope, subject, period, used
):
    route = make_route()
    drive(open_spread(route, tess, "1"))
    waiting = open_spread(route, tess, "2")

    limit = ExposureLimit(scope=scope, subject=subject, period=period, currency="USD", amount=Decimal(200))
    add_limit(limit, actor=bob, now=NOW)

    counted = ExposureUse.objects.filter(limit=limit).values_list("used", flat=True).first()
    assert counted == used
    drive(waiting)
    as_if_committed()
    left = ExposureUse.objects.filter(limit=limit).values_list("used", flat=True).first()
    assert left == (0 if period == "open" and used else used)


def test_limits_are_added_only_where_none_are():
    amounts = {("global", "open"): Decimal(500), ("user", "day"): Decimal(50)}
    ExposureLimit.objects.create(scope="user", period="day", currency="USDT", amount=7, is_active=False)

    assert add_missing_limits(amounts, currency="USDT", now=NOW) == 1
    assert add_missing_limits(amounts, currency="USDT", now=NOW) == 0

    kept = ExposureLimit.objects.get(scope="user", currency="USDT")
    assert (kept.amount, kept.is_active) == (Decimal(7), False)
