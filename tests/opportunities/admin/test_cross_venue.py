import pytest
from django.test import Client
from django.urls import reverse

from opportunities.models import CrossVenueOpportunity, SpreadEpisode
from opportunities.services.cross_venue import upsert_sightings
from tests.opportunities.sighting_factory import START, make_sighting
from tests.pricing.factories import make_user
from users.choices import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.force_login(make_user("staff", Role.OPERATOR, is_staff=True))
    return client


@pytest.fixture
def route() -> CrossVenueOpportunity:
    story = [make_sighting("open"), make_sighting("closed", seconds=3, reason="gone")]
    upsert_sightings(story, START)
    return CrossVenueOpportunity.objects.get()


def test_staff_see_routes_with_their_quotes(browser: Client, route: CrossVenueOpportunity) -> None:
    listed = browser.get(reverse("admin:opportunities_crossvenueopportunity_changelist"), {"q": "BTC"})
    page = browser.get(reverse("admin:opportunities_crossvenueopportunity_change", args=[route.pk]))

    assert "crypto:BTC/USDT" in listed.content.decode()
    assert "45001.2" in page.content.decode()


def test_staff_see_how_long_an_opening_lasted(browser: Client, route: CrossVenueOpportunity) -> None:
    listed = browser.get(reverse("admin:opportunities_spreadepisode_changelist"))
    page = browser.get(
        reverse("admin:opportunities_spreadepisode_change", args=[SpreadEpisode.objects.get().pk])
    )

    assert "3.0 s" in listed.content.decode()
    assert "binance → okx" in page.content.decode()


def test_nobody_writes_here(browser: Client, route: CrossVenueOpportunity) -> None:
    address = reverse("admin:opportunities_crossvenueopportunity_change", args=[route.pk])

    assert browser.post(address, {"net_bps": "1"}).status_code == 403
    assert (
        browser.post(reverse("admin:opportunities_crossvenueopportunity_delete", args=[route.pk])).status_code
        == 403
    )
    route.refresh_from_db()
    assert route.net_bps > 1
