"""Recordings of the real venues go through the adapters without a flaw, and a made flaw is found."""

import json
from pathlib import Path

import pytest

from quant.spreads.messages import Quote, Withdrawn
from scrapers.streams.books import Book
from scrapers.streams.checksums import TextLevel, kraken_checksum, text_level
from scrapers.streams.options import Options
from scrapers.streams.replaying import Report, replay


@pytest.fixture
def wire(shared_data: Path) -> Path:
    folder = shared_data / "wire"
    if not folder.is_dir():
        pytest.skip(f"no recordings of streams at {folder}")
    return folder


async def found(file: Path, venue: str, pair: str, *snapshots: Path, books: tuple[str, ...] = ()) -> Report:
    options = Options(
        exchanges=(),
        pairs=(pair,),
        books=books,
        replay=file,
        speed=0.0,
        venue=venue,
        snapshots=tuple((pair, snapshot) for snapshot in snapshots),
    )
    said: list[object] = []
    report = await replay(options, send=said.append)
    quotes = [one for one in said if isinstance(one, Quote)]
    assert len(quotes) == report.counts[venue].quotes
    assert all(quote.bid < quote.ask for quote in quotes)
    withdrawn = [one for one in said if isinstance(one, Withdrawn)]
    assert len(withdrawn) == report.withdrawn + 1  # and the end
    return report


def edited(file: Path, folder: Path, lines: list[str]) -> Path:
    copy = folder / file.name
    copy.write_text("".join(lines))
    return copy


async def test_kraken_books_agree_with_all_149_checksums(wire: Path):
    report = await found(wire / "kraken_v2" / "book_OCEAN-BTC.DERIVED.ndjson", "kraken", "OCEAN/BTC")

    counts = report.counts["kraken"]
    assert (counts.proven, counts.checksums, counts.invalid, report.flaws) == (149, 0, 0, 0)


async def test_one_digit_changed_in_a_kraken_recording_is_found(wire: Path, tmp_path: Path):
    file = wire / "kraken_v2" / "book_OCEAN-BTC.DERIVED.ndjson"
    lines = file.read_text().splitlines(keepends=True)
    changed = next(at for at, line in enumerate(lines) if at and '"qty":0.00000000' not in line)
    head, _, tail = lines[changed].partition('"qty":')
    lines[changed] = f'{head}"qty":{"8" if tail[0] == "9" else "9"}{tail[1:]}'

    report = await found(edited(file, tmp_path, lines), "kraken", "OCEAN/BTC")

    assert report.counts["kraken"].checksums == 1


def test_recorded_kraken_v1_book_agrees_with_every_checksum(wire: Path):
    book: Book[TextLevel] = Book()
    compared = 0
    for line in (wire / "kraken_v1_recorded" / "book_OCEAN-XBT.ndjson").read_text().splitlines():
        for part in json.loads(line)["raw"][1:-2]:
            if "as" in part:
                book.replace(*([text_level(*level[:2]) for level in part[side]] for side in ("bs", "as")))
            book.apply(*([text_level(*level[:2]) for level in part.get(side, [])] for side in ("b", "a")))
            book.truncate(1_000)
            if "c" in part:
                compared += 1
                assert kraken_checksum(book.asks.best(10), book.bids.best(10)) == int(part["c"])
    assert compared == 148


async def test_okx_books_agree_with_all_checksums(wire: Path):
    report = await found(wire / "okx" / "recorded_BTC-USDT.ndjson", "okx", "BTC/USDT")

    counts = report.counts["okx"]
    assert counts.proven == 35
    assert (counts.checksums, counts.gaps, counts.invalid) == (0, 0, 0)


async def test_one_okx_update_left_out_is_found(wire: Path, tmp_path: Path):
    file = wire / "okx" / "recorded_BTC-USDT.ndjson"
    lines = file.read_text().splitlines(keepends=True)
    updates = [at for at, line in enumerate(lines) if '"action":"update"' in line.replace(" ", "")]
    del lines[updates[5]]

    report = await found(edited(file, tmp_path, lines), "okx", "BTC/USDT")

    assert report.counts["okx"].checksums == 1


async def test_binance_diffs_join_their_snapshot_without_a_gap(wire: Path):
    folder = wire / "binance"
    report = await found(
        folder / "stream_NKNUSDT.ndjson", "binance", "NKN/USDT", folder / "depth_snapshot_NKNUSDT.json"
    )

    counts = report.counts["binance"]
    assert (counts.proven, counts.gaps, counts.invalid, counts.crossed) == (149, 0, 0, 0)
    assert counts.quotes > 100


async def test_one_binance_diff_left_out_is_a_gap(wire: Path, tmp_path: Path):
    folder = wire / "binance"
    file = folder / "stream_NKNUSDT.ndjson"
    lines = file.read_text().splitlines(keepends=True)
    diffs = [at for at, line in enumerate(lines) if "depthUpdate" in line]
    del lines[diffs[60]]

    report = await found(
        edited(file, tmp_path, lines), "binance", "NKN/USDT", folder / "depth_snapshot_NKNUSDT.json"
    )

    assert report.counts["binance"].gaps == 1


async def test_coinbase_level_2_recording_never_crosses(wire: Path):
    report = await found(
        wire / "coinbase_exchange" / "feed_SKL-GBP.ndjson", "coinbase", "SKL/GBP", books=("coinbase",)
    )

    counts = report.counts["coinbase"]
    assert (counts.invalid, counts.crossed) == (0, 0)
    assert counts.quotes > 200
