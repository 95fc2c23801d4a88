import math
from decimal import Decimal

import pytest

from opportunities.live.engine import SILENCE_MS
from quant.spreads.messages import Beat, Withdrawn
from quant.spreads.r001 import signal_of

from .makers import FREE, MS, NOW_MS, NOW_NS, Heard

R001_FIELDS = {
    "type", "action", "symbol", "spread_pct", "buy_price", "sell_price", "profit_estimate", "timestamp"
}  # fmt: skip


def test_gap_between_two_venues_gives_r001s_signal_with_net_figures() -> None:
    heard = Heard()
    heard.tick("binance", 45000.1, 45001.2)

    (signal,) = heard.tick("okx", 45500.1, 45501.0)

    assert {name: signal[name] for name in R001_FIELDS} == signal_of(
        "BTC/USDT", buy_exchange="binance", sell_exchange="okx", buy_price=Decimal("45001.2"),
        sell_price=Decimal("45500.1"), timestamp_ms=NOW_MS,
    )  # fmt: skip
    assert (signal["buy_exchange"], signal["sell_exchange"]) == ("binance", "okx")
    assert Decimal(signal["net_profit"]) == Decimal("45500.1") * Decimal("0.999") - Decimal(
        "45001.2"
    ) * Decimal("1.001")
    assert signal["flags"] == ["top_only"]
    assert signal["size"] == "1.00000000"


def test_spread_of_exactly_the_threshold_is_no_signal() -> None:
    heard = Heard(FREE)
    heard.tick("binance", 99.0, 100.0)

    assert heard.tick("okx", 100.5, 101.0) == []
    assert heard.tick("okx", 100.50004, 101.0) == []  # rounds to 0.5
    (signal,) = heard.tick("okx", 100.5001, 101.0)
    assert signal["spread_pct"] == 0.5001


def test_gap_that_fees_eat_is_no_signal() -> None:
    heard = Heard({"binance": Decimal(30), "okx": Decimal(30)})
    heard.tick("binance", 99.0, 100.0)

    assert heard.tick("okx", 100.55, 101.0) == []
    assert len(heard.tick("okx", 100.75, 101.0)) == 1


def test_raising_a_fee_never_raises_the_profit() -> None:
    profits = []
    for fee in ("0", "5", "10", "20"):
        heard = Heard({"binance": Decimal(fee), "okx": Decimal(10)})
        heard.tick("binance", 99.0, 100.0)
        (signal,) = heard.tick("okx", 101.0, 102.0)
        profits.append(Decimal(signal["net_profit"]))

    assert profits == sorted(profits, reverse=True)
    assert len(set(profits)) == len(profits)


def test_wide_gap_is_found_behind_a_cheaper_one_that_is_too_narrow() -> None:
    heard = Heard({"binance": Decimal(0), "okx": Decimal(0), "coinbase": Decimal(25)})
    heard.tick("binance", 99.0, 100.0)
    assert heard.tick("okx", 100.45, 101.0) == []  # net 45 bps, gross 0.45 %

    (signal,) = heard.tick("coinbase", 100.6, 101.0)  # net ~35 bps, gross 0.6 %

    assert signal["sell_exchange"] == "coinbase"


def test_repeated_figures_are_signalled_once_and_changed_ones_again() -> None:
    heard = Heard()
    heard.tick("binance", 99.0, 100.0)

    assert len(heard.tick("okx", 102.0, 103.0)) == 1
    assert heard.tick("okx", 102.0, 103.5) == []
    assert heard.tick("binance", 98.0, 100.0, at=NOW_NS + MS) == []
    assert len(heard.tick("okx", 102.1, 103.0, at=NOW_NS + MS)) == 1
    assert heard.engine.conflated == 2


def test_gap_that_closes_and_comes_back_is_signalled_again() -> None:
    heard = Heard()
    heard.tick("binance", 99.0, 100.0)
    heard.tick("okx", 102.0, 103.0)

    heard.tick("okx", 100.0, 100.1)

    assert len(heard.tick("okx", 102.0, 103.0)) == 1


def test_usd_and_usdt_are_never_compared() -> None:
    heard = Heard()
    heard.tick("binance", 99.0, 100.0, symbol="BTC/USDT")

    assert heard.tick("okx", 120.0, 121.0, symbol="BTC/USD") == []


