"""`manage.py run_ingest`: a process of its own, started as an operator does."""

import asyncio
import json
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import zmq
from django.conf import settings
from django.core.management import call_command

from common.commands import UsageError
from common.live import PROCESSES_KEY
from common.redis import shared_redis
from quant.spreads.messages import Beat, Message, Quote, decode
from scrapers.management.commands.run_ingest import own_arguments
from tests.scrapers.streams.messages import book_ticker, coinbase_ticker
from tests.scrapers.streams.venue import Visit, exchange

DEADLINE = 120.0
MOST_MB = 100


@asynccontextmanager
async def command(*arguments: str, **changes: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start `manage.py run_ingest` with an environment of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith(("_ENABLED", "_URL"))}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "manage.py", "run_ingest", *arguments,
        cwd=settings.BASE_DIR,
        env={
            **kept, "DJANGO_SETTINGS_MODULE": "arbsite.settings", "INGEST_HEALTH_PORT": "0",
            # It needs no database: nothing listens there.
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": settings.REDIS_URL, **changes,
        },
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ended(process: asyncio.subprocess.Process) -> tuple[int, str, str]:
    async with asyncio.timeout(DEADLINE):
        out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


def moment() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


async def script(visit: Visit) -> None:
    """Be Binance or Coinbase, by the path that was asked for."""
    if visit.request.path.startswith("/binance_ws"):
        await visit.send(book_ticker(1))
    else:
        await visit.send(coinbase_ticker(1, product_id="BTC-USDT", time=moment()))
    await visit.stay()


def heartbeat() -> dict[str, Any]:
    said: dict[str, Any] = json.loads(shared_redis().hget(PROCESSES_KEY, "ingest") or b"{}")
    return said


async def test_quotes_of_all_exchanges_reach_the_engine_from_a_small_process(tmp_path: Path):
    shared_redis().hdel(PROCESSES_KEY, "ingest")
    endpoint, heard = f"ipc://{tmp_path}/ticks", list[Message]()
    record = tmp_path / "wire.ndjson"
    context = zmq.Context()
    engine = context.socket(zmq.PULL)
    engine.connect(endpoint)

    def has(kind: type, **fields: object) -> bool:
        while engine.poll(0):
            heard.append(decode(engine.recv()))
        return any(
            isinstance(one, kind) and all(getattr(one, name) == value for name, value in fields.items())
            for one in heard
        )

    async def until(condition: Any, process: asyncio.subprocess.Process) -> None:
        async with asyncio.timeout(DEADLINE):
            while not condition():
                assert process.returncode is None
                await asyncio.sleep(0.02)

    try:
        async with exchange(script) as venue:
            wanted = ("--only", "binance,coinbase", "--symbols", "BTC/USDT", "--record", str(record))
            async with command(*wanted, VENUE_SIMULATOR_URL=venue.url, ZMQ_ENDPOINT=endpoint) as process:
                for name in ("binance", "coinbase"):
                    await until(lambda name=name: has(Quote, exchange=name, symbol="BTC/USDT"), process)
                    await until(lambda name=name: has(Beat, exchange=name, state="live"), process)
                await until(lambda: heartbeat().get("state") == "live", process)
                facts = heartbeat()["facts"]

                process.send_signal(signal.SIGTERM)
                code, _, err = await ended(process)

                assert (code, err) == (0, "")
                assert has(Beat, exchange="binance", state="stopped")
                assert heartbeat() == {}
    finally:
        context.destroy(linger=0)
    assert facts["memory_mb"] < MOST_MB
    assert facts["exchanges"]["coinbase"]["quotes"] == 1
    assert {json.loads(line)["venue"] for line in record.read_text().splitlines()} == {"binance", "coinbase"}


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        (["--only", "okx", "--json"], ["--only", "okx", "--json"]),
        (["-v", "2", "--settings=arbsite.settings", "--only=okx", "--traceback"], ["--only=okx"]),
        (["--pythonpath", ".", "--verbosity", "1"], []),
    ],
)
def test_options_of_django_stay_behind(arguments: list[str], kept: list[str]):
    assert own_arguments(arguments) == kept


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "no exchange is enabled: set BINANCE_ENABLED=true"),
        (("--only", "mtgox"), "--only: mtgox: choose from binance"),
        (("--only", "okx"), "OKX_WS_URL: 'http://127.0.0.1' is not a ws or wss address."),
    ],
)
def test_wrong_wishes_are_told_before_anything_starts(settings: Any, arguments: tuple[str, ...], said: str):
    settings.CRYPTO_EXCHANGES = {
        code: {**values, "enabled": False, "ws_url": "http://127.0.0.1" if code == "okx" else ""}
        for code, values in settings.CRYPTO_EXCHANGES.items()
    }

    with pytest.raises(UsageError, match=re.escape(said)):
        call_command("run_ingest", *arguments)
