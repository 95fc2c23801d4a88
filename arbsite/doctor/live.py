"""Looks at the live desk: where ticks go, what is declared, what is heard of its processes."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from arbsite.desk.state import desk_state
from arbsite.up.live import ENDPOINT
from arbsite.up.running import is_up
from scrapers.giftcards.environment import MarketsMisdeclared, read_environment

from .finding import Finding

LONGEST_SOCKET: Final = 107
_ELSEWHERE: Final = "set ZMQ_ENDPOINT to tcp://127.0.0.1:PORT with a free port, or to ipc://PATH"


def ticks_endpoint() -> Finding:
    """Report whether the streams can hand their ticks on, if any exchange is enabled."""
    endpoint = settings.ZMQ_ENDPOINT
    has_exchange = any(exchange["enabled"] for exchange in settings.CRYPTO_EXCHANGES.values())
    if not has_exchange and ENDPOINT not in os.environ:
        return Finding("ticks", ok=True, detail="no exchange is enabled")
    if is_up(settings.VAR_DIR):
        return Finding("ticks", ok=True, detail="Arbsite is up")
    problem = endpoint_problem(endpoint)
    return Finding("ticks", ok=not problem, detail=problem or f"{endpoint} is free", remedy=_ELSEWHERE)


def endpoint_problem(endpoint: str) -> str:
    """Return why nothing can be bound at a ZeroMQ endpoint now; empty when something can.

    A socket file is not bound to try it: that would take it away from who has it.
    """
    parts = urlsplit(endpoint)
    if parts.scheme == "ipc":
        return _file_problem(Path(endpoint.removeprefix("ipc://")))
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme != "tcp" or not parts.hostname or port is None:
        return f"{endpoint!r} is no endpoint"
    host = "" if parts.hostname == "*" else parts.hostname
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return f"{endpoint} cannot be bound: {error.strerror or error}"
    return ""


def _file_problem(path: Path) -> str:
    if not path.is_absolute():
        return f"{path} is no absolute path"
    if len(os.fsencode(path)) > LONGEST_SOCKET:
        return f"{path} is longer than a socket's {LONGEST_SOCKET} bytes"
    if not os.access(path.parent, os.W_OK):
        return f"{path.parent} is missing or not writable"
    return ""


def declared_markets(environ: Mapping[str, str]) -> Finding:
    """Report whether the gift-card markets of the environment can be read."""
    remedy = "compare with MKT_ in .env.example"
    try:
        found = read_environment(environ)
    except MarketsMisdeclared as error:
        return Finding("markets", ok=False, detail=" ".join(str(error).split()), remedy=remedy)
    names = ", ".join(facts.code for facts in found)
    return Finding("markets", ok=True, detail=names or "none declared by environment")


def live_desk() -> Finding:
    """Report processes of the live desk that fell silent, are in trouble, or should run and do not.

    Raises:
        DatabaseError: if the database does not answer.
    """
    desk = desk_state()
    if not desk.is_known:
        return Finding("live desk", ok=False, detail="not known", remedy="see Redis first")
    if not desk.processes:
        return Finding("live desk", ok=True, detail="nothing is enabled, nothing runs")
    was_started = any(process.age_ms is not None for process in desk.processes)
    if not (was_started or settings.IS_PRODUCTION or is_up(settings.VAR_DIR)):
        return Finding("live desk", ok=True, detail="not running; manage.py up starts it")
    detail = "; ".join(
        f"{process.name} {process.state}" + (f" ({process.detail})" if process.detail else "")
        for process in desk.processes
    )
    detail += f"; {desk.live_markets} of {desk.markets} markets connected"
    is_down = any(process.state == "down" for process in desk.processes)
    return Finding("live desk", not is_down, detail, "manage.py up starts them; logs are in var/logs")
