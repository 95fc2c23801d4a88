import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from arbsite.doctor import live
from arbsite.up.programs import HOST
from arbsite.up.running import only_one
from common.live import PROCESSES_KEY
from common.redis import shared_redis


@pytest.fixture(autouse=True)
def _one_exchange(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CRYPTO_EXCHANGES = {"kraken": {**settings.CRYPTO_EXCHANGES["kraken"], "enabled": True}}
    settings.VAR_DIR = tmp_path
    settings.ZMQ_ENDPOINT = f"ipc://{tmp_path}/ticks"
    monkeypatch.delenv("ZMQ_ENDPOINT", raising=False)


@pytest.fixture
def processes() -> Iterator[Any]:
    """Tell of processes that were heard of just now; nothing is heard of otherwise."""
    server = shared_redis()
    server.delete(PROCESSES_KEY)

    def tell(name: str, state: str = "live", detail: str = "") -> None:
        said = {
            "name": name, "pid": 1, "port": 8080, "started_at": "2026-11-21T08:00:00+00:00", "at": 10**14,
            "state": state, "detail": detail, "facts": {},
        }  # fmt: skip
        server.hset(PROCESSES_KEY, name, json.dumps(said))

    yield tell
    server.delete(PROCESSES_KEY)


def test_a_free_endpoint_is_well(tmp_path: Path) -> None:
    finding = live.ticks_endpoint()

    assert (finding.ok, finding.detail) == (True, f"ipc://{tmp_path}/ticks is free")


def test_a_taken_port_is_found(settings: Any) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        settings.ZMQ_ENDPOINT = f"tcp://{HOST}:{taken.getsockname()[1]}"

        finding = live.ticks_endpoint()

    assert not finding.ok
    assert "cannot be bound: Address already in use" in finding.detail
    assert "ZMQ_ENDPOINT" in finding.remedy


def test_an_endpoint_in_use_by_ourselves_is_well(settings: Any, tmp_path: Path) -> None:
    settings.ZMQ_ENDPOINT = "nonsense"
    with only_one(tmp_path):
        assert live.ticks_endpoint().ok


def test_an_endpoint_that_nothing_uses_is_not_looked_at(settings: Any) -> None:
    settings.CRYPTO_EXCHANGES["kraken"]["enabled"] = False
    settings.ZMQ_ENDPOINT = "nonsense"

    assert live.ticks_endpoint().ok


@pytest.mark.parametrize(
    ("endpoint", "problem"),
    [
        ("nonsense", "is no endpoint"),
        ("http://127.0.0.1:5555", "is no endpoint"),
        ("tcp://127.0.0.1", "is no endpoint"),
        ("tcp://127.0.0.1:many", "is no endpoint"),
        ("tcp://192.0.2.1:5555", "cannot be bound"),
        ("ipc://ticks", "is no absolute path"),
        ("ipc:///nowhere/ticks", "/nowhere is missing or not writable"),
        ("ipc:///" + "x" * 107, "longer than a socket's 107 bytes"),
    ],
)
def test_a_wrong_endpoint_is_told_with_its_reason(endpoint: str, problem: str) -> None:
    assert problem in live.endpoint_problem(endpoint)


def test_a_misdeclared_market_is_named() -> None:
    finding = live.declared_markets({"MKT_ALPHA_SIDE": "sideways", "MKT_ALPHA_URL": "https://alpha.example"})

    assert not finding.ok
    assert "MKT_ALPHA_SIDE" in finding.detail


def test_declared_markets_are_listed() -> None:
    finding = live.declared_markets({"MKT_ALPHA_SIDE": "sell", "MKT_ALPHA_URL": "https://alpha.example"})

    assert (finding.ok, finding.detail) == (True, "alpha")
    assert live.declared_markets({}).detail == "none declared by environment"


@pytest.mark.django_db
def test_a_desk_that_was_never_started_is_no_fault(processes: Any) -> None:
    finding = live.live_desk()

    assert (finding.ok, finding.detail) == (True, "not running; manage.py up starts it")


@pytest.mark.django_db
def test_a_process_that_is_missed_is_a_fault(processes: Any) -> None:
    processes("ingest", "degraded", "kraken connecting")

    finding = live.live_desk()

    assert not finding.ok
    assert finding.detail == (
        "ingest degraded (kraken connecting); signals down (not heard of); sink down (not heard of);"
        " 0 of 1 markets connected"
    )


@pytest.mark.django_db
def test_in_production_nothing_running_is_a_fault(processes: Any, settings: Any) -> None:
    settings.IS_PRODUCTION = True

    assert not live.live_desk().ok


@pytest.mark.django_db
def test_a_desk_that_runs_is_well(processes: Any) -> None:
    for name in ("ingest", "signals", "sink"):
        processes(name)

    assert live.live_desk().ok


@pytest.mark.django_db
def test_nothing_enabled_and_nothing_running_is_well(processes: Any, settings: Any) -> None:
    settings.CRYPTO_EXCHANGES = {}

    assert live.live_desk().detail == "nothing is enabled, nothing runs"


@pytest.mark.django_db
def test_without_redis_nothing_is_known(settings: Any) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    assert live.live_desk().remedy == "see Redis first"