def test_one_venue_is_never_compared_with_itself() -> None:
    heard = Heard({"binance": Decimal(-50)})

    assert heard.tick("binance", 100.0, 100.0) == []


def test_withdrawn_book_leaves_the_comparison_until_its_next_quote() -> None:
    heard = Heard()
    heard.tick("binance", 99.0, 100.0)
    heard.engine.on_withdrawn(Withdrawn("binance", "BTC/USDT", "gap", NOW_NS), NOW_NS)

    assert heard.tick("okx", 102.0, 103.0) == []
    assert len(heard.tick("binance", 99.0, 100.0)) == 1


def test_withdrawn_exchange_leaves_all_symbols() -> None:
    heard = Heard()
    for symbol in ("BTC/USDT", "ETH/USDT"):
        heard.tick("binance", 99.0, 100.0, symbol=symbol)
    heard.engine.on_withdrawn(Withdrawn("binance", "", "disconnected", NOW_NS), NOW_NS)

    assert heard.tick("okx", 102.0, 103.0, symbol="BTC/USDT") == []
    assert heard.tick("okx", 102.0, 103.0, symbol="ETH/USDT") == []


def test_withdrawal_of_the_best_venue_signals_the_next_best_route() -> None:
    heard = Heard()
    heard.tick("binance", 99.0, 100.0)
    heard.tick("okx", 102.0, 103.0)
    heard.tick("kraken", 104.0, 105.0)
    before = len(heard.signals)

    heard.engine.on_withdrawn(Withdrawn("kraken", "BTC/USDT", "gap", NOW_NS), NOW_NS)

    assert [one["sell_exchange"] for one in heard.signals[before:]] == ["okx"]


@pytest.mark.parametrize(
    ("age_ms", "is_signalled"), [(0, True), (5_000, True), (5_001, False), (-2_000, True), (-2_001, False)]
)
def test_quote_counts_from_its_receipt_up_to_its_age_and_skew(age_ms: int, is_signalled: bool) -> None:
    heard = Heard()
    heard.tick("binance", 99.0, 100.0, at=NOW_NS - age_ms * MS)

    assert bool(heard.tick("okx", 102.0, 103.0)) is is_signalled


def test_receipt_in_milliseconds_where_nanoseconds_are_due_is_stale() -> None:
    heard = Heard()
    heard.tick("binance", 99.0, 100.0, at=NOW_MS)

    assert heard.tick("okx", 102.0, 103.0) == []


def test_stale_venue_hides_no_fresh_gap_behind_it() -> None:
    heard = Heard()
    heard.tick("kraken", 50.0, 51.0, at=NOW_NS - 10_000 * MS)
    heard.tick("binance", 99.0, 100.0)

    (signal,) = heard.tick("okx", 102.0, 103.0)

    assert signal["buy_exchange"] == "binance"
    assert heard.engine.books["BTC/USDT"].states[2] == "stale"


def test_sweep_marks_old_quotes_stale() -> None:
    heard = Heard()
    heard.tick("binance", 99.0, 100.0)

    heard.engine.sweep(NOW_NS + 5_000 * MS)
    assert heard.engine.books["BTC/USDT"].states[0] == "live"
    heard.engine.sweep(NOW_NS + 5_001 * MS)
    assert heard.engine.books["BTC/USDT"].states[0] == "stale"


def test_silent_ingest_ends_the_comparison_even_of_quotes_that_may_grow_old() -> None:
    heard = Heard(max_age_ms=600_000)
    heard.engine.on_beat(Beat("binance", "live", NOW_NS), NOW_NS)
    heard.tick("binance", 99.0, 100.0)
    later = NOW_NS + (SILENCE_MS + 1) * MS

    heard.engine.sweep(later)

    assert heard.tick("okx", 102.0, 103.0, at=later) == []


def test_beat_without_quotes_keeps_a_quiet_book_live() -> None:
    heard = Heard(max_age_ms=600_000)
    heard.tick("binance", 99.0, 100.0)
    later = NOW_NS + (SILENCE_MS + 1) * MS
    heard.engine.on_beat(Beat("binance", "live", later), later)

    heard.engine.sweep(later)

    assert len(heard.tick("okx", 102.0, 103.0, at=later)) == 1


