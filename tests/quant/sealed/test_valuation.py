"""What contents are worth: linear in prices, indifferent to how lines are written, honest about gaps."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.fees import FeeSchedule, flat_rate, net_proceeds
from quant.money import InvalidAmount
from quant.sealed.contents import Contents, expected_copies
from quant.sealed.distribution import value_distribution
from quant.sealed.valuation import important_unpriced, is_covered, minor_units, value_contents

from ..strategies import amounts, card_prices, contents, fee_schedules

CENT = Decimal("0.01")
DECK = Contents(cards=(("commander", 1), ("staple", 2), ("land", 97)))
PRICES = {"commander": Decimal("12.34"), "staple": Decimal("3.00"), "land": Decimal("0.02")}


def line_of(valuation, card):
    return next(line for line in valuation.lines if line.card == card)


def test_deck_is_valued_to_the_cent():
    valuation = value_contents(DECK, prices=PRICES)

    assert valuation.expected_value == valuation.executable_value == Decimal("20.28")
    assert valuation.coverage == 1
    assert valuation.standard_deviation == 0
    assert [line.card for line in valuation.lines] == ["commander", "staple", "land"]
    assert line_of(valuation, "commander").share == Decimal("0.6085")
    assert line_of(valuation, "land").guaranteed == 97


def test_executable_value_counts_only_what_is_worth_selling():
    fees = FeeSchedule.from_data(
        [{"name": "commission", "kind": "rate", "rate": "0.05"}], currency="EUR", postage_per_order="1.00"
    )

    valuation = value_contents(
        DECK, prices=PRICES, fees=fees, floor=Decimal("1.00"), bulk_value=Decimal("0.003")
    )

    assert valuation.expected_value == Decimal("20.28")
    assert valuation.value_above_floor == Decimal("18.34")
    assert valuation.executable_value == Decimal("14.71")  # 10.72 + 2 x 1.85 + 97 x 0.003 rounded down
    assert valuation.lines_counted == 2
    assert line_of(valuation, "land").copy_value == Decimal("0.003")


def test_copy_whose_own_sale_brings_nothing_goes_to_bulk_without_a_floor():
    fees = FeeSchedule.from_data([{"name": "stamp", "kind": "fixed", "amount": "0.30"}], currency="EUR")

    valuation = value_contents(DECK, prices=PRICES, fees=fees)

    assert not line_of(valuation, "land").counted
    assert valuation.executable_value == Decimal("17.44")


def test_card_without_a_price_is_worth_nothing_and_lowers_the_coverage():
    prices = {"commander": Decimal("12.34"), "land": Decimal("0.02"), "staple": Decimal(0)}

    valuation = value_contents(DECK, prices=prices)

    assert valuation.coverage == Decimal("0.9800")
    assert valuation.expected_value == Decimal("14.28")
    assert line_of(valuation, "staple").price is None
    assert not line_of(valuation, "staple").counted


def test_coverage_is_floored_so_that_the_gate_cannot_be_rounded_into():
    barely = Contents(cards=(("priced", 94_999), ("missing", 5_001)))

    valuation = value_contents(barely, prices={"priced": Decimal(1)})

    assert valuation.coverage == Decimal("0.9499")
    assert not is_covered(valuation)


def test_important_guaranteed_card_without_a_price_closes_the_gate():
    prices = {"staple": Decimal("3.00"), "land": Decimal("0.02")}
    valuation = value_contents(DECK, prices=prices)

    assert valuation.coverage >= Decimal("0.95")
    assert important_unpriced(valuation, reference_prices={"commander": Decimal("12.00")}) == ("commander",)
    assert important_unpriced(valuation, reference_prices={"commander": Decimal("0.10")}) == ()
    assert not is_covered(valuation, reference_prices={"commander": Decimal("12.00")})
    assert is_covered(valuation)


def test_unpriced_card_without_any_reference_is_judged_by_its_copies():
    small = Contents(cards=(("a", 19), ("b", 1)))

    valuation = value_contents(small, prices={"a": Decimal(1)})

    assert important_unpriced(valuation) == ("b",)


def test_nothing_known_is_not_covered():
    valuation = value_contents(Contents(unresolved=("pack xyz",)), prices={})

    assert valuation.coverage == valuation.expected_value == 0
    assert valuation.effective_cards is None
    assert valuation.unresolved == ("pack xyz",)
    assert not is_covered(valuation)


@pytest.mark.parametrize(("count", "effective"), [(1, "1.00"), (4, "4.00"), (10, "10.00")])
def test_effective_number_of_equal_cards_is_their_number(count, effective):
    even = Contents(cards=tuple((card, 1) for card in range(count)))

    valuation = value_contents(even, prices=dict.fromkeys(range(count), Decimal(2)))

    assert valuation.effective_cards == Decimal(effective)


@pytest.mark.parametrize("bad", [Decimal(-1), Decimal("NaN"), Decimal("Infinity"), 1.5, None])
def test_bad_price_is_refused(bad):
    with pytest.raises(InvalidAmount):
        value_contents(DECK, prices={"land": bad})
    with pytest.raises(InvalidAmount):
        value_contents(DECK, prices=PRICES, floor=bad)
    with pytest.raises(InvalidAmount):
        value_contents(DECK, prices=PRICES, bulk_value=bad)


def test_prices_of_cards_that_are_not_inside_do_not_matter():
    assert value_contents(DECK, prices={**PRICES, "stranger": Decimal(-1)}) == value_contents(
        DECK, prices=PRICES
    )


def test_prices_finer_than_cents_keep_their_deviation():
    pack = Contents(choices=())
    assert value_contents(pack, prices={"a": Decimal("0.005")}).standard_deviation == 0
    assert value_contents(Contents(cards=(("a", 2),)), prices={"a": Decimal("0.005")}).expected_value == CENT


def test_yen_are_whole():
    valuation = value_contents(
        Contents(cards=(("a", 3),)), prices={"a": Decimal("99.5")}, fees=flat_rate(Decimal(0), "JPY")
    )

    assert valuation.expected_value == Decimal(298)


@given(contents=contents(), prices=card_prices)
def test_expected_value_is_the_exact_sum_rounded_down(contents, prices):
    exact = sum(
        (copies * Fraction(prices[card]) for card, copies in expected_copies(contents).items()), Fraction(0)
    )

    found = value_contents(contents, prices=prices).expected_value

    assert 0 <= exact - Fraction(found) < Fraction(CENT)


@given(contents=contents(), one=card_prices, other=card_prices)
def test_expected_value_is_linear_in_prices(contents, one, other):
    both = {card: one[card] + other[card] for card in one}

    parts = (
        value_contents(contents, prices=one).expected_value
        + value_contents(contents, prices=other).expected_value
    )

    assert 0 <= value_contents(contents, prices=both).expected_value - parts <= CENT


@given(contents=contents(), prices=card_prices, factor=st.integers(2, 9))
def test_scaling_prices_scales_value_and_deviation(contents, prices, factor):
    once = value_contents(contents, prices=prices)
    scaled = value_contents(contents, prices={card: price * factor for card, price in prices.items()})

    assert 0 <= scaled.expected_value - once.expected_value * factor < CENT * factor
    assert abs(scaled.standard_deviation - once.standard_deviation * factor) <= CENT * factor
    assert scaled.effective_cards == once.effective_cards


@given(prices=card_prices, counts=st.lists(st.integers(1, 9), min_size=2, max_size=4))
def test_splitting_a_line_changes_nothing(prices, counts):
    whole = Contents(cards=(("a", sum(counts)), ("b", 2)))
    split = Contents(cards=(("b", 2), *(("a", count) for count in counts)))

    assert value_contents(whole, prices=prices) == value_contents(split, prices=prices)


@given(contents=contents(), prices=card_prices, fees=fee_schedules(), extra=amounts)
def test_raising_a_fee_never_raises_the_executable_value(contents, prices, fees, extra):
    more = FeeSchedule.from_data([{"name": "more", "kind": "fixed", "amount": str(extra)}], currency="EUR")
    dearer = FeeSchedule(
        "EUR", fees.components + more.components, fees.postage_per_order, fees.packing_per_order
    )

    cheap = value_contents(contents, prices=prices, fees=fees)
    dear = value_contents(contents, prices=prices, fees=dearer)

    assert dear.executable_value <= cheap.executable_value <= cheap.expected_value
    assert dear.expected_value == cheap.expected_value


@given(contents=contents(), prices=card_prices, fees=fee_schedules(), floor=amounts)
def test_copy_values_follow_the_floor_and_never_fall_below_bulk(contents, prices, fees, floor):
    valuation = value_contents(contents, prices=prices, fees=fees, floor=floor)

    for line in valuation.lines:
        assert line.price is not None
        net = net_proceeds(line.price, schedule=fees)
        assert line.counted == (line.price >= floor and net > 0)
        assert line.copy_value == (net if line.counted else 0)


@given(contents=contents(), prices=card_prices)
def test_valuation_and_distribution_agree(contents, prices):
    valuation = value_contents(contents, prices=prices)
    # A tenth of the prices keeps the grid at one cent.
    cents = {card: value // 10 for card, value in minor_units(prices, currency="EUR").items()}

    coarse = value_contents(
        contents, prices={card: Decimal(value).scaleb(-2) for card, value in cents.items()}
    )
    found = value_distribution(contents, cents=cents)

    assert found.mean / 100 == pytest.approx(float(coarse.expected_value), abs=0.0101)
    assert found.standard_deviation / 100 == pytest.approx(float(coarse.standard_deviation), abs=0.0051)
    assert valuation.expected_value >= coarse.expected_value


def test_minor_units_round_down_by_currency():
    assert minor_units({"a": Decimal("1.239")}, currency="EUR") == {"a": 123}
    assert minor_units({"a": Decimal("1.239")}, currency="KWD") == {"a": 1239}
    assert minor_units({"a": Decimal("99.9")}, currency="JPY") == {"a": 99}


def test_cards_of_equal_worth_come_by_their_key_and_99_before_100():
    contents = Contents(cards=(((100, "foil"), 1), ((99, "foil"), 2), ((7, "foil"), 1)))

    lines = value_contents(
        contents, prices={(100, "foil"): Decimal(4), (99, "foil"): Decimal(2), (7, "foil"): Decimal(9)}
    ).lines

    assert [line.card[0] for line in lines] == [7, 99, 100]
