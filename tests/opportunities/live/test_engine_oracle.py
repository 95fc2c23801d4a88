"""The engine against an oracle that looks at all pairs in Decimal after every message."""

from decimal import Decimal
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from quant.spreads.messages import Withdrawn
from quant.spreads.net import VenueTerms, net_spread
from quant.spreads.r001 import is_signal, spread_pct

from .makers import MS, NOW_NS, Heard, quote

VENUES = ("a", "b", "c", "d")
MAX_AGE_MS = 1_000

prices = st.integers(min_value=9_900, max_value=10_200).map(lambda cents: cents / 100)
ticks = st.tuples(
    st.just("tick"), st.sampled_from(VENUES), prices, st.sampled_from([0.0, 0.01, 0.3]), st.integers(0, 400)
)
leaves = st.tuples(st.just("leave"), st.sampled_from(VENUES), st.just(0.0), st.just(0.0), st.integers(0, 400))
waits = st.tuples(st.just("wait"), st.just("a"), st.just(0.0), st.just(0.0), st.integers(600, 1_200))
stories = st.lists(st.one_of(ticks, ticks, ticks, leaves, waits), max_size=40)
fee_tables = st.fixed_dictionaries(
    {venue: st.sampled_from([Decimal(0), Decimal(5), Decimal(10), Decimal(60)]) for venue in VENUES}
)


class Oracle:
    """Keeps what was last said and knows nothing of speed."""

    def __init__(self, fees: dict[str, Decimal], threshold: Decimal) -> None:
        self.fees, self.threshold = fees, threshold
        self.quotes: dict[str, tuple[Decimal, Decimal, int]] = {}

    def best(self, now: int) -> tuple[str, str, Decimal, Decimal, Decimal] | None:
        """Return the route with the highest net ratio that passes: venues, prices, net bps."""
        fresh = {venue: row for venue, row in self.quotes.items() if 0 <= now - row[2] <= MAX_AGE_MS * MS}
        found = []
        for buy, sell in permutations(fresh, 2):
            ask, bid = fresh[buy][1], fresh[sell][0]
            net = net_spread(ask, bid, VenueTerms(self.fees[buy]), VenueTerms(self.fees[sell]))
            if is_signal(spread_pct(ask, bid), self.threshold) and net.profit > 0:
                found.append((net.net_bps, buy, sell, ask, bid))
        if not found:
            return None
        bps, buy, sell, ask, bid = max(found)
        return buy, sell, ask, bid, bps


@given(story=stories, fees=fee_tables, threshold=st.sampled_from(["0", "0.3", "0.5", "1"]))
def test_engine_signals_what_looking_at_every_pair_in_decimal_finds(
    story: list[Any], fees: dict[str, Decimal], threshold: str
) -> None:
    heard = Heard(fees, threshold_pct=Decimal(threshold), max_age_ms=MAX_AGE_MS)
    oracle = Oracle(fees, Decimal(threshold))
    now, standing = NOW_NS, None
    for kind, venue, bid, width, pause_ms in story:
        now += pause_ms * MS
        before = len(heard.signals)
        if kind == "wait":
            heard.engine.sweep(now)
        elif kind == "leave":
            oracle.quotes.pop(venue, None)
            heard.engine.on_withdrawn(Withdrawn(venue, "BTC/USDT", "gap", now), now)
        else:
            tick = quote(venue, bid, round(bid + width, 2), at=now)
            oracle.quotes[venue] = (Decimal(repr(tick.bid)), Decimal(repr(tick.ask)), now)
            heard.engine.on_quote(tick, now)
        best = oracle.best(now)
        given_now = heard.signals[before:]
        if best is None:
            assert given_now == []
            continue
        bps = f"{best[4]:.4f}"
        if given_now:
            assert given_now[-1]["net_bps"] == bps
            buyer, seller = given_now[-1]["buy_exchange"], given_now[-1]["sell_exchange"]
            assert Decimal(repr(given_now[-1]["buy_price"])) == oracle.quotes[buyer][1]
            assert Decimal(repr(given_now[-1]["sell_price"])) == oracle.quotes[seller][0]
            standing = given_now[-1]
        elif kind == "tick":
            # Nothing new was said, so what was said last still holds.
            assert standing is not None
            assert standing["net_bps"] == bps


@given(story=stories, order=st.permutations(VENUES))
def test_renaming_venues_changes_no_figure(story: list[Any], order: list[str]) -> None:
    fees = dict.fromkeys(VENUES, Decimal(10))
    names = dict(zip(VENUES, order, strict=True))
    plain, renamed = Heard(fees, threshold_pct=Decimal("0.3")), Heard(fees, threshold_pct=Decimal("0.3"))
    now = NOW_NS
    for kind, venue, bid, width, pause_ms in story:
        if kind == "tick":
            now += pause_ms * MS
            plain.tick(venue, bid, bid + width, at=now)
            renamed.tick(names[venue], bid, bid + width, at=now)

    assert {one["net_bps"] for one in plain.signals} == {one["net_bps"] for one in renamed.signals}
