"""Which addresses and credentials a route gets, and that demo and real prices never mix."""

import pytest

from catalog.models import Product
from scrapers.errors import SourceNotReady
from scrapers.registry import source_spec
from scrapers.services import Mode, configuration_for, current_mode
from tests.pricing.factories import make_product

SIMULATOR = "http://127.0.0.1:8900"


def _route(source: str, code: str):
    (found,) = [route for route in source_spec(source).routes if route.code == code]
    return found


def test_live_routes_get_the_operators_addresses_and_keys(settings):
    settings.VENUE_URLS = {**settings.VENUE_URLS, "ebay_api": "https://ebay.example"}
    settings.VENUE_CREDENTIALS = {
        **settings.VENUE_CREDENTIALS,
        "EBAY_CLIENT_ID": "a",
        "EBAY_CLIENT_SECRET": "b",
        "POKEMONTCG_API_KEY": "c",
    }

    found = configuration_for(_route("ebay", "browse"), Mode.LIVE, categories=("mtg",))

    assert found.urls == {"ebay_api": "https://ebay.example"}
    assert found.credentials == {"EBAY_CLIENT_ID": "a", "EBAY_CLIENT_SECRET": "b"}
    assert found.categories == ("mtg",)
    assert configuration_for(_route("pokemontcg", "bulk"), Mode.LIVE).credentials == {
        "POKEMONTCG_API_KEY": "c"
    }


def test_pages_never_get_keys(settings):
    settings.VENUE_CREDENTIALS = {**settings.VENUE_CREDENTIALS, "EBAY_CLIENT_ID": "a"}

    assert configuration_for(_route("ebay", "sold"), Mode.LIVE).credentials == {}


def test_an_unset_amazon_login_is_that_of_the_credentials_version(settings):
    settings.VENUE_URLS = {**settings.VENUE_URLS, "amazon_login": ""}
    settings.VENUE_OPTIONS = {**settings.VENUE_OPTIONS, "AMAZON_CREDENTIAL_VERSION": "2.2"}

    found = configuration_for(_route("amazon", "creators"), Mode.LIVE)

    assert found.urls["amazon_login"] == "https://creatorsapi.auth.eu-south-2.amazoncognito.com"


def test_a_demo_meets_the_simulator_with_its_own_credentials(settings):
    settings.VENUE_SIMULATOR_URL = SIMULATOR
    settings.VENUE_CREDENTIALS = {
        **settings.VENUE_CREDENTIALS,
        "EBAY_CLIENT_ID": "real",
        "EBAY_CLIENT_SECRET": "real",
    }

    ebay = configuration_for(_route("ebay", "browse"), Mode.DEMO)
    amazon = configuration_for(_route("amazon", "creators"), Mode.DEMO)

    assert ebay.urls == {"ebay_api": f"{SIMULATOR}/ebay_api"}
    assert ebay.credentials == {"EBAY_CLIENT_ID": "simulator", "EBAY_CLIENT_SECRET": "simulator-secret"}
    assert amazon.credentials["AMAZON_PARTNER_TAG"] == "simulator-20"
    assert amazon.urls["amazon_login"] == f"{SIMULATOR}/amazon_login"


@pytest.mark.django_db
def test_demo_rows_without_a_simulator_keep_every_venue_away(settings):
    settings.VENUE_SIMULATOR_URL = ""
    assert current_mode() is Mode.LIVE
    make_product()
    Product.objects.update(is_demo=True)

    with pytest.raises(SourceNotReady) as refused:
        current_mode()
    assert refused.value.code == "demo_market_present"
    settings.VENUE_SIMULATOR_URL = SIMULATOR
    assert current_mode() is Mode.DEMO


@pytest.mark.django_db
def test_a_simulator_without_demo_rows_changes_nothing(settings):
    settings.VENUE_SIMULATOR_URL = SIMULATOR

    assert current_mode() is Mode.LIVE
