import pytest

from catalog.models import Product
from catalog.services import (
    DuplicateProductError,
    ProductTypeFixedError,
    create_product,
    deactivate_product,
    restore_product,
    update_product,
)
from common.models import AuditEvent
from tests.catalog.factories import SingleFactory

pytestmark = pytest.mark.django_db
FACTS = {"name": "Base Set Booster Box", "product_type": "sealed", "category": "pokemon"}


def verbs():
    return list(
        AuditEvent.objects.filter(subject__startswith="product:")
        .order_by("seq")
        .values_list("verb", flat=True)
    )


def test_article_is_made_with_its_key_and_recorded(bob, now):
    product = create_product(facts={**FACTS, "tcg_product_id": ""}, actor=bob, now=now)

    assert product.key > 0
    assert product.tcg_product_id is None
    assert verbs() == ["product.created"]


def test_taken_tcgplayer_id_is_refused(bob, now):
    SingleFactory(tcg_product_id="77")

    with pytest.raises(DuplicateProductError):
        create_product(facts={**FACTS, "tcg_product_id": "77"}, actor=bob, now=now)

    assert Product.objects.count() == 1
    assert verbs() == []


def test_change_is_recorded_by_field_and_no_change_is_not(bob, now):
    bear = SingleFactory(name="Bear")

    update_product(product_id=bear.id, facts={"name": "Ox", "rarity": bear.rarity}, actor=bob, now=now)
    update_product(product_id=bear.id, facts={"name": "Ox"}, actor=bob, now=now)

    bear.refresh_from_db()
    assert bear.name == "Ox"
    [event] = AuditEvent.objects.filter(verb="product.updated")
    assert event.data == {"fields": ["name"]}


def test_change_to_a_taken_tcgplayer_id_is_refused(bob, now):
    SingleFactory(tcg_product_id="77")
    bear = SingleFactory()

    with pytest.raises(DuplicateProductError):
        update_product(product_id=bear.id, facts={"tcg_product_id": "77"}, actor=bob, now=now)


@pytest.mark.parametrize("facts", [{"product_type": "sealed"}, {"category": "pokemon"}])
def test_type_and_game_cannot_change(facts, bob, now):
    bear = SingleFactory()

    with pytest.raises(ProductTypeFixedError):
        update_product(product_id=bear.id, facts=facts, actor=bob, now=now)


def test_field_that_is_not_editable_is_a_programming_error(bob, now):
    with pytest.raises(ValueError, match="key"):
        create_product(facts={**FACTS, "key": 3}, actor=bob, now=now)


def test_article_goes_out_of_use_and_comes_back_once(bob, now):
    bear = SingleFactory()

    assert deactivate_product(product_id=bear.id, actor=bob, now=now) is True
    assert deactivate_product(product_id=bear.id, actor=bob, now=now) is False
    assert Product.objects.get().is_active is False
    assert restore_product(product_id=bear.id, actor=bob, now=now) is True
    assert Product.objects.get().is_active is True
    assert verbs() == ["product.deactivated", "product.restored"]
