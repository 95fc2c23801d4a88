"""Which addresses and credentials a route gets: the venues', or the simulator's for a demo market.

`configuration_for` is the one place that decides. A database with demo products never meets a real venue:
invented and real prices would end up in one history.
"""

from enum import StrEnum
from pathlib import Path
from typing import Final

from django.conf import settings

from catalog.models import Product
from scrapers.base import Configuration
from scrapers.errors import SourceNotReady
from scrapers.registry import RouteSpec

DEMO_MARKET_PRESENT: Final = "demo_market_present"


class Mode(StrEnum):
    """Whether routes meet the venues or the simulator."""

    LIVE = "live"
    DEMO = "demo"


def current_mode() -> Mode:
    """Return the mode of this installation, from its data.

    Raises:
        SourceNotReady: `demo_market_present`, if there are demo products and no simulator to price them.
    """
    if not Product.objects.filter(is_demo=True).exists():
        return Mode.LIVE
    if settings.VENUE_SIMULATOR_URL:
        return Mode.DEMO
    raise SourceNotReady(
        DEMO_MARKET_PRESENT,
        "The database holds the demo market: real prices do not mix with it. Remove it with "
        "`manage.py demo --reset`, or start the venue simulator (VENUE_SIMULATOR_URL).",
    )


def configuration_for(route: RouteSpec, mode: Mode, *, categories: tuple[str, ...] = ()) -> Configuration:
    """Return what a route needs to start: addresses, credentials, options, folder.

    Args:
        route: an entry of the registry.
        mode: of `current_mode`.
        categories: games to fetch; empty means all.
    """
    is_demo = mode is Mode.DEMO
    return Configuration(
        urls={name: _simulated(name) if is_demo else _real(name) for name in route.endpoints},
        credentials=_simulated_credentials(route) if is_demo else _credentials(route),
        options=dict(settings.VENUE_OPTIONS),
        categories=categories,
        folder=Path(settings.FEED_FOLDER),
    )


def _simulated(endpoint: str) -> str:
    return f"{settings.VENUE_SIMULATOR_URL}/{endpoint}"


def _real(endpoint: str) -> str:
    url: str = settings.VENUE_URLS[endpoint]
    if not url and endpoint == "amazon_login":
        from scrapers.venues.amazon.login import LOGIN_URLS  # it brings a whole HTTP client

        return LOGIN_URLS.get(settings.VENUE_OPTIONS["AMAZON_CREDENTIAL_VERSION"], "")
    return url


def _credentials(route: RouteSpec) -> dict[str, str]:
    """Return the credentials the route must have, and those it may use besides (same prefix)."""
    prefixes = {name.partition("_")[0] for name in (*route.credentials, *map(str.upper, route.endpoints))}
    known: dict[str, str] = settings.VENUE_CREDENTIALS
    wanted = route.credentials if not route.is_opt_in else ()
    optional = [
        name
        for name, value in known.items()
        if value and name.partition("_")[0] in prefixes and not route.is_opt_in
    ]
    return {name: known.get(name, "") for name in (*wanted, *optional) if name != "AMAZON_PAAPI_ACCESS_KEY"}


def _simulated_credentials(route: RouteSpec) -> dict[str, str]:
    names = {*route.credentials, *_credentials(route)}
    return {name: _simulated_value(name) for name in names}


def _simulated_value(name: str) -> str:
    if name == "AMAZON_PARTNER_TAG":
        return "simulator-20"
    return "simulator-secret" if name.endswith(("SECRET", "PRIVATE_KEY")) else "simulator"
