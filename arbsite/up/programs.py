"""The programs of a running installation: what is started, with which arguments."""

import os
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .options import Options

HOST = "127.0.0.1"
VENUES_PORT = 8900
SOFT_SHUTDOWN_SECONDS = 8
CONCURRENCY = {"scraping": 2}
"""A cycle takes minutes, mostly waiting its turn: somebody's single product must not wait behind it."""
PORTS_TRIED = 50
STATEMENT_TIMEOUT = "DATABASE_STATEMENT_TIMEOUT_MS"


@dataclass(frozen=True, slots=True)
class Program:
    """One long-running child process.

    Args:
        name: of its log and of its lines on the console.
        argv: what to execute.
        environment: what it gets beside the environment of all.
        cwd: folder it runs in, the product's when None.
        stop_turn: programs of a lower turn have ended before it is asked to: what takes work in before what
            does it.
    """

    name: str
    argv: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    stop_turn: int = 1


def free_port(wanted: int) -> int:
    """Return `wanted` or the next port that nobody listens on; raise OSError when there is none near."""
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port from {wanted} on; choose another with ARBSITE_PORT")


def web(port: int, *, dev: bool) -> Program:
    """Return the web server: one process, threads of its own for each request."""
    argv = [
        sys.executable, "-m", "granian", "--interface", "asginl", "--host", HOST, "--port", str(port),
        "--no-ws", "--workers", "1", "--respawn-failed-workers", "--workers-kill-timeout", "6",
        "--log-level", "warning",
        *(["--reload", "--reload-ignore-dirs", "var", "--reload-ignore-dirs", "frontend"] if dev else []),
        "arbsite.asgi:application",
    ]  # fmt: skip
    # Each request has a thread of its own, so connections live in a pool, not with the thread; and none may
    # be held for long.
    environment = {"DATABASE_POOL_SIZE": "8", STATEMENT_TIMEOUT: os.environ.get(STATEMENT_TIMEOUT) or "5000"}
    if dev:
        environment |= {"DJANGO_DEBUG": "true", "ARBSITE_VITE_DEV": "true"}
    return Program("web", argv, environment, stop_turn=0)


def workers(queues: Sequence[str]) -> list[Program]:
    """Return one worker per queue: a flood in one does not hold up the others."""
    # SIGTERM finishes or hands back running tasks within the soft shutdown time instead of waiting without
    # limit.
    environment = {"REMAP_SIGTERM": "SIGQUIT", "CELERY_SOFT_SHUTDOWN_SECONDS": str(SOFT_SHUTDOWN_SECONDS)}
    return [
        Program(
            f"worker-{queue}",
            [
                sys.executable, "-m", "celery", "-q", "-A", "arbsite", "worker", "-Q", queue,
                "-n", f"{queue}@%h",
                "--concurrency", str(CONCURRENCY.get(queue, 1)), "--loglevel", "INFO",
                "--without-gossip", "--without-mingle",
            ],
            environment,
        )
        for queue in queues
    ]  # fmt: skip


def beat() -> Program:
    """Return the scheduler; exactly one runs."""
    argv = [sys.executable, "-m", "celery", "-q", "-A", "arbsite", "beat", "--pidfile=", "--loglevel", "INFO"]
    return Program("beat", argv, stop_turn=0)


def venues(port: int, folder: Path) -> Program:
    """Return the simulated venues of the demo market in a folder."""
    argv = [sys.executable, "-m", "arbsite.demo.venues", "--port", str(port), "--folder", str(folder)]
    return Program("venues", argv)


def live_names(*, has_crypto: bool, has_gift_cards: bool) -> list[str]:
    """Return the programs of the live desk that its markets need, what is fed before what feeds it."""
    return [
        *(["sink"] if has_crypto or has_gift_cards else []),
        *(["signals", "ingest"] if has_crypto else []),
        *(["giftcards"] if has_gift_cards else []),
    ]


def vite(frontend: Path) -> Program:
    """Return Vite's development server."""
    program = str(frontend / "node_modules" / ".bin" / "vite")
    argv = [program, "--host", HOST, "--port", "5173", "--strictPort"]
    return Program("vite", argv, cwd=frontend, stop_turn=0)


def background(options: Options, *, queues: Sequence[str], frontend: Path) -> list[Program]:
    """Return what starts once the page answers."""
    found: list[Program] = []
    if "worker" in options.parts:
        found += workers(queues)
    if "beat" in options.parts:
        found.append(beat())
    if options.dev:
        found.append(vite(frontend))
    return found
