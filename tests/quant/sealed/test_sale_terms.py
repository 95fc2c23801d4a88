from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.money import InvalidAmount
from quant.sealed.contents import Contents
from quant.sealed.sale_terms import under_sale_terms
from quant.sealed.valuation import value_contents

BOX = Contents(cards=(("a", 1), ("b", 3), ("c", 10)))
PRICES = {"a": Decimal("40.00"), "b": Decimal("7.77"), "c": Decimal("0.20")}
VALUED = value_contents(BOX, prices=PRICES, floor=Decimal(1), bulk_value=Decimal("0.05"))
shares = st.decimals(0, 1, places=4)


def worth(sell_through: str, bulk_discount: str):
    return under_sale_terms(
        VALUED,
        BOX,
        currency="EUR",
        sell_through=Decimal(sell_through),
        bulk_discount=Decimal(bulk_discount),
        bulk_value=Decimal("0.05"),
    )


def test_without_changes_it_is_the_same_object():
    assert worth("1", "0") is VALUED


def test_what_finds_no_buyer_goes_for_the_bulk_value():
    half = worth("0.5", "0")

    # 40 -> 20.025, 7.77 -> 3.91, bulk copies keep 0.05; each rounded down to a cent
    assert [line.copy_value for line in half.lines] == [Decimal("20.02"), Decimal("3.91"), Decimal("0.05")]
    assert half.executable_value == Decimal("20.02") + 3 * Decimal("3.91") + 10 * Decimal("0.05")
    assert half.lines_counted == VALUED.lines_counted


def test_a_discount_is_taken_off_everything():
    assert worth("1", "0.1").executable_value == Decimal("36.00") + 3 * Decimal("6.99") + 10 * Decimal("0.04")
    assert worth("1", "1").executable_value == 0


@given(shares, shares, shares, shares)
def test_worse_terms_never_bring_more(sold: Decimal, more: Decimal, off: Decimal, less: Decimal):
    low, high = sorted((sold, more))
    small, large = sorted((off, less))

    assert worth(str(low), str(large)).executable_value <= worth(str(high), str(small)).executable_value


@pytest.mark.parametrize("share", ["-0.1", "1.01"])
def test_a_share_is_within_0_and_1(share: str):
    with pytest.raises(InvalidAmount):
        worth(share, "0")
    with pytest.raises(InvalidAmount):
        worth("1", share)
