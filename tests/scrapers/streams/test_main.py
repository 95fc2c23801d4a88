"""What the process prints and how it ends."""

import json
from pathlib import Path
from typing import Any

import pytest
import zmq

from scrapers.streams.__main__ import run
from scrapers.streams.outlet import Outlet

from .messages import kraken_book

GOOD = kraken_book("snapshot", [("100.50", "1.2000")], [("100.60", "2.000")])
BAD = GOOD.replace(b'"asks"', b'"checksum":1,"asks"')


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return tmp_path / "wire.ndjson"


def replayed(recording: Path, *more: str) -> int:
    return run(
        ["--replay", str(recording), "--venue", "kraken", "--symbols", "BTC/USD", "--speed", "0", *more]
    )


def test_replay_without_a_flaw_ends_with_0(recording: Path, capsys: pytest.CaptureFixture[str]):
    recording.write_bytes(GOOD)

    assert replayed(recording, "--dry-run", "--json") == 0
    assert json.loads(capsys.readouterr().out)["exchanges"]["kraken"]["quotes"] == 1


def test_replay_with_a_flaw_ends_with_1(recording: Path, capsys: pytest.CaptureFixture[str]):
    recording.write_bytes(BAD)

    assert replayed(recording, "--dry-run") == 1
    assert "1 checksums" in capsys.readouterr().out


def test_replay_feeds_the_engine(recording: Path, settings: Any, tmp_path: Path):
    settings.ZMQ_ENDPOINT = f"ipc://{tmp_path}/ticks"
    recording.write_bytes(GOOD)
    context = zmq.Context()
    try:
        engine = context.socket(zmq.PULL)
        engine.connect(settings.ZMQ_ENDPOINT)

        assert replayed(recording) == 0
    finally:
        context.destroy(linger=0)


def test_endpoint_in_use_ends_with_1_and_one_line(
    recording: Path, settings: Any, capsys: pytest.CaptureFixture[str]
):
    recording.write_bytes(GOOD)
    with Outlet("tcp://127.0.0.1:*") as outlet:
        settings.ZMQ_ENDPOINT = outlet.endpoint

        assert replayed(recording) == 1

    assert capsys.readouterr().err.startswith(f"error: cannot send at {settings.ZMQ_ENDPOINT}: ")


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [(b"{", 1, "wire.ndjson:1: "), (GOOD, 2, "--speed: -1.0 is no speed")],
)
def test_what_cannot_be_done_is_one_line(
    recording: Path, capsys: pytest.CaptureFixture[str], text: bytes, code: int, said: str
):
    recording.write_bytes(text)

    assert replayed(recording, "--dry-run", *(["--speed", "-1"] if code == 2 else [])) == code

    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert said in error
    assert error.count("\n") == 1


def test_pair_that_is_none_is_a_usage_error(recording: Path, capsys: pytest.CaptureFixture[str]):
    recording.write_bytes(GOOD)

    assert replayed(recording, "--dry-run", "--symbols", "bitcoin") == 2
    assert "no pair: 'bitcoin'" in capsys.readouterr().err
