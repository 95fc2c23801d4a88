"""Everything that goes wrong with a stream: what each fault does."""

import json

import aiohttp
import pytest

from scrapers.simulator.faults import FaultRule
from tests.scrapers.simulator.calls import answer
from tests.scrapers.simulator.exchanges.streams import (
    PATHS,
    SUBSCRIBE,
    Rebuilt,
    is_acknowledged,
    kraken_rows,
    listening,
)


@pytest.fixture
def fails(simulator):
    """Return a function that puts a fault in force on one exchange, or on all."""

    def add(kind, *, endpoint="*", count=1, after=0, **data):
        rule = FaultRule(route=f"/{endpoint}/*", kind=kind, count=count, after=after, data=data)
        simulator.simulator.faults.add(rule, now=simulator.simulator.now())

    return add


async def updates_of(listener, steps):
    """Step and return the first and last update numbers of what Binance then says."""
    listener.step(steps)
    await listener.say({"method": "LIST_SUBSCRIPTIONS", "id": 99})
    found = []
    while (message := await listener.hear()).get("id") != 99:
        found.append((message["U"], message["u"]))
    return found


async def test_nothing_comes_after_the_acknowledgement(simulator, fails):
    fails("ws_silent", endpoint="okx_ws")
    async with listening(simulator, "okx") as listener:
        listener.step(5)
        await listener.say("ping")
        assert await listener.text() == "pong"


async def test_pings_are_ignored(simulator, fails):
    fails("ws_deaf", endpoint="okx_ws")
    async with listening(simulator, "okx", subscribe=()) as listener:
        await listener.say("ping")
        await listener.say({"op": "subscribe", "args": [{"channel": "bbo-tbt", "instId": "BTC-USDT"}]})
        assert is_acknowledged(await listener.hear())


@pytest.mark.parametrize("code", [1012, 1006])
async def test_streams_close(simulator, fails, code):
    fails("ws_close", code=code, endpoint="binance_ws")
    async with listening(simulator, "binance") as listener:
        listener.step()
        assert await listener.closed() == code


@pytest.mark.parametrize(
    ("code", "mark"), [("binance", "serverShutdown"), ("kraken", "maintenance"), ("okx", "64008")]
)
async def test_maintenance_is_announced_before_the_end(simulator, fails, code, mark):
    fails("ws_shutdown", seconds=0.05, after=1, endpoint=f"{code}_ws")
    async with listening(simulator, code) as listener:
        listener.step(2)
        while mark not in await listener.text():
            pass
        assert await listener.closed() == 1001


async def test_combined_streams_announce_it_under_a_name(simulator, fails):
    fails("ws_shutdown", seconds=0.05)
    path = "/binance_ws/stream?streams=btcusdt@depth"
    async with listening(simulator, "binance", path=path, subscribe=()) as listener:
        listener.step()
        assert (await listener.hear())["stream"] == "!serverShutdown"


async def test_half_open_connections_say_nothing_at_all(simulator, fails):
    fails("ws_half_open", after=1, endpoint="okx_ws")
    async with listening(simulator, "okx") as listener:
        await listener.hear()
        listener.step(3)
        await listener.say("ping")
        with pytest.raises(TimeoutError):
            await listener.socket.receive(timeout=0.2)
        assert not listener.socket.closed


async def test_messages_get_lost(simulator, fails):
    async with listening(simulator, "binance") as listener:
        honest = await updates_of(listener, 3)
        fails("ws_drop", after=1)
        dropped = await updates_of(listener, 3)

    assert honest[1][0] == honest[0][1] + 1
    assert len(dropped) == 2
    assert dropped[1][0] > dropped[0][1] + 1


async def test_messages_come_twice(simulator, fails):
    fails("ws_duplicate")
    async with listening(simulator, "binance") as listener:
        first, second, third = await updates_of(listener, 2)

    assert first == second != third


async def test_messages_change_places(simulator, fails):
    fails("ws_reorder")
    async with listening(simulator, "binance") as listener:
        first, second, third = await updates_of(listener, 3)

    assert second[1] + 1 == first[0]
    assert first[1] + 1 == third[0]


async def test_messages_come_late(simulator, fails):
    fails("ws_late", seconds=0.05)
    async with listening(simulator, "binance") as listener:
        at_once = await updates_of(listener, 3)
        late = await listener.hear()

    assert len(at_once) == 2
    assert late["u"] + 1 == at_once[0][0]


async def test_counters_go_on_over_a_gap_that_nobody_was_told_of(simulator, fails):
    fails("ws_gap", after=1, updates=4)
    async with listening(simulator, "binance") as first, listening(simulator, "binance") as second:
        seen = await updates_of(first, 3)
        told = [(one["U"], one["u"]) for one in [await second.hear() for _ in range(3)]]

    assert seen == told
    assert seen[1][0] > seen[0][1] + 1
    assert seen[2][0] == seen[1][1] + 1


