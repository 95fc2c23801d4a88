"""Limits: which ones concern a stake, and that they fill to the last cent and no further."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trading.factories import NOW, make_limits
from trading.choices import LimitPeriod, LimitScope
from trading.errors import LimitExceeded, LimitNotFound
from trading.models import ExposureLimit, ExposureUse
from trading.selectors.limits import limit_list
from trading.services import change_limit
from trading.services.exposure import Stake, applicable_limits, reserve_exposure

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def _stake(amount: str = "10", *, user: str = "tess", source: str = "cardmarket", day: date = TODAY) -> Stake:
    return Stake(username=user, source=source, currency="EUR", amount=Decimal(amount), day=day)


def _limit(scope: str, period: str, amount: str, subject: str = "") -> ExposureLimit:
    limit, _ = ExposureLimit.objects.update_or_create(
        scope=scope, subject=subject, period=period, currency="EUR", defaults={"amount": Decimal(amount)}
    )
    return limit


def test_a_limit_fills_to_the_last_cent():
    make_limits(global_open="100")

    reserve_exposure(_stake("60"))
    with pytest.raises(LimitExceeded):
        reserve_exposure(_stake("40.01"))
    reserve_exposure(_stake("40"))

    assert ExposureUse.objects.get(limit__scope=LimitScope.GLOBAL).used == 100


def test_each_user_source_and_day_has_its_own_room():
    make_limits(user_day="50", source_day="80")

    reserve_exposure(_stake("50"))
    reserve_exposure(_stake("50", day=TODAY + timedelta(days=1)))
    with pytest.raises(LimitExceeded) as refused:
        reserve_exposure(_stake("40", user="bob"))
    assert refused.value.details["limit"]["scope"] == "source"
    reserve_exposure(_stake("40", user="bob", source="tcgplayer"))


def test_a_limit_by_name_stands_in_the_place_of_the_general_one():
    make_limits(user_day="50")
    _limit(LimitScope.USER, LimitPeriod.DAY, "500", subject="tess")

    reserve_exposure(_stake("400"))
    with pytest.raises(LimitExceeded):
        reserve_exposure(_stake("51", user="bob"))
    assert len(applicable_limits(_stake())) == 2


def test_limits_of_other_currencies_do_not_count():
    make_limits()
    with pytest.raises(LimitExceeded, match="No limit over everything is set in CHF"):
        reserve_exposure(Stake("tess", "cardmarket", "CHF", Decimal(1), TODAY))


def test_a_lowered_limit_lets_nothing_new_in_and_keeps_what_is_there(bob):
    make_limits(global_open="100")
    reserve_exposure(_stake("90"))
    limit = ExposureLimit.objects.get(scope=LimitScope.GLOBAL, currency="EUR")

    change_limit(limit_id=limit.pk, amount=Decimal(50), actor=bob, now=NOW)

    with pytest.raises(LimitExceeded):
        reserve_exposure(_stake("1"))
    assert ExposureUse.objects.get(limit=limit).used == 90


def test_a_limit_that_is_off_does_not_count(bob):
    make_limits(user_day="5")
    limit = ExposureLimit.objects.get(scope=LimitScope.USER, currency="EUR")

    change_limit(limit_id=limit.pk, is_active=False, actor=bob, now=NOW)

    reserve_exposure(_stake("100"))


def test_an_unknown_limit_cannot_be_changed(bob):
    with pytest.raises(LimitNotFound):
        change_limit(limit_id=bob.pk, amount=Decimal(1), actor=bob, now=NOW)


def test_the_list_shows_ones_own_use_of_today():
    make_limits()
    reserve_exposure(_stake("7"))
    reserve_exposure(_stake("5", user="bob"))
    reserve_exposure(_stake("3", day=TODAY - timedelta(days=1)))

    used: dict[tuple[str, str], Any] = {
        (limit.scope, limit.period): vars(limit)["used"]
        for limit in limit_list(username="tess", day=TODAY).filter(currency="EUR")
    }
    assert used == {("global", "open"): 15, ("user", "day"): 7}


@given(st.lists(st.decimals(Decimal("0.01"), Decimal(60), places=2), min_size=1, max_size=12))
def test_whatever_is_asked_for_the_limit_holds_and_what_fits_is_let_in(amounts):
    from django.db import transaction

    with transaction.atomic():
        make_limits(global_open="100")
        used = Decimal(0)
        for amount in amounts:
            if used + amount <= 100:
                reserve_exposure(_stake(str(amount)))
                used += amount
            else:
                with pytest.raises(LimitExceeded):
                    reserve_exposure(_stake(str(amount)))
        found = ExposureUse.objects.filter(limit__scope=LimitScope.GLOBAL).values_list("used", flat=True)
        assert list(found) == ([used] if used else [Decimal(0)])
        transaction.set_rollback(True)
