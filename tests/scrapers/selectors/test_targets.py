"""What a plan is told of each product of a source."""

from datetime import timedelta

import pytest

from catalog.models import Product, ProductIdentifier
from common.clock import utc_now
from scrapers.models import ProductFetch, SourceRoute
from scrapers.registry import source_spec
from scrapers.selectors.targets import requests_since, source_article, source_targets
from tests.pricing.factories import make_product, observe, record, record_series

pytestmark = pytest.mark.django_db
NOW = utc_now()
CARDMARKET = source_spec("cardmarket")


def _rows(source) -> list[int]:
    return list(SourceRoute.objects.filter(source=source.code).values_list("pk", flat=True))


def _target(source=CARDMARKET):
    (target,) = source_targets(source, now=NOW, routes=_rows(source))
    return target


def test_an_unknown_product_has_no_figures():
    box = make_product("Box", sealed=True, ids={"mcm": "1"})

    target = _target()

    assert (target.key, target.subject.product_id, target.subject.external_ids) == (box.key, box.pk, ("1",))
    assert (target.received_at, target.attempted_at, target.failures) == (None, None, 0)
    assert (target.value, target.volatility) == (None, None)


def test_value_is_the_market_price_and_volatility_the_spread_of_its_month():
    box = make_product("Box", sealed=True, ids={"mcm": "1"})
    record_series(box, ["90", "100", "110"], until=NOW)
    record(observe(box, "60", "low"), at=NOW - timedelta(hours=1))

    target = _target()

    assert target.value == 110
    assert target.volatility == pytest.approx(0.1)
    assert target.received_at == NOW - timedelta(hours=1)


def test_attempts_on_the_given_routes_count():
    box = make_product("Box", sealed=True, ids={"mcm": "1"})
    guide, api = SourceRoute.objects.filter(source="cardmarket").order_by("position")
    elsewhere = SourceRoute.objects.get(source="ebay", code="browse")
    hours = [NOW - timedelta(hours=count) for count in (1, 2, 3)]
    for route, at, failures in ((guide, hours[1], 4), (api, hours[2], 2), (elsewhere, hours[0], 0)):
        ProductFetch.objects.create(
            route=route, product=box, attempted_at=at, outcome="blocked", failures=failures
        )
    ProductFetch.objects.filter(route=api).update(succeeded_at=hours[2])

    target = _target()

    assert (target.attempted_at, target.received_at, target.failures) == (hours[1], hours[2], 2)
    (of_api,) = source_targets(CARDMARKET, now=NOW, routes=[api.pk])
    assert (of_api.attempted_at, of_api.failures) == (hours[2], 2)
    assert requests_since([guide.pk, api.pk], moment=hours[1]) == 1


def test_ids_of_one_product_are_one_target_with_the_shortest_first():
    box = make_product("Box", sealed=True, ids={"mcm": "100", "mcm/foil": "20"})
    ProductIdentifier.objects.create(product=box, source="mcm", external_id="3", finish="etched")
    ProductIdentifier.objects.create(product=box, source="mcm", external_id="4000", finish="glossy")

    assert _target().subject.external_ids == ("3", "20", "100", "4000")


def test_the_columns_of_the_product_are_ids_of_their_source():
    box = make_product("Box", sealed=True)
    Product.objects.filter(pk=box.pk).update(ebay_product_id="epid:5", amazon_asin="B000000001")

    assert _target(source_spec("ebay")).subject.external_ids == ("epid:5",)
    assert _target(source_spec("amazon")).subject.external_ids == ("B000000001",)


def test_one_product_is_found_even_when_it_is_not_tracked():
    card = make_product("Card", ids={"mcm": "9"})

    assert source_targets(CARDMARKET, now=NOW, routes=_rows(CARDMARKET)) == []
    found = source_article(CARDMARKET, card.pk)
    assert found is not None
    assert found.external_ids == ("9",)
    assert source_article(source_spec("ebay"), card.pk) is None
