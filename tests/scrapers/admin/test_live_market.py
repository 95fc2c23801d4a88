"""Tests of the staff pages of live markets."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from common.clock import utc_now
from common.models import AuditEvent
from common.secrets import Secret
from scrapers.models import LiveMarket
from scrapers.selectors.live_markets import market_token
from scrapers.services.live_markets import sync_environment_markets

pytestmark = pytest.mark.django_db

ADD = "/admin/scrapers/livemarket/add/"
TYPED = {
    "code": "gamma", "adapter": "json", "side": "both", "is_enabled": "on",
    "url": "https://gamma.example/quotes", "order_url": "", "token_header": "", "poll_ms": "2000",
    "timeout_ms": "5000", "fee_bps": "12.5", "slippage_bps": "0", "fixed_fee": "0", "currency": "usd",
    "region": "us", "brands": "Amazon,App Store & iTunes", "network": "", "items_path": "",
    "field_map": "{}", "new_token": "t0p-s3cret",
}  # fmt: skip


def page_of(row: LiveMarket) -> str:
    return reverse("admin:scrapers_livemarket_change", args=[row.pk])


def confirmed(client: Client, path: str, typed: dict[str, str]) -> str:
    """Send the form, press the button of the page that follows, and return that page."""
    page = client.post(path, typed).content.decode()
    kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    kept.pop("csrfmiddlewaretoken", None)
    client.post(
        path, {name: value.replace("&amp;", "&").replace("&quot;", '"') for name, value in kept.items()}
    )
    return page


def test_a_market_is_declared_after_a_look_and_its_token_never_shown(operator):
    page = confirmed(operator, ADD, TYPED)

    row = LiveMarket.objects.get(code="gamma")
    assert (row.origin, row.currency, row.region) == ("staff", "USD", "US")
    assert row.brands == ["amazon", "app-store-itunes"]
    assert market_token(row) == Secret("t0p-s3cret")
    assert "t0p-s3cret" not in page
    assert "Declare gamma" in page
    assert "t0p-s3cret" not in operator.get(page_of(row)).content.decode()
    event = AuditEvent.objects.get(subject="live_market:gamma")
    assert event.verb == "live_market.declared"
    assert "t0p-s3cret" not in str(event.data)


def test_nothing_is_stored_before_the_button(operator):
    operator.post(ADD, TYPED)

    assert not LiveMarket.objects.exists()


def test_a_change_shows_before_and_after_and_keeps_the_token(operator):
    confirmed(operator, ADD, TYPED)
    row = LiveMarket.objects.get(code="gamma")

    page = confirmed(operator, page_of(row), {**TYPED, "fee_bps": "99", "new_token": ""})

    row.refresh_from_db()
    assert row.fee_bps == 99
    assert market_token(row) == Secret("t0p-s3cret")
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", page)
    assert cells == ["Fee bps", "12.500", "99"]


def test_a_token_is_typed_again_for_another_host(operator):
    confirmed(operator, ADD, TYPED)
    row = LiveMarket.objects.get(code="gamma")

    page = operator.post(page_of(row), {**TYPED, "url": "https://evil.example/q", "new_token": ""})

    assert "type it again" in page.content.decode()
    row.refresh_from_db()
    assert row.url == TYPED["url"]


def test_a_token_can_be_removed(operator):
    confirmed(operator, ADD, TYPED)
    row = LiveMarket.objects.get(code="gamma")

    confirmed(operator, page_of(row), {**TYPED, "new_token": "", "remove_token": "on"})

    row.refresh_from_db()
    assert row.token == ""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"url": "http://127.0.0.1/quotes"}, "is not https on port 443"),
        ({"poll_ms": "1"}, "200"),
        ({"region": "Mars"}, "is no ISO 3166 code"),
        ({"fee_bps": "10000"}, "takes the whole price"),
        ({"new_token": "two words"}, "is no token"),
        ({"field_map": "[1]"}, "Write an object"),
        ({"adapter": "binance"}, "Select a valid choice"),
    ],
)
def test_mistakes_come_back_with_the_form(operator, change, told):
    page = operator.post(ADD, {**TYPED, **change}).content.decode()

    assert told in page
    assert not LiveMarket.objects.exists()


def test_what_the_environment_declares_is_only_shown(operator):
    environ = {
        "MKT_ALPHA_SIDE": "sell",
        "MKT_ALPHA_URL": "https://alpha.example/quotes",
        "MKT_ALPHA_TOKEN": "t",
    }
    sync_environment_markets(environ, now=utc_now())
    row = LiveMarket.objects.get(code="alpha")

    assert operator.get(page_of(row)).status_code == 200
    assert operator.post(page_of(row), {**TYPED, "code": "alpha", "confirmed": "yes"}).status_code == 403
    row.refresh_from_db()
    assert row.url == "https://alpha.example/quotes"


def test_markets_are_switched_from_the_list(operator):
    confirmed(operator, ADD, TYPED)
    row = LiveMarket.objects.get(code="gamma")
    path = "/admin/scrapers/livemarket/"
    action = {"action": "switch_off", "_selected_action": [str(row.pk)]}

    assert b"Their routes close" in operator.post(path, action).content
    operator.post(path, {**action, "confirmed": "yes"})

    row.refresh_from_db()
    assert not row.is_enabled
    assert "disabled" in operator.get(path).content.decode()


def test_onlookers_look_and_do_not_write(operator, onlooker):
    confirmed(operator, ADD, TYPED)
    row = LiveMarket.objects.get(code="gamma")

    assert onlooker.get("/admin/scrapers/livemarket/").status_code == 200
    assert onlooker.get(page_of(row)).status_code == 200
    assert onlooker.post(page_of(row), {**TYPED, "confirmed": "yes"}).status_code == 403
    assert onlooker.post(ADD, TYPED).status_code == 403
