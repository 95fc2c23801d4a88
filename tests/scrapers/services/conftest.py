"""The small venue, running, with its routes in the register."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from common.clock import utc_now
from scrapers.registry import RouteSpec
from scrapers.selectors import Mode
from scrapers.services import sync_register
from scrapers.services.desk import Setup
from tests.scrapers.venue import ENDPOINT, Venue, open_plain, running, small_source


@pytest.fixture
def venue(settings: Any, tmp_path: Any) -> Iterator[Venue]:
    with running(Venue()) as venue:
        settings.VENUE_URLS = {**settings.VENUE_URLS, ENDPOINT: venue.url}
        settings.FEED_FOLDER = tmp_path
        yield venue


@pytest.fixture
def make_setup(db: None, venue: Venue) -> Callable[..., Setup]:
    def make(*routes: RouteSpec) -> Setup:
        source = small_source(*routes)
        sync_register(utc_now(), sources=(source,))
        return Setup(mode=Mode.LIVE, sources=(source,), open_session=open_plain)

    return make
