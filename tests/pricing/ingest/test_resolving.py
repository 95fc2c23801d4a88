"""Which finish of which article a price is for."""

from decimal import Decimal

import pytest

from catalog.models import Product
from pricing.models import CurrentPrice
from tests.pricing.factories import make_product, make_source, observe, record

pytestmark = pytest.mark.django_db


def stored(product) -> dict[str, int]:
    rows = CurrentPrice.objects.filter(product=product)
    return {finish: int(price) for finish, price in rows.values_list("variant__finish", "price")}


@pytest.mark.parametrize(
    ("finishes", "observed", "expected"),
    [
        (["nonfoil", "foil"], {"nonfoil": "1", "foil": "2"}, {"nonfoil": 1, "foil": 2}),
        (["nonfoil"], {"nonfoil": "1", "foil": "2"}, {"nonfoil": 1}),
        (["foil"], {"nonfoil": "1", "foil": "2"}, {"foil": 2}),
        (["foil"], {"nonfoil": "1"}, {"foil": 1}),
        (["etched"], {"nonfoil": "1"}, {"etched": 1}),
        (["etched"], {"nonfoil": "1", "foil": "2"}, {"etched": 2}),
        (["foil", "etched"], {"foil": "2"}, {"foil": 2, "etched": 2}),
        (["nonfoil", "etched"], {"nonfoil": "1", "foil": "2"}, {"nonfoil": 1, "etched": 2}),
        (["nonfoil", "signed"], {"nonfoil": "1"}, {"nonfoil": 1}),
        (["glossy"], {"nonfoil": "1"}, {"glossy": 1}),
        ([], {"nonfoil": "1", "foil": "2"}, {"nonfoil": 1, "foil": 2}),
        (["foil"], {"": "1"}, {"foil": 1}),
        (["foil", "reverse"], {"nonfoil": "1"}, {"foil": 1}),
        (["foil", "reverse"], {"foil": "1", "reverse": "2"}, {"foil": 1, "reverse": 2}),
        (["nonfoil", "first_ed"], {"nonfoil": "1", "first_ed": "2"}, {"nonfoil": 1, "first_ed": 2}),
        (["first_ed"], {"nonfoil": "1"}, {"first_ed": 1}),
        (["first_foil"], {"first_foil": "1"}, {"first_foil": 1}),
        (["nonfoil", "foil"], {"": "1"}, {"nonfoil": 1}),
    ],
)
def test_an_id_without_finish_covers_every_finish_that_is_made(finishes, observed, expected):
    ring = make_product(finishes=finishes, ids={"mcm": "101"})

    record(*(observe("101", price, finish=finish) for finish, price in observed.items()))

    assert stored(ring) == expected


def test_an_id_with_a_finish_covers_only_that():
    ring = make_product(ids={"mcm/foil": "901", "mcm/nonfoil": "900"})

    record(observe("901", "9"), observe("900", "1"), observe("900", "5", finish="foil"))

    assert stored(ring) == {"foil": 9, "nonfoil": 1}


def test_an_etched_id_takes_the_foil_price_before_the_shared_id_does():
    ring = make_product(finishes=["foil", "etched"], ids={"tcgplayer": "1", "tcgplayer/etched": "2"})

    record(
        observe("1", "10", "market", finish="foil", currency="USD"),
        observe("2", "30", "market", finish="foil", currency="USD"),
        source="tcgplayer",
    )

    assert stored(ring) == {"foil": 10, "etched": 30}


def test_two_printings_can_share_an_id_by_finish():
    plain = make_product(finishes=["nonfoil"], ids={"mcm/nonfoil": "16165"})
    star = make_product(finishes=["foil"], ids={"mcm/foil": "16165"})

    record(observe("16165", "1"), observe("16165", "7", finish="foil"))

    assert (stored(plain), stored(star)) == ({"nonfoil": 1}, {"foil": 7})


def test_a_plain_price_does_not_stand_in_for_another_printing_that_shares_the_id():
    make_product(finishes=["nonfoil"], ids={"mcm/nonfoil": "16165"})
    star = make_product(finishes=["foil"], ids={"mcm/foil": "16165"})

    record(observe("16165", "1"))

    assert stored(star) == {}


def test_a_sealed_product_has_no_foil_price():
    box = make_product("Box", sealed=True, ids={"mcm": "103"})

    batch = record(observe("103", "100"), observe("103", "181", finish="foil"))

    assert stored(box) == {"nonfoil": 100}
    assert batch.skipped == {"finish_not_made": 1}


@pytest.mark.parametrize("condition", ["any", "near_mint", "damaged"])
def test_a_price_of_an_opened_box_is_no_price_of_the_sealed_product(condition: str):
    box = make_product("Box", sealed=True, ids={"mcm": "103"})

    batch = record(observe("103", "60", condition=condition), observe(box, "61", "low", condition=condition))

    assert stored(box) == {}
    assert batch.skipped == {"not_unopened": 2}


@pytest.mark.parametrize("condition", ["", "unopened"])
def test_a_price_of_a_sealed_product_without_condition_is_of_an_unopened_one(condition: str):
    box = make_product("Box", sealed=True, ids={"mcm": "103"})

    record(observe("103", "100", condition=condition), observe("103", "60", condition="any"))

    row = CurrentPrice.objects.select_related("variant").get(product=box)
    assert (row.variant.condition, row.price) == ("unopened", Decimal(100))


def test_an_opened_foil_box_is_counted_once_and_an_impossible_price_as_that():
    make_product("Box", sealed=True, ids={"mcm": "103"})

    batch = record(
        observe("103", "60", finish="foil", condition="any"), observe("103", "0", condition="any"),
        observe("104", "60", condition="any"),
    )  # fmt: skip

    assert batch.skipped == {"not_unopened": 1, "no_price": 1, "unmatched": 1, "unmatched_articles": 1}


def test_a_card_of_any_condition_keeps_its_price():
    ring = make_product(ids={"mcm": "101"})

    record(observe("101", "1", condition="any"))

    assert stored(ring) == {"nonfoil": 1}


def test_a_plain_price_beside_the_real_one_is_counted_as_standing_in_for_none():
    make_product(finishes=["foil"], ids={"mcm": "101"})

    batch = record(observe("101", "1"), observe("101", "2", finish="foil"))

    assert batch.skipped == {"stands_in_for_none": 1}


@pytest.mark.parametrize("many", [False, True], ids=["staged whole", "screened"])
def test_r002s_own_columns_name_a_product_where_no_identifier_does(many: bool):
    ring, other = make_product(), make_product(ids={"tcgplayer": "8"})
    Product.objects.filter(pk=ring.pk).update(tcg_product_id="7")
    Product.objects.filter(pk=other.pk).update(tcg_product_id="9")
    filling = [observe(str(number), "1", "market", currency="USD") for number in range(100, 2_200)]

    record(
        observe("7", "5", "market", currency="USD"), observe("8", "6", "market", currency="USD"),
        *(filling if many else ()), source="tcgplayer",
    )  # fmt: skip

    assert (stored(ring), stored(other)) == ({"nonfoil": 5}, {"nonfoil": 6})


def test_an_amazon_id_is_that_of_the_product():
    box = make_product("Box", sealed=True)
    Product.objects.filter(pk=box.pk).update(amazon_asin="B000000001")
    source = make_source("amazon")
    source.identifier_source = "amazon"
    source.save()

    record(observe("B000000001", "50", "market", currency=source.currency), source="amazon")

    assert stored(box) == {"nonfoil": 50}
