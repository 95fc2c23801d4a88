"""Searching venues by name: candidates are shown, and noted only when asked to."""

from decimal import Decimal
from typing import Any

import pytest

from common.clock import utc_now
from common.models import AuditEvent
from pricing.choices import Route
from pricing.models import UnmatchedArticle
from scrapers.base import BaseScraper
from scrapers.errors import Blocked
from scrapers.records import SearchHit
from scrapers.registry import RESEARCHED_ON, RouteSpec
from scrapers.services.discovering import QueryRefused, note_candidates, search_venues
from tests.pricing.factories import make_product
from tests.scrapers.venue import API, ENDPOINT


class SmallSearch(BaseScraper):
    """Finds two boxes, whatever it is asked for."""

    source, code, route = "small", "finder", Route.API
    offers = frozenset({"search"})

    async def search_products(self, query: str) -> list[SearchHit]:
        return [
            SearchHit("7", f"{query} Box", price=Decimal("99.50"), currency="EUR"),
            SearchHit("8", f"{query} Case", set_name="Alpha"),
        ]


class BlockedSearch(SmallSearch):
    """Is turned away."""

    code = "blocked"

    async def search_products(self, query: str) -> list[SearchHit]:
        raise Blocked(detail="Turned away.")


def route(code: str, scraper: type[BaseScraper]) -> RouteSpec:
    return RouteSpec(
        code=code, route=Route.API, scraper=f"{__name__}:{scraper.__name__}", endpoints=(ENDPOINT,),
        terms_url="https://venue.example/terms", reviewed_on=RESEARCHED_ON,
    )  # fmt: skip


FINDER, BLOCKED = route("finder", SmallSearch), route("blocked", BlockedSearch)


def test_candidates_say_whether_they_are_known(make_setup):
    product = make_product(ids={"mcm": "7"})

    search = search_venues("  Ice  Age ", setup=make_setup(API, FINDER), now=utc_now())

    assert [(one.hit.name, one.product_id) for one in search.candidates] == [
        ("Ice Age Box", product.pk), ("Ice Age Case", None)
    ]  # fmt: skip
    assert (search.asked, search.problems) == (["small"], [])
    assert not UnmatchedArticle.objects.exists()


def test_a_route_that_fails_falls_back_to_the_next_and_is_named(make_setup):
    search = search_venues("Ice", setup=make_setup(BLOCKED, FINDER), now=utc_now())

    assert len(search.candidates) == 2
    assert [(subject, code) for subject, code, _ in search.problems] == [("small/blocked", "blocked")]


def test_unknown_candidates_wait_for_a_person_once(make_setup):
    make_product(ids={"mcm": "7"})
    search = search_venues("Ice", setup=make_setup(FINDER), now=utc_now())

    first = note_candidates(search.candidates, now=utc_now())
    second = note_candidates(search.candidates, now=utc_now())

    assert (first, second) == (1, 0)
    article = UnmatchedArticle.objects.get()
    assert (article.name_space, article.external_id, article.name, article.set_name) == (
        "mcm", "8", "Ice Case", "Alpha"
    )  # fmt: skip
    assert AuditEvent.objects.filter(verb="unmatched.discovered").count() == 2


@pytest.mark.parametrize("query", ["", "   ", "x" * 201, "a\x00b"])
def test_queries_without_a_word_are_refused(make_setup: Any, query: str):
    with pytest.raises(QueryRefused):
        search_venues(query, setup=make_setup(FINDER), now=utc_now())
