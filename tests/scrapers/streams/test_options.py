"""The command line is read whole before anything is opened."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest

from scrapers.streams.options import Options, OptionsInvalid, add_arguments, read_options


def read(*arguments: str) -> Options:
    parser = ArgumentParser()
    add_arguments(parser)
    return read_options(vars(parser.parse_args(arguments)))


@pytest.fixture(autouse=True)
def _enabled(settings: Any) -> None:
    settings.CRYPTO_SYMBOLS = ("BTC/USDT",)
    settings.CRYPTO_EXCHANGES = {
        code: {"enabled": code in ("kraken", "okx")}
        for code in ("binance", "coinbase", "kraken", "okx", "bybit")
    }


def test_enabled_exchanges_and_the_settings_pairs_are_the_default():
    options = read()

    assert (options.exchanges, options.pairs, options.books) == (("kraken", "okx"), ("BTC/USDT",), ())


def test_everything_can_be_named(tmp_path: Path):
    options = read(
        "--only",
        "binance, bybit",
        "--symbols",
        "ETH/USD",
        "--books",
        "binance",
        "--record",
        str(tmp_path / "x"),
    )

    assert (options.exchanges, options.pairs, options.books) == (
        ("binance", "bybit"),
        ("ETH/USD",),
        ("binance",),
    )
    assert options.record == tmp_path / "x"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "mtgox"], "--only: mtgox: choose from binance"),
        (["--books", "kraken"], "--books: kraken: choose from binance, coinbase"),
        (["--speed", "-1"], "--speed: -1.0 is no speed"),
        (["--speed", "nan"], "--speed: nan is no speed"),
        (["--replay", "/nowhere"], "/nowhere: no such file"),
        (["--replay", "/nowhere", "--record", "/x"], "exclude each other"),
        (["--snapshot", "BTC/USDT"], "'BTC/USDT' is not PAIR=FILE"),
    ],
)
def test_impossible_wishes_are_named(arguments: list[str], message: str):
    with pytest.raises(OptionsInvalid, match=message):
        read(*arguments)


def test_no_exchange_enabled_says_what_to_do(settings: Any):
    settings.CRYPTO_EXCHANGES = {code: {"enabled": False} for code in settings.CRYPTO_EXCHANGES}

    with pytest.raises(OptionsInvalid, match="BINANCE_ENABLED=true"):
        read()
