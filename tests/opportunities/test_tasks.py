import pytest

from arbsite.celery import app
from common.clock import utc_now
from common.models import OutboxMessage
from opportunities import tasks
from opportunities.models import AlertDelivery, Opportunity
from opportunities.services import expire_opportunity
from opportunities.services.alerts_sending import DeliveryBusy
from tests.opportunities.alert_factories import make_channel, make_opportunity, make_rule, open_webhook
from tests.opportunities.factories import analyze, found, make_deck

pytestmark = pytest.mark.django_db
NAMES = {
    "opportunities.analyze_product_arbitrage",
    "opportunities.analyze_all_products",
    "opportunities.cleanup_expired_opportunities",
    "opportunities.send_opportunity_alert",
    "opportunities.evaluate_rules",
    "opportunities.send_alert_delivery",
    "opportunities.tidy_alerts",
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

    nothing = {"expired": 0, "removed": 0, "quotes": 0, "firings": 0, "backtests": 0}
    assert tasks.cleanup_expired_opportunities(future_argument=1) == {**nothing, "expired": 1}
    assert tasks.cleanup_expired_opportunities() == nothing
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


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_an_opening_reaches_a_webhook_once_whatever_is_delivered_twice(settings, alice):
    settings.ALERT_URLS = []
    with open_webhook() as webhook:
        settings.ALERT_ALLOW_PRIVATE_HOSTS = [webhook.place]
        make_rule(alice, make_channel(alice, webhook.url))
        row = make_opportunity(name="Dragon Box", opened_at=utc_now())
        request = {"opportunity_id": str(row.pk), "opened_at": row.opened_at.isoformat()}
        for _ in range(2):
            tasks.send_opportunity_alert(**request)
        (message,) = OutboxMessage.objects.filter(task="opportunities.send_alert_delivery")

        outcomes = [tasks.send_alert_delivery(**message.kwargs, future_argument=1) for _ in range(2)]

    assert outcomes == ["delivered", "nothing"]
    assert [sent["title"] for sent in webhook.messages] == ["Dragon Box: +26.66 % after costs"]


def test_a_threshold_crossed_is_evaluated_and_old_rows_are_tidied(alice):
    make_rule(alice)
    make_opportunity()

    assert tasks.evaluate_rules(future_argument=1)["fired"] == 1
    assert tasks.evaluate_rules()["fired"] == 0
    assert tasks.tidy_alerts(future_argument=1) == {"lost": 0, "forgotten": 0}


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_a_delivery_somebody_else_is_sending_is_tried_again_later(settings, alice):
    settings.ALERT_ALLOW_PRIVATE_HOSTS = ["127.0.0.1"]
    make_rule(alice, make_channel(alice, "json://127.0.0.1:9/hook"))
    make_opportunity()
    tasks.evaluate_rules()
    AlertDelivery.objects.update(sending_since=utc_now())
    (message,) = OutboxMessage.objects.filter(task="opportunities.send_alert_delivery")

    result = tasks.send_alert_delivery.apply(kwargs=message.kwargs, throw=False)

    assert isinstance(result.result, DeliveryBusy)
