"""The four programs of the live desk as processes that can be killed, and the venues they talk to."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from scrapers.simulator.app import create_simulator
from scrapers.simulator.seeded import seeded_world
from scrapers.simulator.serving import RunningSimulator, start_simulator

PROJECT = Path(__file__).resolve().parents[2]
NAMES = ("ingest", "signals", "sink", "giftcards")


@contextmanager
def venues() -> Iterator[RunningSimulator]:
    """Serve the simulated venues from a thread; a percent lies between OKX and the others all the time."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        app = create_simulator(seeded_world(7, "tiny"))
        running = asyncio.run_coroutine_threadsafe(start_simulator(app), loop).result(60)
        hub = running.simulator.exchanges
        hub.prices.has_gaps = False
        hub.prices.open_gap("okx", "BTC/USDT", bps=100, seconds=1e9)
        hub.set_rate(10)
        yield running
        asyncio.run_coroutine_threadsafe(running.stop(), loop).result(60)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(60)
        loop.close()


class Programs:
    """Starts the programs and kills them; everything they need to know is in their environment."""

    def __init__(self, *, venues_url: str, redis_url: str, folder: Path) -> None:
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": _database_url(),
            "REDIS_URL": redis_url,
            "VENUE_SIMULATOR_URL": venues_url,
            "ZMQ_ENDPOINT": f"ipc://{folder}/ticks",
            "SYMBOLS": "BTC/USDT",
            "TICK_MAX_AGE_MS": "3000",
            "MAX_QUOTE_AGE_MS": "4000",
            "PROFIT_THRESHOLD_BPS": "0",
            "LOG_LEVEL": "WARNING",
            **{f"{code}_ENABLED": "true" for code in ("BINANCE", "KRAKEN", "OKX", "BYBIT")},
            **{f"{name.upper()}_HEALTH_PORT": "0" for name in NAMES},
        }
        self._log = folder / "programs.log"
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        # `run_ingest` becomes this module; the applications it loads before cost more than all it does here.
        program = ["-m", "scrapers.streams"] if name == "ingest" else ["manage.py", f"run_{name}"]
        argv = [sys.executable, "-W", "ignore", *program]
        with self._log.open("ab") as log:
            self._running[name] = subprocess.Popen(
                argv, cwd=PROJECT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, name: str) -> None:
        """Kill a program with signal 9."""
        program = self._running.pop(name)
        os.killpg(program.pid, signal.SIGKILL)
        program.wait(30)

    def kill_all(self) -> None:
        for name in list(self._running):
            self.kill(name)

    def pid(self, name: str) -> int:
        return self._running[name].pid

    def ended(self) -> list[str]:
        """Return the programs that ended by themselves."""
        return [name for name, program in self._running.items() if program.poll() is not None]

    def said(self) -> str:
        """Return the end of what all of them logged."""
        return self._log.read_text(errors="replace")[-3_000:] if self._log.exists() else ""


def _database_url() -> str:
    facts = connection.settings_dict
    login = quote(facts["USER"] or "") + (f":{quote(facts['PASSWORD'])}" if facts["PASSWORD"] else "")
    host = str(facts["HOST"] or "")
    if host.startswith("/"):
        return f"postgres://{login}@/{facts['NAME']}?host={quote(host)}"
    return f"postgres://{login}@{host}:{facts['PORT'] or 5432}/{facts['NAME']}"
