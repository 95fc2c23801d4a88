"""Channels over REST: an address goes in, is checked, and never comes out."""

import pytest

from common.models import AuditEvent
from opportunities.models import AlertChannel
from tests.opportunities.alert_factories import (
    make_channel,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
]
CHANNELS = "/api/v1/alert-channels/"


def pointers(answer) -> set[str]:
    return {error["pointer"] for error in answer.json()["errors"]}


def test_a_channel_is_added_tested_and_never_shows_its_address(api, webhook):
    made = api.post(CHANNELS, {"name": "Mine", "url": webhook.url}, format="json")

    assert made.status_code == 201
    path = f"{CHANNELS}{made.json()['id']}/"
    assert made.json()["url_hint"] == f"json://{webhook.place}"
    tested = api.post(f"{path}test/")
    assert tested.json() == {"delivered": True, "error": ""}
    assert webhook.messages[0]["title"] == "Arbsite: a test"
    webhook.answer = 404
    assert api.post(f"{path}test/").json()["error"] == "The channel answered with status 404."
    shown = api.get(path)
    assert (shown.json()["state"], shown.json()["last_error"]) == (
        "failing",
        "The channel answered with status 404.",
    )
    renamed = api.patch(path, {"name": "Ours", "is_muted": True}, format="json")
    assert (renamed.json()["name"], renamed.json()["is_muted"]) == ("Ours", True)
    answers = [made, tested, shown, renamed, api.get(CHANNELS)]
    assert all("canary-token" not in answer.content.decode() for answer in answers)
    assert "canary" not in AlertChannel.objects.get().url
    assert "canary" not in str([event.data for event in AuditEvent.objects.all()])


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("file:///etc/canary", "channel_refused"),
        ("http://example.org/canary", "channel_refused"),
        ("json://127.0.0.1/canary", "channel_refused"),
        ("https://127.0.0.1/canary", "address_forbidden"),
        ("https://2130706433/canary", "address_forbidden"),
        ("https://[::1]/canary", "address_forbidden"),
        ("jsons://169.254.169.254/canary", "address_forbidden"),
        ("https://no-such-host.invalid/canary", "host_not_found"),
        ("canary", "channel_refused"),
        ("", "blank"),
        ("https://example.org/" + "canary" * 200, "max_length"),
    ],
    ids=str,
)
def test_a_refused_address_is_a_fault_of_its_field_and_not_repeated(api, url, code):
    answer = api.post(CHANNELS, {"name": "Mine", "url": url}, format="json")

    assert answer.status_code == 400
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [("/url", code)]
    assert "canary" not in answer.content.decode()
    assert AlertChannel.objects.count() == 0


@pytest.mark.parametrize(
    "facts", [{"url_hint": "x"}, {"state": "working"}, {"user": "x"}, {"last_error": "x"}, {"id": "x"}]
)
def test_what_is_not_the_owners_to_state_is_refused(api, alice, webhook, facts):
    channel = make_channel(alice, webhook.url)

    assert api.patch(f"{CHANNELS}{channel.pk}/", facts, format="json").status_code == 400
    body = {"name": "Mine", "url": webhook.url, **facts}
    assert api.post(CHANNELS, body, format="json").status_code == 400


def test_a_new_address_has_to_be_tested_again(api, alice, webhook):
    channel = make_channel(alice, webhook.url)
    path = f"{CHANNELS}{channel.pk}/"
    api.post(f"{path}test/")

    changed = api.patch(path, {"url": f"json://{webhook.place}/other"}, format="json")

    assert changed.json()["state"] == "untested"
    assert api.patch(path, {"url": "https://127.0.0.1/"}, format="json").status_code == 400


def test_tests_are_limited(api, alice, webhook):
    path = f"{CHANNELS}{make_channel(alice, webhook.url).pk}/test/"

    answers = [api.post(path).status_code for _ in range(12)]

    assert answers == [200] * 10 + [429] * 2
    assert len(webhook.messages) == 10
