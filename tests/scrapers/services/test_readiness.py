"""A route starts only if nothing is in the way, and says what is."""

from datetime import date, timedelta

import pytest

from common.clock import utc_now
from scrapers.errors import RetiredInterface, SourceNotReady
from scrapers.models import SourceRoute
from scrapers.registry import source_spec
from scrapers.selectors import Mode
from scrapers.services import require_ready

pytestmark = pytest.mark.django_db
NOW = utc_now()


def _route(source: str, code: str):
    (spec,) = [route for route in source_spec(source).routes if route.code == code]
    row = SourceRoute.objects.get(source=source, code=code)
    row.reviewed_on = NOW.date()
    return row, spec


def _refusal(row, spec, mode: Mode = Mode.LIVE) -> str:
    with pytest.raises(SourceNotReady) as refused:
        require_ready(row, spec, mode=mode, now=NOW)
    assert str(row) in refused.value.detail or "AMAZON_PAAPI" in refused.value.detail
    return refused.value.code


def test_a_public_feed_with_a_fresh_review_starts():
    require_ready(*_route("cardmarket", "guide"), mode=Mode.LIVE, now=NOW)


@pytest.mark.parametrize(("age", "is_ready"), [(0, True), (179, True), (180, False), (4000, False)])
def test_a_review_lasts_180_days(age, is_ready):
    row, spec = _route("cardmarket", "guide")
    row.reviewed_on = NOW.date() - timedelta(days=age)

    if is_ready:
        require_ready(row, spec, mode=Mode.LIVE, now=NOW)
    else:
        assert _refusal(row, spec) == "terms_review_expired"


def test_terms_nobody_reviewed_keep_a_route_off(settings):
    row, spec = _route("ebay", "sold")
    row.acknowledged_at, row.reviewed_on = NOW, None

    assert _refusal(row, spec) == "terms_not_reviewed"


def test_an_opt_in_route_needs_an_acknowledgement():
    row, spec = _route("ebay", "sold")

    assert _refusal(row, spec) == "not_acknowledged"
    row.acknowledged_at = NOW
    require_ready(row, spec, mode=Mode.LIVE, now=NOW)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    ("source", "code", "setting", "chosen", "currency"),
    [
        ("ebay", "browse", "EBAY_MARKETPLACE", "EBAY_GB", "GBP"),
        ("ebay", "sold", "EBAY_MARKETPLACE", "EBAY_DE", "EUR"),
        ("amazon", "creators", "AMAZON_MARKETPLACE", "www.amazon.de", "EUR"),
        ("amazon", "page", "AMAZON_MARKETPLACE", "www.amazon.co.jp", "JPY"),
    ],
)
def test_a_marketplace_in_another_currency_than_the_source_is_refused(
    settings, source, code, setting, chosen, currency, mode
):
    settings.VENUE_OPTIONS = {**settings.VENUE_OPTIONS, setting: chosen}
    row, spec = _route(source, code)

    with pytest.raises(
        SourceNotReady, match=f"{setting}={chosen} prices in {currency}, but the price source is in USD"
    ) as refused:
        require_ready(row, spec, mode=mode, now=NOW)

    assert refused.value.code == "marketplace_currency"


def test_an_unknown_marketplace_is_refused_with_those_that_fit(settings):
    settings.VENUE_OPTIONS = {**settings.VENUE_OPTIONS, "EBAY_MARKETPLACE": "EBAY_XX"}
    row, spec = _route("ebay", "browse")

    with pytest.raises(SourceNotReady, match=r"EBAY_MARKETPLACE='EBAY_XX' is no marketplace; set EBAY_US\.$"):
        require_ready(row, spec, mode=Mode.LIVE, now=NOW)


@pytest.mark.parametrize(("source", "code"), [("ebay", "browse"), ("amazon", "page")])
def test_the_default_marketplaces_are_in_the_currency_of_their_sources(source, code):
    require_ready(*_route(source, code), mode=Mode.DEMO, now=NOW)


def test_every_missing_credential_is_named(settings):
    settings.VENUE_CREDENTIALS = {**settings.VENUE_CREDENTIALS, "EBAY_CLIENT_ID": "id"}
    row, spec = _route("ebay", "browse")

    with pytest.raises(SourceNotReady, match=r"needs EBAY_CLIENT_SECRET\.$"):
        require_ready(row, spec, mode=Mode.LIVE, now=NOW)


def test_a_switched_off_route_stays_off_even_in_a_demo():
    row, spec = _route("cardmarket", "guide")
    row.is_enabled = False

    assert _refusal(row, spec) == "switched_off"
    assert _refusal(row, spec, Mode.DEMO) == "switched_off"


def test_the_retired_amazon_interface_says_what_replaced_it(settings):
    settings.VENUE_CREDENTIALS = {**settings.VENUE_CREDENTIALS, "AMAZON_PAAPI_ACCESS_KEY": "old"}

    with pytest.raises(RetiredInterface, match="Creators API"):
        require_ready(*_route("amazon", "creators"), mode=Mode.LIVE, now=NOW)


def test_a_demo_needs_neither_keys_nor_terms():
    row, spec = _route("ebay", "sold")
    row.reviewed_on = date(2020, 1, 1)

    require_ready(row, spec, mode=Mode.DEMO, now=NOW)
