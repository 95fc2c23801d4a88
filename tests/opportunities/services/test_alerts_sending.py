"""What is due is sent once; what fails is tried again; a sender that dies costs one duplicate at most."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from structlog.testing import capture_logs

from common.models import AuditEvent, OutboxMessage
from opportunities.models import AlertChannel, AlertDelivery, AlertRule, Notification, Opportunity
from opportunities.services.alerts_channels import try_channel
from opportunities.services.alerts_firing import evaluate_rules
from opportunities.services.alerts_rules import delete_rule
from opportunities.services.alerts_sending import (
    BACKOFF,
    CUT_OFF,
    LOST_AFTER,
    MAX_ATTEMPTS,
    SENDING_LEASE,
    DeliveryBusy,
    give_up_lost,
    send_due,
)
from opportunities.services.alerts_upkeep import RETENTION, forget_old_alerts
from tests.opportunities.alert_factories import make_channel, make_opportunity, make_rule, open_webhook
from tests.pricing.factories import NOW, make_user

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
]
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def webhook(settings):
    with open_webhook() as server:
        settings.ALERT_ALLOW_PRIVATE_HOSTS = [server.place]
        yield server


@pytest.fixture
def due(alice, webhook) -> AlertDelivery:
    """Return a delivery that waits to be sent."""
    make_rule(alice, make_channel(alice, webhook.url), name="Good boxes")
    make_opportunity(name="Dragon Box")
    evaluate_rules(now=NOW)
    return AlertDelivery.objects.get()


def send(delivery: AlertDelivery, *, now=NOW):
    delivery.refresh_from_db()
    assert delivery.rule_id is not None
    return send_due(rule_id=delivery.rule_id, channel_id=delivery.channel_id, due_at=delivery.due_at, now=now)


def state_of(delivery: AlertDelivery) -> tuple[str, int, str]:
    delivery.refresh_from_db()
    return delivery.state, delivery.attempts, delivery.error


def test_a_delivery_is_sent_once(due, webhook):
    assert [send(due), send(due)] == ["delivered", "nothing"]

    (message,) = webhook.messages
    assert message["title"] == "Dragon Box: +26.66 % after costs"
    assert "Expected profit 16.00 EUR" in message["message"]
    assert state_of(due) == ("delivered", 1, "")
    channel = AlertChannel.objects.get()
    assert (channel.state, channel.last_delivered_at, channel.last_error) == ("working", NOW, "")


def test_what_is_due_at_once_travels_together(alice, webhook):
    make_rule(alice, make_channel(alice, webhook.url), name="Good boxes")
    for name in ("First", "Second"):
        make_opportunity(name=name)
    evaluate_rules(now=NOW)

    first, second = AlertDelivery.objects.all()
    assert [send(first), send(second)] == ["delivered", "nothing"]

    (message,) = webhook.messages
    assert message["title"] == "Good boxes: 2 opportunities"
    assert {"- First: +26.66 % after costs", "- Second: +26.66 % after costs"} < set(
        message["message"].splitlines()
    )


def test_a_refusal_is_tried_again_and_then_told_to_the_owner(due, webhook, alice):
    webhook.answer = 503
    now, results = NOW, []
    for attempt in range(MAX_ATTEMPTS):
        results.append(send(due, now=now))
        due.refresh_from_db()
        if attempt < len(BACKOFF):
            assert due.due_at == now + BACKOFF[attempt]
            assert OutboxMessage.objects.filter(due_at=due.due_at).count() == 1
        now = due.due_at

    assert results == ["retry"] * (MAX_ATTEMPTS - 1) + ["failed"]
    assert len(webhook.messages) == MAX_ATTEMPTS
    assert state_of(due) == ("failed", MAX_ATTEMPTS, "The channel answered with status 503.")
    line = Notification.objects.get(kind="system")
    assert (line.user, line.body) == (alice, "The channel answered with status 503.")
    assert AlertChannel.objects.get().state == "failing"


def test_a_channel_that_recovers_gets_the_alert(due, webhook):
    webhook.answer = 500
    assert send(due) == "retry"
    webhook.answer = 200

    assert send(due) == "delivered"


def test_redirects_are_not_followed(due, webhook):
    with open_webhook() as other:
        webhook.answer, webhook.location = 302, f"http://{other.place}/inside"
        result = send(due)

    assert (result, other.messages) == ("retry", [])


def test_a_host_that_leads_inside_by_now_is_not_called(alice, webhook, settings):
    settings.ALERT_ALLOW_PRIVATE_HOSTS = ["rebinding.example", webhook.place]
    channel = make_channel(alice, webhook.url)
    make_rule(alice, channel)
    make_opportunity()
    evaluate_rules(now=NOW)
    due = AlertDelivery.objects.get()
    settings.ALERT_ALLOW_PRIVATE_HOSTS = []

    assert send(due) == "failed"
    assert webhook.messages == []
    assert state_of(due)[0] == "failed"


@pytest.mark.parametrize(
    "change", ["rule off", "rule deleted", "snoozed", "muted", "user gone", "expired", "review", "removed"]
)
def test_what_is_not_to_be_told_any_more_is_skipped(due, webhook, alice, change):
    rule_id, rule = due.rule_id, AlertRule.objects.get()
    {
        "rule off": lambda: AlertRule.objects.update(is_enabled=False),
        "rule deleted": lambda: delete_rule(rule, actor=alice, now=NOW),
        "snoozed": lambda: AlertRule.objects.update(snoozed_until=NOW + timedelta(hours=1)),
        "muted": lambda: AlertChannel.objects.update(is_muted=True),
        "user gone": lambda: type(alice).objects.update(is_active=False),
        "expired": lambda: Opportunity.objects.update(status="expired"),
        "review": lambda: Opportunity.objects.update(needs_review=True),
        "removed": lambda: Opportunity.objects.all().delete(),
    }[change]()

    result = send_due(rule_id=rule_id, channel_id=due.channel_id, due_at=due.due_at, now=NOW)

    assert result in ("skipped", "nothing")
    assert (state_of(due)[0], webhook.messages) == ("skipped", [])
    assert due.error


def test_somebody_elses_sending_is_waited_for(due, webhook):
    AlertDelivery.objects.update(sending_since=NOW)

    with pytest.raises(DeliveryBusy):
        send(due, now=NOW + SENDING_LEASE - timedelta(seconds=1))
    assert webhook.messages == []


def test_a_sending_that_was_cut_off_is_repeated_once(due, webhook):
    later = NOW + SENDING_LEASE
    AlertDelivery.objects.update(sending_since=NOW, attempts=1)
    assert send(due, now=later) == "delivered"
    assert len(webhook.messages) == 1

    AlertDelivery.objects.update(state="waiting", sending_since=NOW, is_repeat=True)
    assert send(due, now=later) == "failed"
    assert len(webhook.messages) == 1
    assert state_of(due)[2] == CUT_OFF
    assert Notification.objects.filter(kind="system").count() == 1


def test_an_address_that_cannot_be_decrypted_fails_at_once(due, webhook, settings):
    settings.FIELD_ENCRYPTION_KEYS = ["another key of thirty-two letters"]

    assert send(due) == "failed"
    assert webhook.messages == []
    assert "enter it anew" in state_of(due)[2]


def test_no_log_record_or_row_tells_the_address(due, webhook, alice, caplog):
    webhook.answer = 500
    with caplog.at_level(logging.DEBUG), capture_logs() as logs:
        send(due)
        try_channel(AlertChannel.objects.get(), actor=alice, now=NOW)

    written = [record.getMessage() for record in caplog.records] + [json.dumps(logs, default=str)]
    for model in (AuditEvent, AlertDelivery, AlertChannel, Notification, OutboxMessage):
        written += [str(row) for row in model.objects.values()]
    assert len(webhook.messages) == 2
    assert [text for text in written if "canary-token" in text] == []


def test_the_library_never_tells_its_url_to_the_roots_handlers(webhook, alice, caplog):
    with caplog.at_level(logging.DEBUG):
        make_channel(alice, webhook.url)
        try_channel(AlertChannel.objects.get(), actor=alice, now=NOW)

    assert not [record for record in caplog.records if record.name.startswith(("apprise", "urllib3"))]


def test_what_nobody_sent_is_given_up_and_old_rows_are_forgotten(due, alice):
    assert give_up_lost(now=NOW + LOST_AFTER) == 0
    assert give_up_lost(now=NOW + LOST_AFTER + timedelta(seconds=1)) == 1
    assert state_of(due)[0] == "failed"

    assert forget_old_alerts(now=NOW + RETENTION) == 0
    assert forget_old_alerts(now=NOW + RETENTION + timedelta(days=1)) == 3
    assert AlertDelivery.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_workers_that_send_the_same_at_once_send_it_once(settings):
    alice = make_user("alice")
    with open_webhook() as webhook:
        settings.ALERT_ALLOW_PRIVATE_HOSTS = [webhook.place]
        make_rule(alice, make_channel(alice, webhook.url))
        make_opportunity()
        evaluate_rules(now=NOW)
        due = AlertDelivery.objects.get()
        asked: dict[str, Any] = {"rule_id": due.rule_id, "channel_id": due.channel_id, "due_at": due.due_at}
        barrier = threading.Barrier(4)
        results: list[str] = []

        def work():
            try:
                barrier.wait(timeout=60)
                results.append(send_due(**asked, now=NOW))
            except DeliveryBusy:
                results.append("busy")
            finally:
                connection.close()

        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    assert len(webhook.messages) == 1
    assert sorted(set(results) - {"busy", "nothing"}) == ["delivered"]


def _environment(place: str) -> dict[str, str]:
    facts = connection.settings_dict
    login = quote(facts["USER"] or "") + (f":{quote(facts['PASSWORD'])}" if facts["PASSWORD"] else "")
    host = str(facts["HOST"] or "")
    where = f"{host}:{facts['PORT'] or 5432}/{facts['NAME']}"
    if host.startswith("/"):
        where = f"/{facts['NAME']}?host={quote(host)}"
    return {
        **os.environ,
        "DATABASE_URL": f"postgres://{login}@{where}",
        "ALERT_ALLOW_PRIVATE_HOSTS": place,
        "FIELD_ENCRYPTION_KEYS": "k" * 40,
    }


_SENDER = """
import os, sys, warnings
from datetime import datetime
warnings.simplefilter("ignore")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arbsite.settings")
import django
django.setup()
from opportunities.services import alerts_sending

