"""The staff pages of executions across venues: what is shown, and deciding about one that is stuck."""

import pytest
from django.test import Client
from django.urls import reverse

from common.models import AuditEvent
from tests.trading.factories import make_trader
from tests.trading.services.spreads.conftest import forget_quotes
from tests.trading.spread_factories import drive, make_route, open_spread
from trading.choices import SpreadState
from trading.models import LegFill, LegOrder, SpreadExecution
from users.choices import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quotes():
    forget_quotes()
    yield
    forget_quotes()


@pytest.fixture
def pages(bob) -> Client:
    client = Client()
    client.force_login(bob)
    return client


@pytest.fixture
def stuck(tess) -> SpreadExecution:
    execution = open_spread(make_route(), tess)
    LegOrder.objects.filter(execution=execution, position=0).update(
        state="unknown", sent_at=execution.created_at
    )
    execution.state = SpreadState.STUCK
    execution.save()
    return execution


def _decide(pages: Client, execution: SpreadExecution, **given: str):
    url = reverse("admin:trading_spreadexecution_resolve", args=[execution.pk])
    return pages.post(url, {"confirmed": "yes", "reason": "phoned", **given})


def test_orders_fills_and_postings_are_shown(pages, tess):
    execution = drive(open_spread(make_route(), tess))

    page = pages.get(reverse("admin:trading_spreadexecution_change", args=[execution.pk]))

    assert page.status_code == 200
    assert "2 at 45, fees 0" in page.content.decode()
    assert pages.get(reverse("admin:trading_spreadexecution_changelist")).status_code == 200


@pytest.mark.parametrize(
    "given",
    [{"quantity": "0"}, {"quantity": "0.0"}, {"quantity": "-1"}, {"quantity": "3"}, {"quantity": "0.5"},
     {"price": "0"}, {"price": "1000000000000"}],
)  # fmt: skip
def test_figures_that_cannot_be_decide_nothing(pages, stuck, given):
    _decide(pages, stuck, outcome="filled", **given)

    stuck.refresh_from_db()
    assert stuck.state == SpreadState.STUCK
    assert not LegFill.objects.exists()
    assert not AuditEvent.objects.filter(verb="spread.resolved").exists()


def test_a_decision_drives_it_on_and_names_who_decided(pages, stuck, bob):
    _decide(pages, stuck, outcome="nothing_happened")

    stuck.refresh_from_db()
    assert stuck.state == SpreadState.FAILED
    assert AuditEvent.objects.get(verb="spread.resolved").actor_id == bob.pk


def test_only_operators_decide(stuck):
    client = Client()
    client.force_login(make_trader("tom", Role.TRADER, is_staff=True))

    assert _decide(client, stuck, outcome="nothing_happened").status_code == 403
