"""Kraken v2: books proven by their checksum, which covers the venue's own text."""

from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.spreads.messages import Quote
from scrapers.streams.kraken import KrakenStream
from scrapers.streams.protocol import Leave

from .messages import NOW_MS, hear, kinds, kraken_book, only, quotes, reasons

PAIR = "BTC/USD"
BIDS = [("100.50", "1.20000000"), ("100.40", "0.50000000")]
ASKS = [("100.60", "2.00000000"), ("100.70", "3")]
SNAPSHOT_SUM = crc32(b"10060200000000100703100501200000001004050000000")
"""By hand: asks from the lowest, bids from the highest, each without its point and leading zeros."""


def synced() -> KrakenStream:
    adapter = KrakenStream([PAIR])
    hear(
        adapter,
        kraken_book("snapshot", BIDS, ASKS, checksum=SNAPSHOT_SUM),
    )
    assert adapter.latest[PAIR].bid == 100.5
    return adapter


def test_subscription_asks_for_the_levels_the_checksum_covers():
    assert KrakenStream(["BTC/USD", "ETH/USD"]).subscriptions() == [
        '{"method": "subscribe", "params":'
        ' {"channel": "book", "symbol": ["BTC/USD", "ETH/USD"], "depth": 10}}'
    ]


def test_book_with_the_right_sum_is_a_quote():
    adapter = synced()

    assert (adapter.counts.proven, adapter.counts.checksums) == (1, 0)
    assert adapter.latest[PAIR].asks == [(100.6, 2.0), (100.7, 3.0)]


def test_time_of_an_update_is_read():
    adapter = KrakenStream([PAIR])
    moment = ',"timestamp":"2026-02-02T02:40:00.123456Z"'

    (quote,) = only(hear(adapter, kraken_book("snapshot", BIDS, [("101", "1")], more=moment)), Quote)

    assert quote.timestamp == NOW_MS + 123


def test_trailing_zeros_belong_to_the_sum():
    right = crc32(b"100602000000001007031005070001004050000000")
    wrong = crc32(b"100602000000001007031005071004050000000")

    assert kinds(hear(synced(), kraken_book("update", [("100.50", "7.000")], checksum=right))) == ["Quote"]
    assert reasons(hear(synced(), kraken_book("update", [("100.50", "7.000")], checksum=wrong))) == [
        "checksum"
    ]


def test_wrong_sum_withdraws_the_book_before_it_subscribes_anew():
    adapter = synced()

    events = hear(adapter, kraken_book("update", [("100.50", "7.000")], checksum=1))

    assert kinds(events) == ["Withdrawn", "Send", "Send"]
    assert [event.text.split(",")[0] for event in events[1:]] == [  # type: ignore[union-attr]
        '{"method": "unsubscribe"', '{"method": "subscribe"',
    ]  # fmt: skip
    assert adapter.counts.checksums == 1
    assert PAIR not in adapter.latest


def test_nothing_counts_until_the_new_snapshot():
    adapter = synced()
    hear(adapter, kraken_book("update", [("100.50", "7.000")], checksum=1))

    assert hear(adapter, kraken_book("update", [("100.45", "1")], checksum=2)) == []
    again = kraken_book("snapshot", BIDS, ASKS, checksum=SNAPSHOT_SUM)
    assert quotes(hear(adapter, again)) == [(100.5, 100.6)]


def test_updates_out_of_order_do_not_pass():
    first = [("100.50", "7.000")]
    both = crc32(b"1006020000000010070310050700010045101004050000000")

    events = hear(
        synced(), kraken_book("update", [("100.45", "1.0")], checksum=both), kraken_book("update", first)
    )

    assert reasons(events) == ["checksum"]


def test_levels_beyond_the_depth_are_forgotten():
    adapter = KrakenStream([PAIR])
    bids = [(f"{100 - n}.0", "1") for n in range(10)]
    hear(adapter, kraken_book("snapshot", bids, [("101.0", "1")]))

    events = hear(adapter, kraken_book("update", [("100.5", "1")]), kraken_book("update", [("100.5", "0")]))

    assert len(only(events, Quote)[-1].bids) == 9


def test_crossed_book_is_withdrawn_even_with_its_sum():
    total = crc32(b"10060200000000100703100651100501200000001004050000000")

    events = hear(synced(), kraken_book("update", [("100.65", "1")], checksum=total))

    assert reasons(events) == ["crossed"]


def test_number_with_an_exponent_is_written_out():
    adapter = KrakenStream(["OCEAN/BTC"])
    raw = kraken_book("snapshot", [("2.77e-5", "1.5")], [("0.0000278", "2")], checksum=crc32(b"278227715"))

    hear(adapter, raw.replace(b"BTC/USD", b"OCEAN/BTC"))

    assert adapter.counts.checksums == 0
    assert adapter.latest["OCEAN/BTC"].bid == 2.77e-5


@pytest.mark.parametrize("level", [('"100.5"', "1"), ("null", "1"), ("-1", "1"), ("0", "1")])
def test_level_that_makes_no_sense_gives_the_book_up(level: tuple[str, str]):
    adapter = synced()

    events = hear(adapter, kraken_book("update", [level]))

    assert reasons(events) == ["unreadable"]
    assert adapter.counts.invalid == 1


def test_maintenance_takes_everything_out_until_the_venue_is_online():
    adapter = synced()
    status = '{"channel":"status","type":"update","data":[{"system":"%s","api_version":"v2"}]}'

    away = hear(adapter, (status % "cancel_only").encode())
    during = hear(adapter, kraken_book("update", [("100.50", "9")]))
    back = hear(adapter, (status % "online").encode())

    assert reasons(away) == ["maintenance"]
    assert during == []
    assert quotes(back) == [(100.5, 100.6)]


def test_acknowledgements_and_heartbeats_are_nothing_and_other_channels_are_counted():
    adapter = KrakenStream([PAIR])

    events = hear(
        adapter,
        {"channel": "heartbeat"},
        {"method": "pong", "req_id": 42},
        {"method": "subscribe", "success": True, "result": {"channel": "book", "symbol": PAIR}},
        {"channel": "ticker", "type": "update", "data": [{"symbol": PAIR, "bid": 1.0}]},
        {"channel": "trade", "type": "update", "data": []},
    )

    assert events == []
    assert (adapter.counts.unknown, adapter.counts.invalid) == (2, 0)


def test_refused_pair_at_the_start_is_named_and_refused_again_gives_the_connection_up():
    adapter = KrakenStream([PAIR, "XYZ/USD"])
    refusal = {
        "method": "subscribe",
        "success": False,
        "error": "Currency pair not supported",
        "symbol": "XYZ/USD",
    }
    hear(adapter, kraken_book("snapshot", BIDS, [("101", "1")]))

    assert hear(adapter, refusal) == []
    assert adapter.said == "not offered: XYZ/USD"
    hear(adapter, kraken_book("update", [("100.50", "7.000")], checksum=1))
    assert hear(adapter, {**refusal, "symbol": PAIR}) == [Leave("refused")]


def test_book_that_maintenance_left_crossed_does_not_come_back():
    adapter = synced()
    status = '{"channel":"status","type":"update","data":[{"system":"%s"}]}'
    hear(adapter, (status % "cancel_only").encode(), kraken_book("update", [("100.65", "1")]))

    back = hear(adapter, (status % "online").encode())

    assert kinds(back) == ["Withdrawn", "Send", "Send"]
    assert reasons(back) == ["crossed"]


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_no_message_is_fatal(raw: bytes):
    hear(KrakenStream([PAIR]), raw)