def die(*args):
    os.kill(os.getpid(), 9)

if sys.argv[4] == "die":
    alerts_sending._settle = die
print(alerts_sending.send_due(
    rule_id=sys.argv[1], channel_id=sys.argv[2], due_at=datetime.fromisoformat(sys.argv[3]),
    now=datetime.fromisoformat(sys.argv[5]),
))
"""


@pytest.mark.django_db(transaction=True)
def test_a_sender_killed_between_sending_and_settling_costs_one_duplicate(settings):
    settings.FIELD_ENCRYPTION_KEYS = ["k" * 40]
    alice = make_user("alice")
    with open_webhook() as webhook:
        settings.ALERT_ALLOW_PRIVATE_HOSTS = [webhook.place]
        make_rule(alice, make_channel(alice, webhook.url))
        make_opportunity()
        evaluate_rules(now=NOW)
        due = AlertDelivery.objects.get()

        def sender(how: str, minutes: int) -> subprocess.CompletedProcess[str]:
            now = NOW + timedelta(minutes=minutes)
            facts = [str(due.rule_id), str(due.channel_id), due.due_at.isoformat(), how, now.isoformat()]
            return subprocess.run(
                [sys.executable, "-c", _SENDER, *facts], cwd=ROOT, env=_environment(webhook.place),
                capture_output=True, text=True, timeout=60, check=False,
            )  # fmt: skip

        killed = [sender("die", 0).returncode, sender("die", 5).returncode]
        last = sender("live", 10)

    assert killed == [-signal.SIGKILL, -signal.SIGKILL]
    assert len(webhook.messages) == 2
    assert last.stdout.strip().splitlines()[-1] == "failed"
    assert state_of(due)[0] == "failed"
