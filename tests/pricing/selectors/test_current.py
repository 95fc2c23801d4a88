from datetime import timedelta
from decimal import Decimal

import pytest

from pricing.models import CurrentPrice
from pricing.selectors import fresh_after, history_disagreements, latest_prices, market_prices, price_source
from tests.pricing.factories import NOW, make_held, make_product, make_source, observe, record

pytestmark = pytest.mark.django_db


def test_latest_prices_carry_the_provenance_of_their_batch():
    ring = make_product()
    batch = record(observe(ring, "1.77", seller_count=3))

    (price,) = latest_prices(source=make_source(), product_keys=[ring.key])

    assert (price.price, price.currency, price.source, price.finish) == (
        Decimal("1.77"),
        "EUR",
        "cardmarket",
        "nonfoil",
    )
    assert (price.batch_id, price.source_url, price.route, price.seller_count) == (
        batch.pk,
        "guide.json",
        "file",
        3,
    )
    assert (price.recorded_at, price.confidence_level, price.data_source_quality) == (NOW, "high", Decimal(1))


def test_latest_prices_are_filtered_and_ordered():
    ring, box = make_product(), make_product(sealed=True)
    record(
        observe(ring, "1"),
        observe(ring, "2", finish="foil"),
        observe(ring, "3", "low"),
        observe(box, "9"),
        observe(box, "8", "low"),
    )
    record(observe(ring, "4", "market", currency="USD"), source="tcgplayer")

    def found(**filters: object) -> list[Decimal]:
        return [price.price for price in latest_prices(**filters)]  # type: ignore[arg-type]

    assert found(product_keys=[ring.key]) == [Decimal(2), Decimal(3), Decimal(1), Decimal(4)]
    assert found(price_types=["low"]) == [Decimal(3), Decimal(8)]
    assert found(source=make_source("tcgplayer")) == [Decimal(4)]
    assert found(finishes=["foil"]) == [Decimal(2)]
    assert found(product_keys=[]) == []


def test_market_prices_are_the_fresh_ones_of_the_market_statistic():
    ring, old = make_product(), make_product()
    record(observe(old, "5"), at=NOW - timedelta(hours=73))
    record(observe(ring, "1"), observe(ring, "2", finish="foil"), observe(ring, "3", "low"))

    found = market_prices(source=make_source(), oldest=fresh_after(NOW))

    assert {key: row.price for key, row in found.items()} == {
        (ring.key, "nonfoil"): Decimal(1),
        (ring.key, "foil"): Decimal(2),
    }


def test_market_prices_of_another_statistic_and_of_some_products():
    ring, other = make_product(), make_product()
    record(observe(ring, "1"), observe(ring, "3", "low"), observe(other, "4", "low"))

    found = market_prices(source=make_source(), oldest=NOW, product_keys=[ring.key], price_type="low")

    assert [row.price for row in found.values()] == [Decimal(3)]


def test_near_mint_goes_before_any_condition_and_played_copies_are_no_market():
    ring, worn = make_product(), make_product()
    record(
        observe(ring, "1"), observe(ring, "9", condition="near_mint"), observe(ring, "5", condition="damaged")
    )
    record(observe(worn, "2", condition="heavily_played"))

    found = market_prices(source=make_source(), oldest=NOW)

    assert {key: row.price for key, row in found.items()} == {(ring.key, "nonfoil"): Decimal(9)}


def test_a_held_price_is_in_no_selection():
    row = make_held()

    assert latest_prices(product_keys=[row.product.key]) == []
    assert market_prices(source=make_source(), oldest=NOW) == {}


def test_selections_take_one_statement(django_assert_num_queries):
    source = make_source()
    record(*(observe(make_product(), "1") for _ in range(5)))

    with django_assert_num_queries(1):
        latest_prices(source=source)
    with django_assert_num_queries(1):
        market_prices(source=source, oldest=NOW)


def test_disagreements_name_what_is_missing_older_or_different():
    agreeing, missing, older, different = (make_product() for _ in range(4))
    record(*(observe(product, "1") for product in (agreeing, missing, older, different)))
    CurrentPrice.objects.filter(product=missing).delete()
    CurrentPrice.objects.filter(product=older).update(recorded_at=NOW - timedelta(days=1))
    CurrentPrice.objects.filter(product=different).update(price=2)

    found = {product for product, _, _ in history_disagreements()}

    assert found == {missing.key, older.key, different.key}
    assert history_disagreements([agreeing.key]) == []


def test_source_is_found_by_code():
    assert price_source("tcgplayer").currency == "USD"