async def test_checksums_do_not_fit(simulator, fails):
    fails("ws_crc", after=1, endpoint="kraken_ws")
    async with listening(simulator, "kraken") as listener:
        listener.step(3)
        book = Rebuilt()
        fits: list[bool] = []
        while len(fits) < 3:
            text = await listener.text()
            if '"book"' not in text:
                continue
            sides, checksum = kraken_rows(text)
            book.take(**sides, is_whole=not fits)
            book.truncate(10)
            fits.append(book.kraken() == checksum)

    assert fits == [True, False, True]


async def test_books_are_crossed_for_one_update(simulator, fails):
    async with listening(simulator, "okx") as listener:
        book, crossed = Rebuilt(), []
        fails("ws_crossed", after=1, endpoint="okx_ws")
        listener.step(3)
        for number in range(4):
            data = (await listener.hear())["data"][0]
            book.take(bids=data["bids"], asks=data["asks"], is_whole=not number)
            bid, ask = book.best()
            crossed.append(bid >= ask)
            assert book.okx() == data["checksum"]

    assert crossed == [False, False, True, False]


async def test_levels_that_were_never_there_are_taken_away(simulator, fails):
    fails("ws_unknown_level", endpoint="bybit_ws")
    async with listening(simulator, "bybit") as listener:
        listener.step()
        known = {price for price, _ in (await listener.hear())["data"]["b"]}
        gone = {price for price, size in (await listener.hear())["data"]["b"] if size == "0"}

    assert gone - known


@pytest.mark.parametrize("code", sorted(PATHS))
@pytest.mark.parametrize("kind", ["ws_other_symbol", "ws_unknown_type", "ws_garbage"])
async def test_strange_messages_come_between(simulator, fails, code, kind):
    fails(kind, after=3, endpoint=f"{code}_ws")
    async with listening(simulator, code) as listener:
        listener.step(8)
        while True:
            text = await listener.text()
            try:
                is_strange = "XYZ" in text or "surprise" in text or not json.loads(text)
            except ValueError:
                break
            if is_strange:
                break


@pytest.mark.parametrize("code", sorted(PATHS))
async def test_subscriptions_are_refused(simulator, fails, code):
    fails("ws_refuse_subscription", endpoint=f"{code}_ws")
    exchange = simulator.simulator.exchanges.exchanges[code]
    async with listening(simulator, code, subscribe=()) as listener:
        await listener.say(SUBSCRIBE[code])
        await listener.hear_until(lambda message: message.get("channel") != "status")
        assert not any(one.topics for one in exchange.connections)
        await listener.say(SUBSCRIBE[code])
        await listener.hear_until(is_acknowledged)


async def test_bursts_come_as_fast_as_they_can(simulator, fails):
    async with listening(simulator, "binance") as listener:
        fails("ws_burst", messages=2_000)
        listener.step()
        last = None
        for _ in range(2_001):
            message = await listener.hear()
            assert last in (None, message["U"] - 1)
            last = message["u"]


async def test_clocks_are_wrong(simulator, fails):
    fails("ws_skew", seconds=-90, count=None, endpoint="binance_ws")
    async with listening(simulator, "binance") as listener:
        listener.step()
        wrong = (await listener.hear())["E"]

    assert wrong == int(simulator.simulator.now().timestamp() * 1000) - 90_000


async def test_old_snapshots_are_served(simulator, visitor):
    rule = FaultRule(route="/binance_rest/*", kind="old_snapshot", count=1, data={"updates": 500})
    simulator.simulator.faults.add(rule, now=simulator.simulator.now())
    _, old = await answer(visitor.get("/binance_rest/api/v3/depth?symbol=BTCUSDT"))
    _, new = await answer(visitor.get("/binance_rest/api/v3/depth?symbol=BTCUSDT"))

    assert old["lastUpdateId"] == new["lastUpdateId"] - 500


async def test_faults_of_streams_do_not_fire_for_requests(simulator, visitor, fails):
    fails("ws_drop", endpoint="binance_rest")
    await answer(visitor.get("/binance_rest/api/v3/time"))
    _, listed = await answer(visitor.get("/__sim__/faults"))

    assert (listed["rules"][0]["seen"], listed["rules"][0]["fired"]) == (0, 0)


async def test_connections_are_refused_by_the_faults_of_requests(simulator, fails):
    fails("503", endpoint="kraken_ws")
    with pytest.raises(aiohttp.ClientError):
        async with listening(simulator, "kraken"):
            pass
    async with listening(simulator, "kraken") as listener:
        await listener.hear()
