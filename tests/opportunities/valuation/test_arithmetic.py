from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.selectors import contents_graph
from catalog.services import rebuild_product_singles
from opportunities.valuation import value_all
from opportunities.valuation.arithmetic import exact_sums
from quant.fees import flat_rate
from quant.sealed.valuation import value_contents
from tests.catalog.factories import BoosterPackFactory, state_contents
from tests.opportunities.factories import POLICY, make_deck, price, put_inside
from tests.pricing.factories import NOW, make_product, make_source, observe, record

FEES = flat_rate(Decimal("0.05"), "EUR")
lines = st.lists(
    st.tuples(st.integers(-1, 10**15), st.integers(0, 2**31)), min_size=1, max_size=20
)  # fmt: skip


@given(st.lists(lines, min_size=1, max_size=6))
def test_sums_equal_those_of_unbounded_integers(products):
    copies = np.array([copy for part in products for copy, _ in part], dtype=np.int64)
    factors = np.array([factor for part in products for _, factor in part], dtype=np.int64)
    starts = np.cumsum([0, *(len(part) for part in products)])[:-1]

    sums = exact_sums(copies, factors, starts)

    assert sums == [sum(max(copy, 0) * factor for copy, factor in part) for part in products]


def values(**options):
    found = value_all(
        source=make_source(), price_type="trend", schedule=FEES, policy=POLICY, now=NOW, **options
    )
    return found.products


@pytest.mark.django_db
class TestValueAll:
    def test_a_deck_has_the_totals_computed_by_hand(self):
        deck = make_deck()

        value = values()[deck.sealed.id]

        assert (value.gross, value.net) == (Decimal("85.00"), Decimal("76.00"))
        assert (value.lines, value.lines_counted, value.copies, value.coverage) == (3, 2, 13, 1)
        assert value.oldest_at == NOW

    def test_some_products_are_valued_as_all_are(self):
        deck, other = make_deck(), make_deck()

        assert values(product_ids=[deck.sealed.id]) == {deck.sealed.id: values()[deck.sealed.id]}
        assert other.sealed.id in values()

    def test_a_random_line_counts_its_expected_copies(self):
        box, card = make_product(sealed=True), make_product()
        put_inside(box, card, 36, probability="0.0082644628", slot="rare")
        price(card, "50.00")

        value = values()[box.id]

        assert value.copies == Decimal("0.2975206608")
        assert value.gross == Decimal("14.876033040000")
        assert value.net == Decimal("0.2975206608") * Decimal("47.50")

    def test_an_outdated_price_counts_as_none_and_hints_at_what_is_missing(self):
        deck = make_deck()
        late = NOW + timedelta(hours=73)
        record(observe(deck.solid, "20.00"), observe(deck.bulk, "0.50"), at=late)

        value = value_all(
            source=make_source(), price_type="trend", schedule=FEES, policy=POLICY, now=late
        ).products[deck.sealed.id]

        assert (value.gross, value.priced_copies) == (Decimal("45.00"), Decimal(12))
        assert value.missing_value == Decimal("40.00")

    def test_an_empty_market_has_no_values(self):
        assert values() == {}

    def test_an_impossible_number_of_copies_is_marked(self):
        deck = make_deck()
        put_inside(deck.sealed, make_product(), 2_000_000)

        assert values()[deck.sealed.id].is_absurd

    def test_queries_do_not_depend_on_the_number_of_products(self, django_assert_max_num_queries):
        for _ in range(4):
            make_deck()
        values()

        with django_assert_max_num_queries(8):
            assert len(values()) == 4

    def test_totals_equal_the_exact_valuation_of_the_graph(self):
        cards = [make_product(f"Card {number}") for number in range(8)]
        for number, card in enumerate(cards):
            price(card, str(Decimal("0.37") * (number + 1) ** 3))
        pack = BoosterPackFactory(
            sheets=[
                ("common", 3, [(card, 1) for card in cards[:5]]),
                ("rare", 1, [(card, 2) for card in cards[5:]]),
            ]
        )
        box = make_product("Box", sealed=True)
        state_contents(box, [(pack, 36), (cards[7], 2)])
        rebuild_product_singles(product_ids=[box.id], now=NOW)

        value = values()[box.id]

        prices = {
            (card.key, "nonfoil"): Decimal("0.37") * (number + 1) ** 3 for number, card in enumerate(cards)
        }
        exact = value_contents(
            contents_graph([box.id])[box.id], prices=prices, fees=FEES, floor=Decimal("1.00")
        )
        assert abs(value.gross - exact.expected_value) < Decimal("0.01")
        assert abs(value.net - exact.executable_value) < Decimal("0.01")
        assert value.coverage == exact.coverage == 1
