"""The programs of the live desk: which of them a start needs, and where they find each other.

With the demo market all of them run on the simulated venues. Without it, only what is configured runs: the
crypto pair (`ingest`, `signals`) when an exchange is enabled, `giftcards` when there is a gift-card market,
and the `sink` with either.
"""

import os
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, connection

from .programs import Program, free_port, live_names

STOP_TURNS: Final = {"ingest": 0, "giftcards": 0, "signals": 1, "sink": 2}
"""Sources stop first, so that what they still said is worked off by those behind them."""
PORTS: Final = {
    "ingest": "INGEST_HEALTH_PORT",
    "signals": "SIGNALS_HEALTH_PORT",
    "sink": "SINK_HEALTH_PORT",
    "giftcards": "GIFTCARDS_HEALTH_PORT",
}
ENDPOINT: Final = "ZMQ_ENDPOINT"
TICKS_PORT: Final = 5555
LONGEST_SOCKET: Final = 100
"""Bytes of a socket's path; the kernel takes 107."""

_HAS_MARKETS: Final = "SELECT EXISTS (SELECT FROM live_markets WHERE is_enabled AND kind = 'giftcard')"


def live_programs(
    report: Mapping[str, Any], environment: MutableMapping[str, str], *, base: Path, var: Path
) -> list[Program]:
    """Return what the live desk needs running, and tell all programs where it is.

    Args:
        report: what `manage.py prepare` said of the database.
        environment: of all programs; gets the endpoint of the ticks and, for a demo, the exchanges.
        base: folder of `manage.py`.
        var: data folder.
    """
    names = wanted(has_demo=bool(report.get("has_demo")), environment=environment)
    if report.get("has_demo"):
        for code in settings.CRYPTO_EXCHANGES:
            environment.setdefault(f"{code.upper()}_ENABLED", "true")
    if names:
        environment[ENDPOINT] = environment.get(ENDPOINT) or _ticks_endpoint(var)
    ports = _health_ports(names)
    level = environment.get("LOG_LEVEL", "INFO")
    return [
        Program(
            name,
            [sys.executable, str(base / "manage.py"), f"run_{name}"],
            {PORTS[name]: str(ports[name]), "LOG_LEVEL": level},
            stop_turn=STOP_TURNS[name],
        )
        for name in names
    ]


def wanted(*, has_demo: bool, environment: Mapping[str, str]) -> list[str]:
    """Return the names of the programs to run, what is fed before what feeds it."""
    if has_demo:
        return live_names(has_crypto=True, has_gift_cards=True)
    has_crypto = any(exchange["enabled"] for exchange in settings.CRYPTO_EXCHANGES.values())
    has_cards = (
        settings.ENABLE_MOCK_MARKETS
        or any(name.startswith("MKT_") and value for name, value in environment.items())
        or _has_gift_card_markets()
    )
    return live_names(has_crypto=has_crypto, has_gift_cards=has_cards)


def _has_gift_card_markets() -> bool:
    """Ask the database for markets that staff declared; a question that fails is no reason not to start."""
    try:
        connection.ensure_connection()
        with connection.wrap_database_errors:  # past Django's cursor, which warns where no app is loaded
            return bool(connection.connection.execute(_HAS_MARKETS).fetchone()[0])
    except DatabaseError:
        return False
    finally:
        connection.close()


def _ticks_endpoint(var: Path) -> str:
    """Return a place that only this user reaches, or a port where the data folder's name is too long."""
    path = var / "run" / "ticks.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET:
        return f"ipc://{path}"
    return f"tcp://127.0.0.1:{free_port(TICKS_PORT)}"


def _health_ports(names: list[str]) -> dict[str, int]:
    """Return a port for each: the one that is set or the next free one, no two the same; 0 stays any."""
    found: dict[str, int] = {}
    for name in names:
        port = getattr(settings, PORTS[name])
        if port:
            port = free_port(port)
            while port in found.values():
                port = free_port(port + 1)
        found[name] = port
    return found
