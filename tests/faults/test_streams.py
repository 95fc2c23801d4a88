"""Whatever an exchange's stream does, no signal rests on a bad book, and the desk recovers by itself."""

import pytest

from opportunities.live.pair_book import LIVE
from tests.faults.desk import DEAR, REMEMBERED, FaultDesk, Witness

pytestmark = pytest.mark.timeout(120)


@pytest.mark.parametrize("code", ["binance", "kraken", "okx", "bybit"])
@pytest.mark.parametrize("kind", ["ws_drop", "ws_gap", "ws_reorder", "ws_late"])
async def test_missing_and_misplaced_changes_take_the_book_out(desk: FaultDesk, kind: str, code: str):
    desk.breaks(kind, code)
    await desk.until(lambda: desk.reasons(code), "the book was taken out")

    await desk.recovers()

    assert desk.reasons(code) & {"gap", "checksum", "crossed"}
    assert not any(desk.reasons(other) for other in desk.runners if other != code)


@pytest.mark.parametrize("code", ["kraken", "okx"])
async def test_wrong_checksum_takes_the_book_out(desk: FaultDesk, code: str):
    desk.breaks("ws_crc", code)
    await desk.until(lambda: desk.reasons(code), "the book was taken out")

    await desk.recovers()

    assert desk.runners[code].counts.checksums == 1


@pytest.mark.parametrize("code", ["binance", "kraken", "okx", "bybit"])
async def test_crossed_book_is_taken_out(desk: FaultDesk, code: str):
    desk.breaks("ws_crossed", code)
    await desk.until(lambda: "crossed" in desk.reasons(code), "the book was taken out")

    await desk.recovers()

    assert desk.runners[code].counts.crossed


@pytest.mark.parametrize(
    "kind", ["ws_duplicate", "ws_unknown_level", "ws_unknown_type", "ws_other_symbol", "ws_garbage"]
)
async def test_noise_changes_nothing_for_long(desk: FaultDesk, kind: str):
    for code in desk.runners:
        desk.breaks(kind, code)
    await desk.until(lambda: desk.fired() == len(desk.runners), "every exchange made its noise")

    await desk.recovers()


async def test_half_open_socket_is_noticed_and_replaced(desk: FaultDesk):
    desk.breaks("503", DEAR, count=None, after=0)  # whoever connects anew
    desk.breaks("ws_half_open", DEAR)
    await desk.until(lambda: desk.state(DEAR) != LIVE, "the silent exchange was taken out")
    signals, quotes = len(desk.witness.signals), desk.quotes["binance"]
    await desk.until(lambda: desk.runners[DEAR].reconnects, "the socket was given up")
    await desk.until(lambda: desk.quotes["binance"] > quotes, "the others go on")
    assert not [
        one for one in desk.witness.signals[signals:] if DEAR in (one["buy_exchange"], one["sell_exchange"])
    ]

    await desk.recovers()


@pytest.mark.parametrize("kind", ["ws_close", "ws_shutdown"])
@pytest.mark.parametrize("code", ["binance", "okx"])
async def test_ended_connections_come_back(desk: FaultDesk, kind: str, code: str):
    desk.breaks(kind, code, seconds=0.2)
    runner = desk.runners[code]
    await desk.until(lambda: runner.reconnects + runner.rollovers, "there is another connection")

    await desk.recovers()


async def test_a_connection_that_stays_silent_or_refuses_is_given_up(desk: FaultDesk):
    desk.breaks("ws_silent", "bybit", after=0)
    desk.breaks("ws_refuse_subscription", "kraken", after=0)
    desk.breaks("ws_close", "bybit", code=1006)
    desk.breaks("ws_close", "kraken", code=1006)
    await desk.until(
        lambda: desk.runners["bybit"].reconnects >= 2 and desk.runners["kraken"].counts.refused,
        "both went on",
    )

    await desk.recovers()


async def test_snapshot_older_than_what_is_waiting_is_asked_for_again(desk: FaultDesk):
    desk.breaks("old_snapshot", "binance", after=0, count=2)
    desk.breaks("ws_drop", "binance")
    await desk.until(lambda: desk.fired() >= 3, "the snapshot was asked for again")

    await desk.recovers()


async def test_ten_thousand_messages_at_once_are_worked_off(desk: FaultDesk):
    desk.witness.is_lagging = True  # a burst outruns what the witness remembers
    before = desk.quotes["binance"]
    messages = desk.runners["binance"].counts.messages
    desk.breaks("ws_burst", "binance", messages=10_000)
    await desk.until(
        lambda: desk.runners["binance"].counts.messages - messages >= 10_000, "all of them were read"
    )

    await desk.recovers()

    assert desk.quotes["binance"] > before
    assert desk.runners["binance"].counts.gaps == 0


@pytest.mark.parametrize("seconds", [-120, 120])
async def test_an_exchange_whose_clock_is_wrong_does_not_count(desk: FaultDesk, seconds: int):
    desk.breaks("ws_skew", DEAR, count=None, seconds=seconds)
    await desk.until(lambda: desk.state(DEAR) != LIVE, "the exchange was taken out")
    assert desk.runners[DEAR].counts.skewed

    await desk.recovers()


def test_the_witness_catches_a_price_that_nobody_showed():
    witness = Witness()
    witness.shown["okx"].append((101.0, 101.1))
    witness.shown["bybit"].append((100.0, 100.1))
    honest = {"buy_exchange": "bybit", "sell_exchange": "okx", "buy_price": 100.1, "sell_price": 101.0}

    witness.hear(honest)
    assert not witness.lies

    witness.hear({**honest, "sell_price": 101.5})
    witness.shown["okx"].extend([(99.0, 99.1)] * REMEMBERED)
    witness.hear(honest)
    assert len(witness.lies) == 2
