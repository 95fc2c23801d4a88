"""Merging two books: equal to the optimum of the linear program, and never past what pays."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from quant.money import InvalidAmount
from quant.spreads.depth import NOTHING, merge
from quant.spreads.net import NO_CUSHIONS, NO_TERMS, VenueTerms, net_spread

from .strategies import bps, cushions, levels, proportional_terms, sizes, terms


def book(*texts):
    return [decimals(*text.split("@")[::-1]) for text in texts]


def decimals(*values: str | int) -> tuple[Decimal, ...]:
    return tuple(Decimal(value) for value in values)


def best_by_linear_program(asks, bids, buy, sell, margins, threshold_bps, cap):
    """Most that can be earned above the threshold: one variable for each pair of levels."""
    if not (asks and bids):
        return 0.0
    outlay = [float(price * (buy.buy_factor + margins.rate)) for price, _ in asks]
    earned = [float(price * sell.sell_factor) for price, _ in bids]
    hurdle = 1 + float(threshold_bps) / 1e4
    gains = np.array([[bid - ask * hurdle for bid in earned] for ask in outlay])
    rows, columns = gains.shape
    by_ask = np.kron(np.eye(rows), np.ones(columns))
    by_bid = np.kron(np.ones(rows), np.eye(columns))
    limits = [float(size) for _, size in (*asks, *bids)]
    matrix = np.vstack([by_ask, by_bid, np.ones((1, rows * columns))])
    result = linprog(-gains.ravel(), A_ub=matrix, b_ub=[*limits, float(cap)], bounds=(0, None))
    assert result.status == 0
    return -result.fun


@given(levels, levels, proportional_terms, proportional_terms, cushions, bps, sizes)
def test_the_merge_is_the_optimum_of_the_linear_program(asks, bids, buy, sell, margins, threshold, cap):
    fill = merge(asks, bids, buy, sell, margins, threshold, cap)
    above = fill.profit - (fill.cost + fill.cushion) * threshold / 10_000
    best = best_by_linear_program(asks, bids, buy, sell, margins, threshold, cap)
    assert float(above) == pytest.approx(best, abs=1e-6)


@given(levels, levels, terms, terms, cushions, bps, sizes)
def test_the_figures_of_a_fill_add_up(asks, bids, buy, sell, margins, threshold, cap):
    fill = merge(asks, bids, buy, sell, margins, threshold, cap)
    assert fill.size == sum(part.size for part in fill.levels) <= cap
    assert fill.profit == fill.proceeds - fill.cost - fill.cushion - fill.fixed
    if fill == NOTHING:
        return
    slices = [net_spread(part.ask, part.bid, buy, sell, margins).at(part.size) for part in fill.levels]
    repeated = (len(slices) - 1) * fill.fixed  # each slice alone would pay the fixed fees
    assert fill.profit == sum(spread.profit for spread in slices) + repeated
    assert Fraction(fill.profit) * 10_000 >= Fraction(threshold) * Fraction(
        fill.cost + fill.cushion + fill.fixed
    )


@given(levels, levels, proportional_terms, proportional_terms, cushions, st.data())
def test_raising_a_fee_never_raises_profit(asks, bids, buy, sell, margins, data):
    extra = data.draw(bps)
    before = merge(asks, bids, buy, sell, margins)
    assert merge(asks, bids, replace(buy, fee_bps=buy.fee_bps + extra), sell, margins).profit <= before.profit
    assert (
        merge(asks, bids, buy, replace(sell, fee_bps=sell.fee_bps + extra), margins).profit <= before.profit
    )


@given(levels, levels, proportional_terms, st.randoms(use_true_random=False))
def test_the_order_of_levels_changes_nothing(asks, bids, sell, random):
    fill = merge(asks, bids, NO_TERMS, sell)
    random.shuffle(asks)
    random.shuffle(bids)
    assert merge(asks, bids, NO_TERMS, sell) == fill


@given(levels, levels, bps)
def test_scaling_prices_scales_the_profit(asks, bids, threshold):
    fill = merge(asks, bids, threshold_bps=threshold)
    scaled = merge(
        [(price * 3, size) for price, size in asks],
        [(price * 3, size) for price, size in bids],
        threshold_bps=threshold,
    )
    assert (scaled.size, scaled.profit) == (fill.size, fill.profit * 3)


def test_a_worked_merge():
    asks = book("1@100", "2@101", "5@103")
    bids = book("2@104", "4@102", "9@100")
    fill = merge(asks, bids)
    assert [(part.ask, part.bid, part.size) for part in fill.levels] == [
        decimals(100, 104, 1),
        decimals(101, 104, 1),
        decimals(101, 102, 1),
    ]
    assert (fill.size, fill.cost, fill.proceeds, fill.profit) == decimals(3, 302, 310, 8)


def test_the_threshold_stops_at_the_slice_and_is_inclusive():
    asks, bids = book("1@100", "1@101"), book("5@102.01")
    assert merge(asks, bids, threshold_bps=Decimal(100)).size == 2
    assert merge(asks, bids, threshold_bps=Decimal("100.01")).size == 1


def test_the_cap_ends_within_a_level():
    fill = merge(book("4@100", "5@101"), book("20@105"), cap=Decimal("6.5"))
    assert [part.size for part in fill.levels] == [4, Decimal("2.5")]
    assert merge(book("4@100"), book("4@105"), cap=Decimal(0)) == NOTHING


def test_fixed_fees_decide_about_the_whole():
    fee = VenueTerms(fixed_fee=Decimal(10))
    assert merge(book("2@100"), book("2@105"), fee) == NOTHING
    fill = merge(book("3@100"), book("3@105"), fee)
    assert (fill.size, fill.fixed, fill.profit) == decimals(3, 10, 5)
    assert merge(book("3@100"), book("3@105"), fee, threshold_bps=Decimal(200)) == NOTHING


@pytest.mark.parametrize("pair", [([], book("1@2")), (book("1@2"), []), (book("0@1"), book("1@2"))])
def test_an_empty_side_fills_nothing(pair):
    assert merge(*pair) == NOTHING


@pytest.mark.parametrize("level", [(Decimal(0), Decimal(1)), (Decimal(1), Decimal(-1)), (1.0, Decimal(1))])
def test_levels_that_are_none_are_refused(level):
    with pytest.raises(InvalidAmount):
        merge([level], [])
    with pytest.raises(InvalidAmount):
        merge([], [level])


def test_a_negative_cap_is_refused():
    with pytest.raises(InvalidAmount):
        merge([], [], NO_TERMS, NO_TERMS, NO_CUSHIONS, Decimal(0), Decimal(-1))