@pytest.mark.parametrize("state", ["connecting", "stale", "stopped"])
def test_lost_connection_withdraws_the_exchange(state: str) -> None:
    heard = Heard()
    heard.tick("binance", 99.0, 100.0)
    heard.engine.on_beat(Beat("binance", state, NOW_NS), NOW_NS)

    assert heard.tick("okx", 102.0, 103.0) == []


@pytest.mark.parametrize(
    ("bid", "ask"),
    [(0.0, 1.0), (-1.0, 1.0), (math.nan, 1.0), (1.0, math.nan), (math.inf, math.inf), (102.0, 101.0)],
)
def test_impossible_prices_are_counted_and_withdraw_the_book(bid: float, ask: float) -> None:
    heard = Heard()
    heard.tick("binance", 99.0, 100.0)
    heard.tick("okx", 99.0, 100.0)

    assert heard.tick("okx", bid, ask) == []
    assert heard.engine.invalid == 1
    assert heard.engine.books["BTC/USDT"].states[1] == "withdrawn"


def test_absurd_price_neither_breaks_nor_hides_anything() -> None:
    heard = Heard()
    heard.tick("kraken", 1e-30, 1e-30)

    heard.tick("binance", 99.0, 100.0)
    (signal,) = heard.tick("okx", 102.0, 103.0)

    assert (signal["buy_exchange"], signal["sell_exchange"]) == ("binance", "okx")


def test_locked_book_is_legal() -> None:
    heard = Heard(FREE)
    heard.tick("binance", 100.0, 100.0)

    assert len(heard.tick("okx", 102.0, 102.0)) == 1


def test_unknown_exchange_and_impossible_symbol_are_counted_and_not_compared() -> None:
    heard = Heard()

    heard.tick("mtgox", 99.0, 100.0)
    heard.tick("okx", 102.0, 103.0)
    heard.tick("okx", 102.0, 103.0, symbol="BTC-USDT")

    assert heard.engine.invalid == 2
    assert heard.signals == []


def test_scaling_all_prices_changes_no_ratio() -> None:
    found = []
    for scale in (1.0, 1024.0):
        heard = Heard()
        heard.tick("binance", 99.0 * scale, 100.0 * scale)
        heard.tick("okx", 101.25 * scale, 103.0 * scale)
        found.append([(one["spread_pct"], one["net_bps"]) for one in heard.signals])

    assert found[0] == found[1]


def test_depth_gives_size_while_each_slice_pays() -> None:
    heard = Heard(FREE)
    heard.tick("binance", 99.0, 100.0, asks=[(100.0, 1.0), (101.0, 2.0), (103.0, 5.0)])

    (signal,) = heard.tick("okx", 102.0, 103.0, bids=[(102.0, 2.0), (101.5, 3.0), (100.0, 9.0)])

    assert signal["size"] == "3.00000000"
    assert Decimal(signal["total_profit"]) == Decimal("3.5")  # 1x2 + 1x1 + 1x0.5
    assert signal["flags"] == []


def test_unknown_sizes_are_flagged() -> None:
    heard = Heard()
    heard.tick("binance", 99.0, 100.0, ask_size=0.0)

    (signal,) = heard.tick("okx", 102.0, 103.0)

    assert (signal["size"], signal["total_profit"], signal["flags"]) == (None, None, ["size_unknown"])


def test_latencies_count_from_receipt_to_the_write() -> None:
    heard = Heard()
    heard.tick("binance", 99.0, 100.0)
    heard.tick("okx", 102.0, 103.0)

    heard.engine.published(NOW_NS + 120_000)
    heard.engine.published(NOW_NS + 9 * MS)

    assert sum(heard.engine.latencies.counts) == 1
    assert heard.engine.latencies.total_us == 120


def test_latency_counts_from_the_tick_that_made_the_route_the_best_however_old_its_own_quotes_are() -> None:
    heard = Heard({"binance": Decimal(0), "okx": Decimal(0), "coinbase": Decimal(0)})
    heard.tick("binance", 99.0, 100.0)
    heard.tick("okx", 102.0, 103.0)
    heard.tick("coinbase", 101.0, 103.0)  # another tick, the same best
    heard.engine.published(NOW_NS)

    (signal,) = heard.tick("okx", 99.0, 103.0, at=NOW_NS + 900 * MS)  # coinbase bids most now

    heard.engine.published(NOW_NS + 900 * MS + 120_000)
    assert (signal["sell_exchange"], signal["latency_us"]) == ("coinbase", 0)
    assert heard.engine.latencies.total_us == 120
