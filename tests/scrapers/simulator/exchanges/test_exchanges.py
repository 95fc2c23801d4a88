"""What the simulated exchanges send agrees with itself, and has the forms that were recorded."""

import json

import pytest

from scrapers.simulator.exchanges.checksums import kraken_checksum, okx_checksum
from tests.scrapers.simulator.calls import answer
from tests.scrapers.simulator.exchanges.streams import PATHS, Rebuilt, kraken_rows, listening
from tests.scrapers.simulator.test_shapes import differences

DEPTH = "/binance_rest/api/v3/depth"


@pytest.fixture
def sample(shared_data):
    def read(name):
        text = (shared_data / "wire" / name).read_text(encoding="utf-8")
        return (
            [json.loads(line) for line in text.splitlines()] if name.endswith("ndjson") else json.loads(text)
        )

    return read


def first(rows, wanted):
    return next(row["raw"] for row in rows if wanted(row["raw"]))


def test_checksums_are_those_that_were_recorded(shared_data):
    book, checked = Rebuilt(), 0
    for line in (shared_data / "wire/kraken_v2/book_OCEAN-BTC.DERIVED.ndjson").read_text().splitlines():
        sides, checksum = kraken_rows(line)
        book.take(**sides, is_whole='"snapshot"' in line)
        assert kraken_checksum(*book.sorted()) == checksum
        checked += 1
    assert checked > 100


def test_okx_checksums_are_those_that_were_recorded(sample):
    book, checked = Rebuilt(), 0
    for row in sample("okx/recorded_BTC-USDT.ndjson"):
        message = row["raw"]
        if "action" not in message:
            continue
        data = message["data"][0]
        book.take(bids=data["bids"], asks=data["asks"], is_whole=message["action"] == "snapshot")
        assert okx_checksum(*book.sorted()) == data["checksum"]
        checked += 1
    assert checked == 35


async def test_binance_snapshot_lies_inside_the_stream(simulator, visitor):
    async with listening(simulator, "binance") as listener:
        listener.step(3)
        _, snapshot = await answer(visitor.get(f"{DEPTH}?symbol=BTCUSDT&limit=5000"))
        listener.step(20)
        events = [await listener.hear() for _ in range(23)]

        book, seen = Rebuilt(), snapshot["lastUpdateId"]
        book.take(bids=snapshot["bids"], asks=snapshot["asks"])
        assert events[0]["U"] <= seen
        for event in events:
            if event["u"] <= seen:
                continue
            assert event["U"] <= seen + 1 <= event["u"]
            book.take(bids=event["b"], asks=event["a"])
            seen = event["u"]
        _, after = await answer(visitor.get(f"{DEPTH}?symbol=BTCUSDT&limit=5000"))

    assert after["lastUpdateId"] == seen
    assert (after["bids"], after["asks"]) == tuple([list(level) for level in side] for side in book.sorted())


async def test_binance_best_prices_are_those_of_the_book(simulator, visitor):
    names = "/binance_ws/stream?streams=btcusdt@bookTicker/btcusdt@trade/nothing@depth"
    async with listening(simulator, "binance", path=names, subscribe=()) as listener:
        listener.step(30)
        ticker = await listener.hear_until(lambda message: message["stream"] == "btcusdt@bookTicker")
        trade = await listener.hear_until(lambda message: message["stream"] == "btcusdt@trade")
        status, body = await answer(visitor.get(f"{DEPTH}?symbol=BTCUSDT&limit=1"))

    assert set(ticker["data"]) == {"u", "s", "b", "B", "a", "A"}
    assert float(ticker["data"]["b"]) < float(ticker["data"]["a"])
    assert trade["data"]["e"] == "trade"
    assert (status, len(body["bids"])) == (200, 1)


async def test_binance_answers_what_it_does_not_understand(simulator, visitor):
    async with listening(simulator, "binance", subscribe=()) as listener:
        for said in ("{", "[]", '{"method":"DANCE","id":2}', '{"method":"SUBSCRIBE","params":"x","id":3}'):
            await listener.say(said)
            assert "error" in await listener.hear()
    assert (await answer(visitor.get(f"{DEPTH}?symbol=NOPE")))[1]["code"] == -1121
    assert (await answer(visitor.get(f"{DEPTH}?symbol=BTCUSDT&limit=0")))[1]["code"] == -1100


