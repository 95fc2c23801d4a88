"""Random prices, books and terms of venues, and an independent way to add them up."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from quant.spreads.net import Cushions, VenueTerms

prices = st.decimals(min_value="0.0001", max_value=100_000, places=4)
close_prices = st.decimals(min_value="99.0000", max_value="101.0000", places=4)
sizes = st.decimals(min_value="0.001", max_value=50, places=3)
fees_bps = st.decimals(min_value=-50, max_value=500, places=2)
bps = st.decimals(min_value=0, max_value=200, places=2)
fixed_fees = st.decimals(min_value=0, max_value=20, places=2)
terms = st.builds(VenueTerms, fee_bps=fees_bps, slippage_bps=bps, fixed_fee=fixed_fees)
proportional_terms = st.builds(VenueTerms, fee_bps=fees_bps, slippage_bps=bps)
cushions = st.builds(Cushions, fx_bps=bps, network_bps=bps)
levels = st.lists(st.tuples(close_prices, sizes), max_size=6, unique_by=lambda level: level[0])


def fraction(value: Decimal | str) -> Fraction:
    return Fraction(Decimal(value))


def profit_by_fractions(ask, bid, buy, sell, margins, *, quantity=Decimal(1), fixed=Decimal(0)):
    """MATHS 2 written out once more, in fractions; returns the profit and what it is measured against."""
    tenthousand = Fraction(10_000)
    cost = fraction(ask) * (1 + (fraction(buy.fee_bps) + fraction(buy.slippage_bps)) / tenthousand)
    proceeds = fraction(bid) * (1 - (fraction(sell.fee_bps) + fraction(sell.slippage_bps)) / tenthousand)
    cushion = fraction(ask) * (fraction(margins.fx_bps) + fraction(margins.network_bps)) / tenthousand
    fees = fraction(fixed) + fraction(buy.fixed_fee) + fraction(sell.fixed_fee)
    q = fraction(quantity)
    return q * (proceeds - cost - cushion) - fees, q * (cost + cushion) + fees
