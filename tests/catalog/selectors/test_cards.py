import pytest

from catalog.selectors import cards_by_key
from tests.catalog.factories import IdentifierFactory, SingleFactory

pytestmark = pytest.mark.django_db


def test_facts_of_many_cards_come_in_one_query(django_assert_num_queries):
    bear, wolf = SingleFactory(name="Bear", rarity="rare"), SingleFactory()
    IdentifierFactory(product=bear, source="mcm", external_id="12")
    IdentifierFactory(product=bear, source="ck", external_id="9", finish="foil")

    with django_assert_num_queries(1):
        facts = cards_by_key({bear.key, wolf.key, 2**31 - 1})

    assert set(facts) == {bear.key, wolf.key}
    assert (facts[bear.key].name, facts[bear.key].rarity, facts[bear.key].product_id) == (
        "Bear",
        "rare",
        bear.id,
    )
    assert facts[bear.key].identifiers == (("ck", "9", "foil"), ("mcm", "12", ""))
    assert facts[wolf.key].identifiers == ()


def test_no_keys_ask_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert cards_by_key([]) == {}
