"""Sessions as the operator configured them."""

from collections.abc import Collection
from typing import Final

from django.conf import settings
from yarl import URL

from common.addresses import is_public
from common.redis import open_async_redis
from common.resilience import Breaker, Pacer
from scrapers.choices import RobotsPolicy
from scrapers.errors import TargetForbidden

from .guard import Host
from .robots import Robots
from .session import PoliteSession

MIN_DELAY_SECONDS: Final = 2.0


def open_session(
    *,
    allowed_urls: Collection[str],
    robots: RobotsPolicy,
    min_delay: float | None = None,
    deadline: float | None = None,
) -> PoliteSession:
    """Return a session for the hosts of some base addresses, to be used with `async with`.

    Args:
        allowed_urls: base addresses; nothing else is ever asked.
        robots: whether robots.txt rules the route.
        min_delay: seconds between two requests to one host, if more than the settings say.
        deadline: seconds for one call, if not what the settings say.

    Raises:
        TargetForbidden: if an address is not public and https, and is not the simulator's either.
    """
    hosts = [host_of_base(url) for url in allowed_urls]
    client = open_async_redis()
    delay = max(MIN_DELAY_SECONDS, settings.SCRAPING_DELAY_MS / 1_000, min_delay or 0.0)
    rules = None
    if robots is not RobotsPolicy.PUBLISHED_API:
        rules = Robots(client, user_agent=settings.SCRAPING_USER_AGENT)
    session = PoliteSession(
        user_agent=settings.SCRAPING_USER_AGENT,
        pacer=Pacer(client, delay=delay),
        breaker=Breaker(client),
        robots=rules,
        allowed=hosts,
        proxy=settings.SCRAPING_PROXY,
        deadline=deadline or settings.SCRAPING_TIMEOUT_SECONDS,
        max_bytes=settings.SCRAPING_MAX_BODY_BYTES,
    )
    session.close_with(client.aclose)
    return session


def host_of_base(address: str) -> Host:
    """Return the host of a base address of the settings.

    Raises:
        TargetForbidden: if it is not public and https, and is not the simulator's either.
    """
    url = URL(address)
    simulator = settings.VENUE_SIMULATOR_URL
    if simulator and url.origin() == URL(simulator).origin():
        segment = next((part for part in url.path.split("/") if part), "")
        if not segment:
            raise TargetForbidden(detail="An address at the simulator names a venue.")
        label = segment if segment in settings.VENUE_URLS else "other"
        return Host.of(address, prefix=f"/{segment}", is_private_allowed=True, label=label)
    return Host.of(address, is_private_allowed=_is_relay(url), label=_label(url))


def _is_relay(url: URL) -> bool:
    """Tell whether an operator put a venue's base address on this machine, which development may do."""
    if settings.ARBSITE_ENV == "production" or not _is_loopback(url.host or ""):
        return False
    return any(url.origin() == URL(base).origin() for base in settings.VENUE_URLS.values() if base)


def _is_loopback(name: str) -> bool:
    return name in ("localhost", "::1") or (name.startswith("127.") and not is_public(name))


def _label(url: URL) -> str:
    origin = url.origin()
    for name, base in settings.VENUE_URLS.items():
        if base and URL(base).origin() == origin:
            return name
    return "other"
