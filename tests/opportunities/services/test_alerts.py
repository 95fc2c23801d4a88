import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from common.ids import uuid7
from common.models import AuditEvent
from opportunities.errors import AlertNotDelivered
from opportunities.models import Opportunity
from opportunities.services import expire_opportunity
from opportunities.services.alerts import send_alert
from tests.opportunities.factories import analyze, found, make_deck
from tests.pricing.factories import NOW

# apprise loads all its plugins at once, one of which still looks for a module Python is about to drop
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
]


@pytest.fixture
def row(settings) -> Opportunity:
    settings.ALERT_URLS = []
    deck = make_deck()
    analyze()
    return found(deck)


class Channel(HTTPServer):
    """A webhook on this machine that remembers what it was told."""

    answer = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Listener)
        self.messages: list[dict[str, str]] = []


class Listener(BaseHTTPRequestHandler):
    server: Channel

    def do_POST(self) -> None:
        self.server.messages.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Stay quiet."""


@pytest.fixture
def channel(row: Opportunity, settings) -> Iterator[Channel]:
    server = Channel()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.ALERT_URLS = [f"json://127.0.0.1:{server.server_port}"]
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def send(row: Opportunity, **changes: object) -> str:
    facts = {"opportunity_id": row.pk, "opened_at": row.opened_at, "now": NOW, **changes}
    return send_alert(**facts)  # type: ignore[arg-type]


def alerted() -> list[dict[str, object]]:
    return [event.data for event in AuditEvent.objects.filter(verb="opportunity.alerted")]


def test_without_channels_it_is_recorded_that_nobody_was_told(row: Opportunity):
    assert send(row) == "recorded"
    assert [data["channels"] for data in alerted()] == [0]


def test_an_alert_is_sent_once_per_opening(row: Opportunity, channel: Channel):
    assert [send(row), send(row)] == ["delivered", "already_done"]

    (message,) = channel.messages
    assert message["title"] == "Dragon Deck: +26.66 % after costs"
    assert "Buy at cardmarket for 60.00 EUR, singles bring 76.00 EUR net." in message["message"]
    assert len(alerted()) == 1


def test_a_new_opening_is_alerted_again(row: Opportunity, channel: Channel):
    send(row)
    expire_opportunity(opportunity_id=row.pk, reason="moved", actor=None, now=NOW)
    analyze(now=NOW + timedelta(hours=1))
    row.refresh_from_db()

    assert send(row, now=NOW + timedelta(hours=1)) == "delivered"
    assert len(channel.messages) == 2


def test_a_channel_that_fails_can_be_tried_again(row: Opportunity, channel: Channel):
    channel.answer = 500
    with pytest.raises(AlertNotDelivered) as refused:
        send(row)
    assert refused.value.retryable
    assert alerted() == []

    channel.answer = 200
    assert send(row) == "delivered"


def test_an_address_that_is_not_understood_is_an_error(row: Opportunity, settings):
    settings.ALERT_URLS = ["carrier-pigeon://coop"]

    with pytest.raises(AlertNotDelivered):
        send(row)


@pytest.mark.parametrize("change", ["closed", "review", "reopened", "unknown"])
def test_what_changed_since_alerts_nobody(row: Opportunity, channel: Channel, change: str):
    if change == "closed":
        expire_opportunity(opportunity_id=row.pk, reason="moved", actor=None, now=NOW)
    if change == "review":
        Opportunity.objects.update(needs_review=True)
    opened_at = NOW - timedelta(days=1) if change == "reopened" else row.opened_at
    opportunity_id = uuid7() if change == "unknown" else row.pk

    assert send(row, opened_at=opened_at, opportunity_id=opportunity_id) == "outdated"
    assert channel.messages == []
