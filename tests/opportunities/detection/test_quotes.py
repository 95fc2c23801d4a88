"""What a sealed product costs at a source."""

import pytest

from opportunities.detection import sealed_quotes
from pricing.models import CurrentPrice, PriceVariant, QuarantinedPrice
from tests.pricing.factories import make_held, make_product, make_source, observe, record

pytestmark = pytest.mark.django_db


def quote_of(product):
    source = make_source()
    return sealed_quotes(source=source, price_type="trend", category="mtg")[product.id]


def variant_of(condition: str) -> PriceVariant:
    return PriceVariant.objects.get_or_create(
        condition=condition, finish="nonfoil", price_type="trend", currency="EUR"
    )[0]


def test_the_newest_accepted_price_of_an_unopened_product_is_its_cost():
    box = make_product("Box", sealed=True)
    record(observe(box, "100", seller_count=3))

    assert (quote_of(box).price, quote_of(box).seller_count) == (100, 3)


@pytest.mark.parametrize("condition", ["any", "near_mint", "damaged"])
def test_a_stored_price_of_an_opened_product_is_no_cost(condition: str):
    box = make_product("Box", sealed=True)
    record(observe(box, "40"))
    CurrentPrice.objects.filter(product=box).update(variant=variant_of(condition))

    assert quote_of(box).price is None


def test_a_held_price_of_an_opened_product_is_no_doubt_about_the_unopened_one():
    box = make_product("Box", sealed=True)
    make_held(box)
    assert quote_of(box).held_reasons

    rows = QuarantinedPrice.objects.filter(product=box, variant__price_type="trend")
    rows.update(variant=variant_of("any"))

    assert quote_of(box).held_reasons == ()
