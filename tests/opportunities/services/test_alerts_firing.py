"""Rules are evaluated set-based and speak once, whoever evaluates and how often."""

import threading
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.models import AuditEvent, OutboxMessage
from opportunities.models import AlertDelivery, AlertFiring, AlertRule, Notification, Opportunity
from opportunities.services.alerts_firing import evaluate_opening, evaluate_rules
from opportunities.services.alerts_rules import snooze_rule, update_rule
from opportunities.services.alerts_telling import MAX_BELL_LINES
from opportunities.services.alerts_watching import add_watch
from tests.opportunities.alert_factories import at_least, make_channel, make_opportunity, make_rule
from tests.pricing.factories import NOW, make_user

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
]
HOUR = timedelta(hours=1)


@pytest.fixture
def channel(alice, settings):
    settings.ALERT_ALLOW_PRIVATE_HOSTS = ["127.0.0.1"]
    return make_channel(alice, "json://127.0.0.1:9/hook")


def opened(row: Opportunity, *, now=NOW):
    return evaluate_opening(opportunity_id=row.pk, opened_at=row.opened_at, now=now)


def test_an_opening_that_matches_makes_one_delivery_and_one_line(alice, channel):
    rule = make_rule(alice, channel)
    row = make_opportunity(name="Dragon Box")

    assert opened(row).fired == 1
    assert opened(row).fired == 0

    (delivery,) = AlertDelivery.objects.all()
    assert (delivery.rule, delivery.channel, delivery.opportunity) == (rule, channel, row)
    assert (delivery.state, delivery.due_at, delivery.attempts) == ("waiting", NOW, 0)
    assert delivery.title == "Dragon Box: +26.66 % after costs"
    (line,) = Notification.objects.all()
    assert (line.user, line.kind, line.link) == (alice, "opportunity", f"/opportunities/{row.pk}")
    (message,) = OutboxMessage.objects.filter(task="opportunities.send_alert_delivery")
    assert message.kwargs["rule_id"] == str(rule.pk)
    (event,) = AuditEvent.objects.filter(verb="alert_rule.fired")
    assert event.data["opportunities"] == [str(row.pk)]
    rule.refresh_from_db()
    assert (rule.last_fired_at, rule.fired_count) == (NOW, 1)


def test_a_rule_without_channels_rings_the_bell(alice):
    make_rule(alice)

    opened(make_opportunity())

    assert (AlertDelivery.objects.count(), Notification.objects.count()) == (0, 1)


def test_a_muted_channel_is_skipped_and_says_so(alice, channel):
    channel.is_muted = True
    channel.save()
    make_rule(alice, channel)

    opened(make_opportunity())

    (delivery,) = AlertDelivery.objects.all()
    assert (delivery.state, delivery.error) == ("skipped", "The channel was muted.")
    assert not OutboxMessage.objects.filter(task="opportunities.send_alert_delivery").exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"needs_review": True},
        {"status": "expired"},
        {"expires_at": NOW},
        {"margin_percentage": Decimal("19.99")},
    ],
    ids=["needs review", "expired", "over", "below the threshold"],
)
def test_what_does_not_match_or_may_not_be_told_raises_nothing(alice, facts):
    make_rule(alice)

    assert opened(make_opportunity(**facts)).fired == 0
    assert evaluate_rules(now=NOW).fired == 0
    assert Notification.objects.count() == 0


def test_another_opening_is_left_to_its_own_evaluation(alice):
    make_rule(alice)
    row = make_opportunity()

    report = evaluate_opening(opportunity_id=row.pk, opened_at=NOW - HOUR, now=NOW)

    assert report.fired == 0


@pytest.mark.parametrize("change", [{"is_enabled": False}, {"user__is_active": False}], ids=["rule", "user"])
def test_what_is_switched_off_is_not_evaluated(alice, change):
    rule = make_rule(alice)
    if "is_enabled" in change:
        AlertRule.objects.update(is_enabled=False)
    else:
        type(alice).objects.filter(pk=alice.pk).update(is_active=False)

    assert opened(make_opportunity()).fired == 0
    assert rule.firings.count() == 0


def test_the_watchlist_scope_asks_for_watched_products(alice, charlie):
    make_rule(alice, scope="watchlist", conditions=[])
    watched, other = make_opportunity(), make_opportunity()
    add_watch(alice, product=watched.sealed_product, now=NOW)
    add_watch(charlie, product=other.sealed_product, now=NOW)

    assert evaluate_rules(now=NOW).fired == 1
    assert list(AlertFiring.objects.values_list("opportunity", flat=True)) == [watched.pk]


