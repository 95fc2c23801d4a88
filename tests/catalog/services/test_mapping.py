from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.models import ContentsVersion, ProductSingle
from catalog.services import rebuild_contents, rebuild_product_singles, refresh_completeness
from common.models import AuditEvent
from tests.catalog.factories import (
    BoosterPackFactory,
    ProductSingleFactory,
    SealedProductFactory,
    SingleFactory,
    state_contents,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bear():
    return SingleFactory(name="Bear", rarity="rare")


def lines(product):
    rows = ProductSingle.objects.filter(sealed_product=product).order_by("-guaranteed", "single_product__key")
    return [(row.single_product_id, row.quantity, row.guaranteed, row.pull_probability) for row in rows]


def test_cards_become_guaranteed_and_packs_random_lines(bear, now):
    wolf = SingleFactory()
    booster = BoosterPackFactory(sheets=[("rare", 1, [(bear, 2), (wolf, 1)])])
    box = SealedProductFactory(contents=[(bear, 4), (booster, 36)])

    written = rebuild_product_singles(product_ids=[box.id], now=now)

    assert written == 3
    assert lines(box) == [
        (bear.id, 4, True, None),
        (bear.id, 36, False, Decimal("0.6666666667")),
        (wolf.id, 36, False, Decimal("0.3333333333")),
    ]  # fmt: skip
    row = ProductSingle.objects.get(sealed_product=box, guaranteed=True)
    assert (row.source, row.rarity, row.pull_basis, row.created_at) == (
        "contents",
        "rare",
        "per_product",
        now,
    )


def test_smallest_chance_keeps_ten_places(bear, now):
    booster = BoosterPackFactory(sheets=[("rare", 1, [(bear, 1), (SingleFactory(), 999_999)])])
    box = SealedProductFactory(contents=[(booster, 1)])

    rebuild_product_singles(product_ids=[box.id], now=now)

    assert ProductSingle.objects.get(single_product=bear).pull_probability == Decimal("0.000001")


def test_rebuilding_again_touches_nothing(bear, now):
    box = SealedProductFactory(contents=[(bear, 4)])
    rebuild_product_singles(product_ids=[box.id], now=now)
    before = list(ProductSingle.objects.values())

    assert rebuild_product_singles(product_ids=None, now=now + timedelta(days=1)) == 0
    assert list(ProductSingle.objects.values()) == before


def test_changed_contents_update_remove_and_add(bear, now):
    wolf, ox = SingleFactory(), SingleFactory()
    box = SealedProductFactory(contents=[(bear, 4), (wolf, 1)])
    rebuild_product_singles(product_ids=[box.id], now=now)
    kept = ProductSingle.objects.get(single_product=bear)
    state_contents(box, [(bear, 5), (ox, 1)])

    written = rebuild_product_singles(product_ids=[box.id], now=now + timedelta(days=1))

    assert written == 3
    assert lines(box) == [(bear.id, 5, True, None), (ox.id, 1, True, None)]
    assert ProductSingle.objects.get(single_product=bear).id == kept.id


def test_products_not_asked_for_are_left_alone(bear, now):
    box = SealedProductFactory(contents=[(bear, 4)])
    other = SealedProductFactory(contents=[(bear, 4)])

    rebuild_product_singles(product_ids=[box.id], now=now)

    assert lines(other) == []


def test_line_of_staff_stays_and_wins(bear, now):
    box = SealedProductFactory(contents=[(bear, 4)])
    mine = ProductSingleFactory(sealed_product=box, single_product=bear, quantity=9)

    assert rebuild_product_singles(product_ids=[box.id], now=now) == 0

    mine.refresh_from_db()
    assert (mine.quantity, ProductSingle.objects.count()) == (9, 1)


def test_nothing_asked_writes_nothing(now):
    assert rebuild_product_singles(product_ids=[], now=now) == 0


def test_completeness_is_written_once(bear):
    box = SealedProductFactory(contents=[(bear, 1), ("Lost", 1)])

    assert refresh_completeness(product_ids=[box.id]) == 1
    assert refresh_completeness(product_ids=None) == 0

    version = ContentsVersion.objects.get()
    assert (version.is_complete, version.missing) == (False, ["Deck not in the catalogue: Lost"])


def test_rebuilding_reaches_what_holds_the_product_and_is_recorded_once(bear, bob, now):
    pack = SealedProductFactory(contents=[(bear, 2)])
    box = SealedProductFactory(contents=[(pack, 36)])

    first = rebuild_contents(product_ids=[pack.id], actor=bob, now=now)
    again = rebuild_contents(product_ids=[pack.id], actor=bob, now=now)

    assert lines(box) == [(bear.id, 72, True, None)]
    assert (first, again) == (2, 0)
    [event] = AuditEvent.objects.filter(verb="product.contents_rebuilt")
    assert (event.subject, event.actor_id) == (f"product:{pack.id}", bob.id)
