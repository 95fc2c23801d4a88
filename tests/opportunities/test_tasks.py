import pytest

from arbsite.celery import app
from common.clock import utc_now
from opportunities import tasks
from opportunities.models import Opportunity
from opportunities.services import expire_opportunity
from tests.opportunities.factories import analyze, found, make_deck

pytestmark = pytest.mark.django_db
NAMES = {
    "opportunities.analyze_product_arbitrage",
    "opportunities.analyze_all_products",
    "opportunities.cleanup_expired_opportunities",
    "opportunities.send_opportunity_alert",
}


def test_the_requirements_tasks_are_registered_with_queue_and_limits():
    app.loader.import_default_modules()

    assert set(app.tasks) >= NAMES
    for name in NAMES:
        task = app.tasks[name]
        assert app.amqp.router.route({}, name)["queue"].name == "analysis"
        assert task.soft_time_limit is not None
        assert task.time_limit is not None
        assert 0 < task.soft_time_limit < task.time_limit < 450
        assert task.max_retries


def test_analyzing_twice_makes_one_opportunity():
    deck = make_deck(at=utc_now())

    first = tasks.analyze_all_products(future_argument=1)
    second = tasks.analyze_all_products()
    third = tasks.analyze_product_arbitrage(product_id=str(deck.sealed.id), future_argument=1)

    assert [run["opened"] for run in (first, second, third)] == [1, 0, 0]
    assert Opportunity.objects.count() == 1


def test_cleaning_up_twice_changes_nothing_more():
    deck = make_deck()
    analyze()
    Opportunity.objects.update(expires_at=utc_now())

    assert tasks.cleanup_expired_opportunities(future_argument=1) == {"expired": 1, "removed": 0}
    assert tasks.cleanup_expired_opportunities() == {"expired": 0, "removed": 0}
    assert found(deck).status == "expired"


def test_alerting_twice_alerts_once(settings):
    settings.ALERT_URLS = []
    deck = make_deck()
    analyze()
    row = found(deck)
    request = {"opportunity_id": str(row.pk), "opened_at": row.opened_at.isoformat()}

    outcomes = [tasks.send_opportunity_alert(**request, future_argument=1) for _ in range(2)]

    assert outcomes == ["recorded", "already_done"]


def test_an_alert_for_what_is_gone_is_outdated(settings):
    deck = make_deck()
    analyze()
    row = expire_opportunity(opportunity_id=found(deck).pk, reason="moved", actor=None, now=utc_now())

    outcome = tasks.send_opportunity_alert(opportunity_id=str(row.pk), opened_at=row.opened_at.isoformat())

    assert outcome == "outdated"
