"""Coverage: what is tracked, and what of it is fresh."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Product, ProductSingle
from common.clock import utc_now
from pricing.models import PriceBatch
from scrapers.models import FeedDownload, SourceRoute
from scrapers.registry import SOURCES
from scrapers.selectors import SourceCoverage, coverage
from tests.pricing.factories import make_product, observe, record
from tests.scrapers.venue import FEED, PRICES, small_source

pytestmark = pytest.mark.django_db
NOW = utc_now()
OLD = NOW - timedelta(hours=5)


def _cardmarket() -> tuple[int, int]:
    (found,) = [item for item in coverage(now=NOW).by_source if item.source == "cardmarket"]
    return found.tracked, found.fresh


def test_sealed_products_and_their_singles_are_tracked_where_they_have_an_id():
    box = make_product("Box", sealed=True, ids={"mcm": "1"})
    inside, outside = make_product("Inside", ids={"mcm": "2"}), make_product("Outside", ids={"mcm": "3"})
    ProductSingle.objects.create(sealed_product=box, single_product=inside)
    make_product("Elsewhere", sealed=True, ids={"scryfall": "x"})
    gone = make_product("Gone", sealed=True, ids={"mcm": "4"})
    Product.objects.filter(pk=gone.pk).update(is_active=False)

    assert _cardmarket() == (2, 0)
    record(observe(outside, "5"), at=NOW)
    assert _cardmarket() == (2, 0)


def test_the_old_columns_count_as_ids_too():
    box = make_product("Box", sealed=True)
    Product.objects.filter(pk=box.pk).update(tcg_product_id="77", amazon_asin="B000000001")

    tracked = {item.source: item.tracked for item in coverage(now=NOW).by_source}

    assert (tracked["tcgplayer"], tracked["amazon"], tracked["ebay"]) == (1, 1, 0)


def test_a_price_observed_within_the_window_is_fresh_and_an_older_one_is_not():
    first, second = (make_product(name, sealed=True, ids={"mcm": name}) for name in "12")
    record(observe(first, "90"), at=NOW - timedelta(hours=3, minutes=59))
    record(observe(second, "90"), at=OLD)

    assert _cardmarket() == (2, 1)


def test_old_figures_that_were_received_or_confirmed_within_the_window_are_fresh():
    box = make_product("Box", sealed=True, ids={"mcm": "1"})
    record(observe(box, "90"), at=OLD)
    assert _cardmarket() == (1, 0)

    PriceBatch.objects.update(fetched_at=NOW - timedelta(hours=1))
    assert _cardmarket() == (1, 1)

    PriceBatch.objects.update(fetched_at=OLD, content_sha256="a" * 64)
    route = SourceRoute.objects.get(source="cardmarket", code="guide")
    known = FeedDownload.objects.create(route=route, url="guide.json", sha256="b" * 64, fetched_at=NOW)
    assert _cardmarket() == (1, 0), "other content at the same address confirms nothing"
    known.sha256 = "a" * 64
    known.save()
    assert _cardmarket() == (1, 1)

    FeedDownload.objects.update(fetched_at=OLD)
    assert _cardmarket() == (1, 0)
    SourceRoute.objects.filter(pk=route.pk).update(confirmed_at=NOW)
    assert _cardmarket() == (1, 1)


def test_a_product_is_fresh_in_all_if_one_source_is_and_peers_do_not_count():
    box = make_product("Box", sealed=True, ids={"mcm": "1", "tcgplayer": "2", "mtgjson": "u"})
    record(observe(box, "90"), at=NOW)

    found = coverage(now=NOW)

    assert (found.tracked, found.fresh, found.share) == (1, 1, Decimal(1))
    only_peers = coverage(now=NOW, sources=tuple(source for source in SOURCES if source.code == "mtgjson"))
    assert (only_peers.tracked, only_peers.by_source[0].tracked) == (0, 1)


def test_an_empty_catalogue_has_a_share_of_nothing():
    found = coverage(now=NOW)

    assert (found.tracked, found.share) == (0, Decimal(0))
    assert (found.window_hours, found.slots_per_cycle) == (4, 7_200)
    assert {item.source for item in found.by_source} == {source.code for source in SOURCES}


def test_another_registry_can_be_asked_about():
    source = replace(small_source(FEED), prices=(replace(PRICES, code="cardmarket"),))
    make_product("Box", sealed=True, ids={"mcm": "1"})

    assert coverage(now=NOW, sources=(source,)).by_source == (SourceCoverage("small", 1, 0),)


def test_it_takes_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        coverage(now=NOW)


@given(st.integers(1, 10**6).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_a_share_is_never_rounded_up(counts):
    fresh, tracked = counts
    share = SourceCoverage("x", tracked, fresh).share

    assert share * tracked <= fresh
    assert (share == 1) == (fresh == tracked)
