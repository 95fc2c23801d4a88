"""A limit that begins to hold counts what is at stake already, and gives it back once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from tests.trading.factories import NOW, Box, execute, make_box
from trading.errors import LimitExceeded
from trading.models import ExposureLimit, ExposureUse
from trading.services import add_limit, cancel_execution, change_limit, settle_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(db) -> Box:
    return make_box()


def _limit(scope: str, period: str, amount: str, subject: str = "") -> ExposureLimit:
    return ExposureLimit(scope=scope, period=period, subject=subject, currency="EUR", amount=Decimal(amount))


def _uses(limit: ExposureLimit) -> dict[str, tuple[Decimal, Decimal]]:
    return {use.subject: (use.used, use.ceiling) for use in ExposureUse.objects.filter(limit=limit)}


@pytest.mark.parametrize(
    ("scope", "subject", "counted"),
    [
        ("source", "", "cardmarket"), ("source", "cardmarket", "cardmarket"), ("user", "tess", "tess"),
        ("user", "bob", None), ("source", "ebay", None),
    ],
)  # fmt: skip
def test_a_new_limit_counts_what_is_open(box, tess, bob, scope, subject, counted):
    execute(box, tess)

    limit = add_limit(_limit(scope, "open", "100", subject), actor=bob, now=NOW)

    assert _uses(limit) == ({} if counted is None else {counted: (Decimal(60), Decimal(100))})


def test_nothing_new_fits_above_and_it_comes_back_once(box, tess, bob):
    execute(box, tess)
    limit = add_limit(_limit("source", "open", "100"), actor=bob, now=NOW)

    with pytest.raises(LimitExceeded):
        execute(make_box(), tess)
    settle_due(now=NOW + timedelta(hours=24))

    assert _uses(limit) == {"cardmarket": (Decimal(0), Decimal(100))}


def test_more_than_the_new_limit_may_be_at_stake(box, tess, bob):
    execution = execute(box, tess, opening="entered")

    limit = add_limit(_limit("source", "open", "50"), actor=bob, now=NOW)
    assert _uses(limit) == {"cardmarket": (Decimal(60), Decimal(60))}

    cancel_execution(execution_id=execution.pk, reason="x", actor=tess, now=NOW)
    assert _uses(limit)["cardmarket"][0] == 0


def test_a_day_counts_what_was_bought_on_it(box, tess, bob):
    execute(box, tess)

    today = add_limit(_limit("source", "day", "100"), actor=bob, now=NOW)
    assert _uses(today) == {"cardmarket": (Decimal(60), Decimal(100))}
    today.delete()
    tomorrow = add_limit(_limit("source", "day", "100"), actor=bob, now=NOW + timedelta(days=1))
    assert _uses(tomorrow) == {}


def test_switched_off_and_on_again_it_knows_what_happened_meanwhile(box, tess, bob):
    limit = ExposureLimit.objects.get(scope="user", period="day", currency="EUR", subject="")
    execute(box, tess)
    change_limit(limit_id=limit.pk, actor=bob, now=NOW, is_active=False)
    execute(make_box(), tess)

    change_limit(limit_id=limit.pk, actor=bob, now=NOW, is_active=True)
    change_limit(limit_id=limit.pk, actor=bob, now=NOW, is_active=True)

    assert _uses(limit)["tess"][0] == 120


@pytest.mark.parametrize(("scope", "subject"), [("global", "tess"), ("user", "tes"), ("source", "nowhere")])
def test_a_limit_of_nobody_is_refused(tess, scope, subject):
    with pytest.raises(ValidationError):
        _limit(scope, "open", "1", subject).full_clean()