async def test_binance_streams_are_listed_and_left(simulator):
    async with listening(simulator, "binance") as listener:
        await listener.say({"method": "LIST_SUBSCRIPTIONS", "id": 2})
        assert await listener.hear() == {"result": ["btcusdt@depth@100ms"], "id": 2}
        await listener.say({"method": "UNSUBSCRIBE", "params": ["btcusdt@depth@100ms"], "id": 3})
        assert await listener.hear() == {"result": None, "id": 3}
        listener.step(3)
        await listener.say({"method": "LIST_SUBSCRIPTIONS", "id": 4})
        assert await listener.hear() == {"result": [], "id": 4}


@pytest.mark.parametrize("depth", [10, 25])
async def test_kraken_checksums_fit_the_book_of_its_depth(simulator, depth):
    asked = {"method": "subscribe", "params": {"channel": "book", "symbol": ["BTC/USD"], "depth": depth}}
    async with listening(simulator, "kraken", subscribe=asked) as listener:
        listener.step(80)
        book = Rebuilt()
        for number in range(60):
            text = await listener.text()
            if '"heartbeat"' in text:
                continue
            sides, checksum = kraken_rows(text)
            book.take(**sides, is_whole=number == 0)
            book.truncate(depth)
            assert book.kraken() == checksum


async def test_okx_checksums_and_numbers_fit(simulator):
    async with listening(simulator, "okx") as listener:
        listener.step(60)
        book, seen = Rebuilt(), -1
        for number in range(61):
            message = await listener.hear()
            data = message["data"][0]
            assert message["action"] == ("update" if number else "snapshot")
            assert data["prevSeqId"] == seen
            seen = data["seqId"]
            book.take(bids=data["bids"], asks=data["asks"], is_whole=not number)
            assert book.okx() == data["checksum"]


@pytest.mark.parametrize("depth", [1, 50])
async def test_bybit_counters_go_up_one_by_one(simulator, depth):
    asked = {"op": "subscribe", "args": [f"orderbook.{depth}.BTCUSDT"], "req_id": "7"}
    async with listening(simulator, "bybit", subscribe=asked) as listener:
        listener.step(60)
        book, messages = Rebuilt(), [await listener.hear() for _ in range(61)]
        for message in messages:
            data = message["data"]
            book.take(bids=data["b"], asks=data["a"], is_whole=message["type"] == "snapshot")
        counters = [message["data"]["u"] for message in messages]
        sequences = [message["data"]["seq"] for message in messages]
        now = simulator.simulator.exchanges.exchanges["bybit"].books["BTC/USDT"]

    assert counters == list(range(counters[0], counters[0] + 61))
    assert sequences == sorted(sequences)
    assert book.sorted() == (now.levels(depth, is_bid=True), now.levels(depth, is_bid=False))


async def test_coinbase_tells_of_trades_and_of_its_book(simulator):
    async with listening(simulator, "coinbase") as listener:
        opening = [await listener.hear(), await listener.hear()]
        listener.step(40)
        book = Rebuilt()
        snapshot = next(one for one in opening if one["type"] == "snapshot")
        book.take(bids=snapshot["bids"], asks=snapshot["asks"])
        sequences = []
        for _ in range(45):
            message = await listener.hear()
            if message["type"] == "l2update":
                sides = {
                    side: [row[1:] for row in message["changes"] if row[0] == side]
                    for side in ("buy", "sell")
                }
                book.take(bids=sides["buy"], asks=sides["sell"])
            else:
                sequences.append(message["sequence"])
                assert (float(message["best_bid"]), float(message["best_ask"])) == book.best()

    assert sequences == sorted(set(sequences))


