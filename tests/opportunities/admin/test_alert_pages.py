"""Staff see people's alerts, may silence them, and never see where they go."""

import pytest
from django.test import Client
from django.urls import reverse

from common.models import AuditEvent
from opportunities.models import AlertChannel, AlertRule
from opportunities.services.alerts_firing import evaluate_rules
from tests.opportunities.alert_factories import make_channel, make_opportunity, make_rule, open_webhook
from tests.pricing.factories import NOW, make_user
from users.choices import Role

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
]
PAGES = ("alertrule", "alertchannel", "alertdelivery", "notification")


@pytest.fixture
def webhook(settings, alice):
    """Serve a webhook, with a rule that has spoken about an opportunity to it."""
    with open_webhook() as server:
        settings.ALERT_ALLOW_PRIVATE_HOSTS = [server.place]
        make_rule(alice, make_channel(alice, server.url, name="Team chat"), name="Good boxes")
        make_opportunity(name="Dragon Box")
        evaluate_rules(now=NOW)
        yield server


@pytest.fixture
def operator(bob, client: Client) -> Client:
    client.force_login(bob)
    return client


def listed(page: str) -> str:
    return reverse(f"admin:opportunities_{page}_changelist")


def act(client: Client, page: str, action: str, row, **values: str) -> str:
    data = {"action": action, "_selected_action": str(row.pk), **values}
    answer = client.post(listed(page), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_lists_and_details_open_and_tell_no_address(operator, webhook, page):
    row = operator.get(listed(page)).context["cl"].queryset.get()
    channel = AlertChannel.objects.get()

    texts = [
        operator.get(listed(page)).content.decode(),
        operator.get(listed(page), {"q": "o"}).content.decode(),
        operator.get(reverse(f"admin:opportunities_{page}_change", args=[row.pk])).content.decode(),
    ]

    assert all("canary-token" not in text and channel.url not in text for text in texts)
    assert str(row.pk) in texts[0]


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_added_changed_or_deleted_here(operator, webhook, page):
    assert operator.get(reverse(f"admin:opportunities_{page}_add")).status_code == 403
    row = operator.get(listed(page)).context["cl"].queryset.get()
    for name in ("change", "delete"):
        path = reverse(f"admin:opportunities_{page}_{name}", args=[row.pk])
        assert operator.post(path, {"name": "x", "post": "yes"}).status_code == 403


def test_muting_asks_first_and_is_recorded(operator, webhook):
    channel = AlertChannel.objects.get()

    assert "Mute 1 channels" in act(operator, "alertchannel", "mute", channel)
    assert not AlertChannel.objects.get().is_muted
    act(operator, "alertchannel", "mute", channel, confirmed="yes")
    assert AlertChannel.objects.get().is_muted
    act(operator, "alertchannel", "unmute", channel, confirmed="yes")
    assert not AlertChannel.objects.get().is_muted
    assert AuditEvent.objects.filter(verb="alert_channel.changed").count() == 2


def test_a_test_message_is_sent_after_the_button(operator, webhook):
    channel = AlertChannel.objects.get()

    act(operator, "alertchannel", "test", channel)
    assert webhook.messages == []
    text = act(operator, "alertchannel", "test", channel, confirmed="yes")
    assert [message["title"] for message in webhook.messages] == ["Arbsite: a test"]
    assert "Team chat: delivered" in text
    webhook.answer = 500
    assert "answered with status 500" in act(operator, "alertchannel", "test", channel, confirmed="yes")


def test_a_rule_is_switched_off_after_the_button(operator, webhook):
    rule = AlertRule.objects.get()

    assert "Switch off 1 rules" in act(operator, "alertrule", "switch_off", rule)
    act(operator, "alertrule", "switch_off", rule, confirmed="yes")

    assert not AlertRule.objects.get().is_enabled
    assert AuditEvent.objects.filter(verb="alert_rule.changed").count() == 1


@pytest.mark.parametrize(
    ("page", "action"), [("alertchannel", "test"), ("alertchannel", "mute"), ("alertrule", "switch_off")]
)
def test_staff_below_operators_only_look(client, webhook, page, action):
    client.force_login(make_user("vera", Role.ANALYST, is_staff=True))
    row = client.get(listed(page)).context["cl"].queryset.get()

    act(client, page, action, row, confirmed="yes")

    assert webhook.messages == []
    assert (AlertRule.objects.get().is_enabled, AlertChannel.objects.get().is_muted) == (True, False)
