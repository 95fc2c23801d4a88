"""Is a host there at all? One polite request for its robots.txt, which every host must expect."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from scrapers.choices import RobotsPolicy
from scrapers.errors import FetchFailed, NotListed, RequestRejected
from scrapers.http import Expect
from scrapers.registry import SOURCES, SourceSpec
from scrapers.selectors.endpoints import configuration_for, current_mode
from scrapers.selectors.hosts import host_key
from scrapers.selectors.sources import SourceOverview

from .desk import SessionOpener, open_polite_session


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What one host answered. A refusal of the path is an answer too."""

    key: str
    is_reachable: bool
    detail: str
    seconds: float


def probed_urls(overviews: Sequence[SourceOverview], sources: Sequence[SourceSpec] = SOURCES) -> list[str]:
    """Return one address for each host of a route that may start.

    Raises:
        SourceNotReady: if live sources may not start beside the demo market.
    """
    mode = current_mode()
    ready = {(source.code, route.code) for source in overviews for route in source.routes if route.is_ready}
    urls = {
        host_key(url): url
        for source in sources
        for route in source.routes
        if (source.code, route.code) in ready
        for url in configuration_for(route, mode).urls.values()
        if url
    }
    return list(urls.values())


async def probe_hosts(
    urls: Sequence[str], *, open_session: SessionOpener = open_polite_session
) -> list[ProbeResult]:
    """Ask each address for its robots.txt, through the polite session with its pacing and breaker."""
    async with open_session(allowed_urls=urls, robots=RobotsPolicy.PUBLISHED_API) as session:
        results = []
        for url in urls:
            began = time.monotonic()
            try:
                response = await session.get(f"{url}/robots.txt", expect=Expect.TEXT)
                is_reachable, detail = True, f"answers {response.status}"
            except (NotListed, RequestRejected) as error:
                is_reachable, detail = True, f"answers, without a robots.txt ({error.code})"
            except FetchFailed as error:
                is_reachable, detail = False, f"{error.detail} [{error.code}]"
            results.append(ProbeResult(host_key(url), is_reachable, detail, time.monotonic() - began))
    return results
