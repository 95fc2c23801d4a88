"""What the recorder writes is what the replayer reads, digit by digit."""

import json
from pathlib import Path
from typing import Any

import pytest

from quant.spreads.messages import Beat, Message, Quote, Withdrawn
from scrapers.streams.options import Options
from scrapers.streams.recording import Recorder
from scrapers.streams.replaying import RecordingInvalid, recorded_texts, replay

from .messages import NOW, binance_diff, binance_snapshot, book_ticker, kraken_book


def options(file: Path, **changes: Any) -> Options:
    values: dict[str, Any] = {"exchanges": (), "pairs": ("BTC/USDT", "BTC/USD"), "replay": file, "speed": 0.0}
    return Options(**{**values, **changes})


class Time:
    """Clocks that stand still unless somebody sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 50.0
        self.slept: list[float] = []
        monkeypatch.setattr("scrapers.streams.replaying.asyncio.sleep", self.sleep)

    async def sleep(self, seconds: float) -> None:
        if seconds:
            self.slept.append(round(seconds, 6))
        self.now += seconds


def test_recorded_text_is_read_as_it_came(tmp_path: Path):
    file = tmp_path / "wire.ndjson"
    texts = [
        kraken_book("snapshot", [("100.50", "1.2000")], [("100.60", "2.000")]),
        b"pong",
        b'{ "a": "\xc3\xa9" }',
    ]
    with Recorder(file) as recorder:
        for text in texts:
            recorder.record("kraken", 3, text, NOW)
        recorder.record("binance", 4, b'{"lastUpdateId":1}', NOW + 1_000_000, "BTC/USDT")

    read = list(recorded_texts(file, options(file)))

    assert [one.raw for one in read[:3]] == texts
    assert [(one.venue, one.session, one.snapshot) for one in read] == [("kraken", 3, "")] * 3 + [
        ("binance", 4, "BTC/USDT")
    ]
    assert abs(read[0].received - NOW) < 1_000  # a float of seconds keeps microseconds
    assert json.loads(file.read_text().splitlines()[0])["recv"] == NOW / 1e9


async def test_replay_joins_a_recorded_snapshot_and_moves_quotes_to_now(tmp_path: Path):
    file = tmp_path / "wire.ndjson"
    with Recorder(file) as recorder:
        for at, update in enumerate((101, 102)):
            recorder.record("binance", 1, json.dumps(binance_diff(update, update)).encode(), NOW + at)
        recorder.record("binance", 1, binance_snapshot(101), NOW + 5, "BTC/USDT")
    said: list[Message] = []
    later = NOW + 86_400_000_000_000

    report = await replay(options(file, books=("binance",)), send=said.append, wall_ns=lambda: later)

    quote = said[0]
    assert isinstance(quote, Quote)
    assert (quote.bid, quote.received) == (99.0, later)
    assert abs(quote.timestamp - later // 1_000_000) <= 1
    assert (report.lines, report.flaws, report.counts["binance"].proven) == (3, 0, 1)
    assert said[-2:] == [Withdrawn("binance", "", "stopped", later), Beat("binance", "stopped", later)]


async def test_each_recorded_connection_has_its_own_sequence(tmp_path: Path):
    file = tmp_path / "wire.ndjson"
    with Recorder(file) as recorder:
        for session, update in ((1, 7), (2, 7), (2, 7)):
            recorder.record("binance", session, json.dumps(book_ticker(update)).encode(), NOW)

    report = await replay(options(file), send=lambda _message: None)

    assert (report.counts["binance"].quotes, report.counts["binance"].repeated) == (2, 1)


@pytest.mark.parametrize(("speed", "slept"), [(1.0, 4.0), (8.0, 0.5), (0.0, 0.0)])
async def test_replay_keeps_the_recorded_pace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, speed: float, slept: float
):
    file = tmp_path / "wire.ndjson"
    with Recorder(file) as recorder:
        for at in (0, 1, 4):
            recorder.record("binance", 1, json.dumps(book_ticker(at + 1)).encode(), NOW + at * 1_000_000_000)
    time = Time(monkeypatch)

    await replay(options(file, speed=speed), send=lambda _message: None, monotonic=lambda: time.now)

    assert sum(time.slept) == pytest.approx(slept, abs=0.01)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"recv":1,"raw":{}}', r"wire.ndjson:1: whose recording is it\?"),
        ('{"recv":"x","venue":"okx","raw":{}}', "wire.ndjson:1: "),
        ('{"recv":1,"venue":"nobody","raw":{}}', "whose recording"),
        ('{"recv":', "wire.ndjson:1: "),
    ],
)
async def test_line_that_cannot_be_read_is_named(tmp_path: Path, line: str, message: str):
    file = tmp_path / "wire.ndjson"
    file.write_text(f"{line}\n")

    with pytest.raises(RecordingInvalid, match=message):
        await replay(options(file), send=lambda _message: None)


async def test_bare_messages_are_read_when_the_venue_is_named(tmp_path: Path):
    file = tmp_path / "wire.ndjson"
    file.write_bytes(kraken_book("snapshot", [("100.50", "1.2000")], [("100.60", "2.000")]) + b"\n\n")

    report = await replay(options(file, venue="kraken"), send=lambda _message: None)

    assert report.counts["kraken"].quotes == 1
    assert "kraken: 1 messages: 1 quotes" in report.text()
    assert report.facts()["exchanges"]["kraken"]["quotes"] == 1