async def test_messages_have_the_recorded_forms(simulator, sample):
    recorded = sample("coinbase_exchange/feed_SKL-GBP.ndjson")
    async with listening(simulator, "coinbase") as listener:
        ticker = await listener.hear_until(lambda message: message["type"] == "ticker")
        assert differences(first(recorded, lambda raw: raw["type"] == "ticker"), ticker) == []
        listener.step(1)
        update = await listener.hear_until(lambda message: message["type"] == "l2update")
        assert differences(first(recorded, lambda raw: raw["type"] == "l2update"), update) == []
    recorded = sample("binance/stream_NKNUSDT.ndjson")
    async with listening(simulator, "binance") as listener:
        listener.step(1)
        update = first(recorded, lambda raw: raw["data"].get("e") == "depthUpdate")["data"]
        assert differences(update, await listener.hear()) == []
    async with listening(simulator, "bybit") as listener:
        assert differences(sample("bybit/ws_orderbook_snapshot.json"), await listener.hear()) == []
        listener.step(1)
        assert differences(sample("bybit/ws_orderbook_delta.json"), await listener.hear()) == []
    both = {"op": "subscribe", "args": [{"channel": "bbo-tbt", "instId": "BTC-USDT"}]}
    async with listening(simulator, "okx", subscribe=both) as listener:
        assert differences(sample("okx/ws_bbo_tbt.json"), await listener.hear()) == []
    tickers = {"method": "subscribe", "params": {"channel": "ticker", "symbol": ["BTC/USD"]}}
    async with listening(simulator, "kraken", subscribe=tickers) as listener:
        assert differences(sample("kraken_v2/ws_ticker_snapshot.json"), await listener.hear()) == []


@pytest.mark.parametrize(
    ("code", "asked", "mark"),
    [
        ("coinbase", {"type": "subscribe", "product_ids": ["X-Y"], "channels": ["ticker"]}, "X-Y is not"),
        ("coinbase", {"type": "subscribe", "product_ids": ["BTC-USD"], "channels": ["level2"]}, "authent"),
        ("coinbase", "{", "Malformed JSON"),
        ("kraken", {"method": "subscribe", "params": {"channel": "book", "symbol": ["X/Y"]}}, "supported"),
        ("kraken", {"method": "subscribe", "params": {"channel": "book", "symbol": ["X"], "depth": 3}}, "De"),
        ("okx", {"op": "subscribe", "args": [{"channel": "books", "instId": "X-Y"}]}, "60018"),
        ("okx", "hello", "60012"),
        ("bybit", {"op": "subscribe", "args": ["orderbook.50.XY"]}, "Invalid topic"),
        ("bybit", {"op": "subscribe", "args": ["tickers.BTCUSDT"] * 11}, "args size"),
    ],
)  # fmt: skip
async def test_exchanges_refuse_in_their_own_words(simulator, code, asked, mark):
    async with listening(simulator, code, subscribe=()) as listener:
        await listener.say(asked)
        while mark not in (text := await listener.text()):
            assert "status" in text


@pytest.mark.parametrize(
    ("code", "ping", "pong"),
    [
        ("okx", "ping", "pong"),
        ("bybit", '{"op":"ping","req_id":"1"}', '"ret_msg":"pong"'),
        ("kraken", '{"method":"ping","req_id":4}', '"pong"'),
    ],
)
async def test_pings_are_answered(simulator, code, ping, pong):
    async with listening(simulator, code, subscribe=()) as listener:
        await listener.say(ping)
        while pong not in await listener.text():
            pass


@pytest.mark.parametrize("code", sorted(PATHS))
async def test_a_pair_can_be_left_and_taken_again(simulator, code):
    leave = {
        "binance": {"method": "UNSUBSCRIBE", "params": ["btcusdt@depth@100ms"], "id": 9},
        "coinbase": {
            "type": "unsubscribe",
            "product_ids": ["BTC-USD"],
            "channels": ["ticker", "level2_batch"],
        },
        "kraken": {"method": "unsubscribe", "params": {"channel": "book", "symbol": ["BTC/USD"]}},
        "okx": {"op": "unsubscribe", "args": [{"channel": "books", "instId": "BTC-USDT"}]},
        "bybit": {"op": "unsubscribe", "args": ["orderbook.50.BTCUSDT"]},
    }[code]
    exchange = simulator.simulator.exchanges.exchanges[code]
    async with listening(simulator, code) as listener:
        (connection,) = exchange.connections
        assert connection.topics
        await listener.say(leave)
        await listener.hear_until(
            lambda message: (
                message.get("method") == "unsubscribe"
                or message.get("event") == "unsubscribe"
                or message.get("op") == "unsubscribe"
                or message.get("id") == 9
                or message == {"type": "subscriptions", "channels": []}
            )
        )
        assert not connection.topics