def test_a_threshold_crossed_without_an_opening_is_told(alice):
    make_rule(alice)
    row = make_opportunity(margin_percentage=Decimal(10))
    assert opened(row).fired == 0

    Opportunity.objects.update(margin_percentage=Decimal(25))

    assert evaluate_rules(now=NOW + HOUR).fired == 1
    assert evaluate_rules(now=NOW + 9 * HOUR).fired == 0


def test_it_is_told_again_after_the_cooldown_and_a_pause(alice):
    make_rule(alice, cooldown_minutes=120)
    row = make_opportunity()
    opened(row)

    def at(hours, margin):
        Opportunity.objects.update(margin_percentage=Decimal(margin))
        return evaluate_rules(now=NOW + hours * HOUR).fired

    assert [at(0.5, 10), at(1, 30), at(1.5, 30), at(2, 30), at(50, 30)] == [0, 0, 0, 1, 0]
    assert AlertFiring.objects.get().count == 2


def test_a_new_opening_is_told_again_after_the_cooldown(alice):
    make_rule(alice, cooldown_minutes=60)
    row = make_opportunity()
    opened(row)
    for hours, expected in ((0.5, 0), (1, 1)):
        row.opened_at = NOW + hours * HOUR
        row.save()
        assert opened(row, now=row.opened_at).fired == expected


def test_what_matched_when_the_rule_was_saved_is_not_told(alice):
    row = make_opportunity()
    rule = make_rule(alice)

    assert opened(row).fired == 0
    assert evaluate_rules(now=NOW).fired == 0

    update_rule(rule, facts={"conditions": [at_least("net_profit", "1")]}, actor=alice, now=NOW + HOUR)
    assert evaluate_rules(now=NOW + HOUR).fired == 0
    make_opportunity(margin_percentage=Decimal(5))
    assert evaluate_rules(now=NOW + HOUR).fired == 1


def test_what_starts_while_a_rule_is_snoozed_is_not_told_later(alice):
    rule = make_rule(alice)
    snooze_rule(rule, minutes=60, actor=alice, now=NOW)
    make_opportunity()

    assert evaluate_rules(now=NOW).noted == 1
    assert evaluate_rules(now=NOW + 2 * HOUR).fired == 0
    make_opportunity()
    assert evaluate_rules(now=NOW + 2 * HOUR).fired == 1


def test_quiet_hours_hold_deliveries_back_to_their_end_and_not_the_bell(alice, channel):
    alice.time_zone = "Europe/Berlin"
    alice.save()
    make_rule(alice, channel, quiet_from=time(22), quiet_until=time(7))
    night = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    end = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)

    for minutes in range(3):
        opened(make_opportunity(opened_at=night), now=night + timedelta(minutes=minutes))

    assert set(AlertDelivery.objects.values_list("due_at", flat=True)) == {end}
    (message,) = OutboxMessage.objects.filter(task="opportunities.send_alert_delivery")
    assert message.due_at == end
    assert Notification.objects.count() == 3


def test_many_at_once_ring_the_bell_once(alice, channel):
    make_rule(alice, channel)
    for _ in range(MAX_BELL_LINES + 1):
        make_opportunity()

    evaluate_rules(now=NOW)

    (line,) = Notification.objects.all()
    assert (line.title.endswith("6 opportunities"), line.link) == (True, "/opportunities")
    assert AlertDelivery.objects.count() == MAX_BELL_LINES + 1
    assert OutboxMessage.objects.filter(task="opportunities.send_alert_delivery").count() == 1


def test_the_number_of_statements_does_not_grow_with_rules_that_are_silent(alice, bob):
    row = make_opportunity(margin_percentage=Decimal(1))

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            opened(row)
        return len(captured)

    make_rule(alice)
    few = statements()
    for _ in range(20):
        make_rule(bob)

    assert statements() == few


@pytest.mark.django_db(transaction=True)
def test_workers_that_evaluate_the_same_opening_at_once_tell_it_once(settings):
    settings.ALERT_ALLOW_PRIVATE_HOSTS = ["127.0.0.1"]
    alice = make_user("alice")
    make_rule(alice, make_channel(alice, "json://127.0.0.1:9/hook"))
    row = make_opportunity()
    barrier = threading.Barrier(4)
    fired: list[int] = []

    def work():
        try:
            barrier.wait(timeout=60)
            for _ in range(3):
                fired.append(opened(row).fired)
                fired.append(evaluate_rules(now=NOW).fired)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert (len(fired), sum(fired)) == (24, 1)
    assert (AlertDelivery.objects.count(), Notification.objects.count()) == (1, 1)
    assert AlertRule.objects.get().fired_count == 1
