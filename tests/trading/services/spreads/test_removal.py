"""Taking the demo's executions out, ledger and all; those of other markets stay."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.trading.factories import as_if_committed
from tests.trading.spread_factories import drive, make_route, open_spread
from trading.models import ExposureUse, LedgerPosting, SpreadExecution
from trading.services.demo_removal import remove_demo_spreads

from .conftest import make_demo_route

pytestmark = pytest.mark.django_db


def test_executions_at_demo_markets_go_with_their_ledger_and_exposure(tess, venue):
    route = make_demo_route()
    drive(open_spread(route, tess))
    open_spread(route, tess)
    as_if_committed()

    assert remove_demo_spreads() == 2

    assert not SpreadExecution.objects.exists()
    assert not LedgerPosting.objects.exists()
    assert set(ExposureUse.objects.values_list("used", flat=True)) == {0}


def test_executions_at_real_markets_stay(tess):
    drive(open_spread(make_route(), tess))

    assert remove_demo_spreads() == 0

    assert SpreadExecution.objects.count() == 1
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LedgerPosting.objects.all().delete()


def test_the_ledger_of_a_real_market_does_not_go_even_when_asked(tess):
    drive(open_spread(make_route(), tess))

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL arbsite.remove_demo = 'on'")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LedgerPosting.objects.all().delete()
