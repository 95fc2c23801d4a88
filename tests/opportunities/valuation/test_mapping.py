import numpy as np
import pytest

from catalog.models import ProductSingle
from opportunities.models import PackedMapping
from opportunities.valuation import load_mapping, refresh_mapping
from tests.opportunities.factories import make_deck, put_inside
from tests.pricing.factories import make_product

pytestmark = pytest.mark.django_db


def lines_of(product):
    mapping = load_mapping([product.id])
    return sorted(
        zip(mapping.singles.tolist(), mapping.copies.tolist(), mapping.guaranteed.tolist(), strict=True)
    )


def test_lines_are_packed_once_and_again_after_a_change():
    deck = make_deck()

    assert refresh_mapping() == 1
    assert refresh_mapping() == 0
    put_inside(deck.sealed, make_product(), 3, probability="0.5", slot="extra")
    assert refresh_mapping() == 1

    copies = [copies for _, copies, _ in lines_of(deck.sealed)]
    assert copies == [10**10, 2 * 10**10, 10 * 10**10, 15 * 10**9]


@pytest.mark.parametrize(
    ("field", "value"), [("quantity", 4), ("finish", "foil")], ids=["quantity", "finish"]
)
def test_a_saved_line_is_packed_again(field: str, value: object):
    deck = make_deck()
    refresh_mapping()
    line = ProductSingle.objects.filter(sealed_product=deck.sealed)[0]
    setattr(line, field, value)
    line.save()

    assert refresh_mapping([deck.sealed.id]) == 1
    assert refresh_mapping() == 0


def test_a_product_without_lines_is_forgotten():
    make_deck()
    refresh_mapping()
    ProductSingle.objects.all().delete()

    assert refresh_mapping() == 1
    assert not PackedMapping.objects.exists()
    assert load_mapping().products == []


def test_trials_per_pack_count_every_pack():
    box, card = make_product(sealed=True), make_product()
    line = put_inside(box, card, 2, probability="0.25", slot="rare")
    line.pull_basis, line.packs_per_product = "per_pack", 36
    line.save()
    refresh_mapping()

    assert lines_of(box) == [(card.key, 18 * 10**10, False)]


def test_products_come_in_order_with_their_own_lines():
    decks = [make_deck() for _ in range(3)]
    refresh_mapping()

    mapping = load_mapping()

    assert mapping.products == sorted(deck.sealed.id for deck in decks)
    assert mapping.lengths.tolist() == [3, 3, 3]
    assert mapping.starts.tolist() == [0, 3, 6]
    assert mapping.singles.dtype == np.int32


def test_inactive_products_are_left_out():
    deck = make_deck()
    refresh_mapping()
    deck.sealed.is_active = False
    deck.sealed.save()

    assert load_mapping().products == []
