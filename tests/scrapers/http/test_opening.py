"""Sessions as the settings say, and never laxer."""

import pytest
from aiohttp import web
from yarl import URL

from common.resilience import pace_states
from scrapers.choices import RobotsPolicy
from scrapers.errors import TargetForbidden
from scrapers.http import host_of_base, open_session

from .sessions import venue

SIMULATOR = "http://127.0.0.1:8900"


@pytest.fixture
def simulated(settings):
    settings.VENUE_SIMULATOR_URL = SIMULATOR
    return settings


def test_a_venue_is_paced_by_its_host_and_counted_by_its_endpoint():
    host = host_of_base("https://tcgcsv.com")

    assert (host.key, host.label, host.is_private_allowed) == ("tcgcsv.com", "tcgcsv", False)


def test_a_simulated_venue_is_paced_by_its_segment(simulated):
    host = host_of_base(f"{SIMULATOR}/tcgcsv/tcgplayer")

    assert (host.key, host.label, host.is_private_allowed) == ("127.0.0.1:8900/tcgcsv", "tcgcsv", True)
    assert host_of_base(f"{SIMULATOR}/nonsense").label == "other"


def test_the_simulator_as_a_whole_is_no_venue(simulated):
    with pytest.raises(TargetForbidden):
        host_of_base(SIMULATOR)


@pytest.mark.parametrize("address", [
    "http://127.0.0.1:8901/tcgcsv", "https://127.0.0.1:8900/tcgcsv", "http://localhost:8900/tcgcsv",
    "http://tcgcsv.com", "https://tcgcsv.com:8443", "http://10.0.0.5/x",
])  # fmt: skip
def test_everything_else_is_public_and_https(simulated, address):
    with pytest.raises(TargetForbidden):
        host_of_base(address)


def test_development_may_point_a_venue_at_this_machine_and_production_may_not(settings):
    settings.VENUE_URLS = {**settings.VENUE_URLS, "tcgcsv": "http://localhost:9000/mirror"}
    settings.ARBSITE_ENV = "development"
    host = host_of_base("http://localhost:9000/mirror")
    assert (host.key, host.is_private_allowed, host.label) == ("localhost:9000", True, "tcgcsv")

    settings.ARBSITE_ENV = "production"
    with pytest.raises(TargetForbidden):
        host_of_base("http://localhost:9000/mirror")


def test_a_private_network_is_not_this_machine(settings):
    settings.VENUE_URLS = {**settings.VENUE_URLS, "tcgcsv": "http://10.0.0.5:9000"}
    with pytest.raises(TargetForbidden):
        host_of_base("http://10.0.0.5:9000")


async def test_an_opened_session_asks_and_never_sooner_than_after_two_seconds(settings):
    seen = []

    async def answer(request: web.Request) -> web.Response:
        seen.append((request.path, request.headers["User-Agent"]))
        return web.json_response({})

    settings.SCRAPING_DELAY_MS = 1  # whatever else got past the settings' own check
    settings.SCRAPING_USER_AGENT = "Arbsite/9 (+mailto:me@example.org)"
    async with venue(answer) as base:
        settings.VENUE_SIMULATOR_URL = base
        urls = [f"{base}/tcgcsv", f"{base}/scryfall"]
        async with open_session(
            allowed_urls=urls, robots=RobotsPolicy.PUBLISHED_API, min_delay=0.5
        ) as session:
            await session.get(f"{base}/tcgcsv/groups")
            await session.get(f"{base}/scryfall/bulk-data")

    assert seen == [
        ("/tcgcsv/groups", "Arbsite/9 (+mailto:me@example.org)"),
        ("/scryfall/bulk-data", "Arbsite/9 (+mailto:me@example.org)"),
    ]
    paces = {state.key: state.delay_seconds for state in pace_states()}
    authority = URL(base).authority
    assert paces[f"{authority}/tcgcsv"] == 2.0
    assert paces[f"{authority}/scryfall"] == 2.0


async def test_a_slower_route_is_asked_more_slowly_and_robots_are_obeyed(settings):
    seen = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.path)
        return web.Response(status=404) if request.path.endswith("robots.txt") else web.json_response({})

    async with venue(answer) as base:
        settings.VENUE_SIMULATOR_URL = base
        async with open_session(
            allowed_urls=[f"{base}/ebay_site"], robots=RobotsPolicy.PUBLISHED_API, min_delay=7
        ) as session:
            await session.get(f"{base}/ebay_site/x")
        assert {state.key: state.delay_seconds for state in pace_states()}[
            f"{URL(base).authority}/ebay_site"
        ] == 7.0

        settings.VENUE_SIMULATOR_URL = base
        async with open_session(allowed_urls=[f"{base}/amazon_site"], robots=RobotsPolicy.OBEY) as session:
            session._patience = 0.01  # the turn after robots.txt is two seconds away
            with pytest.raises(Exception, match="due in"):
                await session.get(f"{base}/amazon_site/x")

    assert seen == ["/ebay_site/x", "/amazon_site/robots.txt"]
