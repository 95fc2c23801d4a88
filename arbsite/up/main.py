"""The order of things: servers, database, page, workers, the box; and everything down again."""

import asyncio
import os
import signal
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from arbsite.commandline import HELD
from arbsite.embedded import Lease, ServicesError, acquire
from arbsite.settings.celery import QUEUES
from arbsite.settings.env import make_var_dir

from .console import Console
from .live import live_programs
from .options import Options, parse
from .preparing import PreparationFailed, prepare
from .programs import HOST, VENUES_PORT, Program, background, free_port, venues, web
from .runner import Runner, ServicesKeeper
from .running import only_one

SIMULATOR = "VENUE_SIMULATOR_URL"


def main(argv: Sequence[str]) -> int:
    """Run `manage.py up` and return its exit code."""
    return up(parse(argv))


def up(options: Options) -> int:
    """Bring everything up, stay until asked to stop, take everything down; return the exit code."""
    console = Console()
    var = make_var_dir()
    # A shell may start us with SIGINT ignored (a background job); Ctrl+C and `kill -INT` must work all the
    # same.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        with only_one(var):
            return _serve(options, console, var)
    except KeyboardInterrupt:
        return 130
    except DemoInTheWay as error:
        console.say(f"error: {error}")
    except PreparationFailed:
        console.say("error: the database could not be prepared; the reason is above")
    except (ServicesError, OSError) as error:
        console.say(f"error: {error}")
    return 1


class DemoInTheWay(Exception):
    """A start without the demo market was asked for, and the database holds one."""


def _refuse_mixing(options: Options, report: dict[str, Any]) -> None:
    """Live prices and invented ones are never mixed: a wrong price is worse than none."""
    if report.get("has_demo") and not options.demo:
        raise DemoInTheWay(
            "this database holds the demo market, so live mode does not start: remove it with"
            " `python manage.py demo --reset` (only demo rows go), or start without --no-demo"
        )


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _serve(options: Options, console: Console, var: Path) -> int:
    keeper = _services(console, var)
    try:
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", HELD: str(var) if keeper else ""}
        is_embedded = "postgres" in settings.EMBEDDED_SERVICES
        report = prepare(
            base=settings.BASE_DIR,
            var=var,
            demo=options.demo,
            is_embedded=is_embedded,
            environment=environment,
            console=console,
        )
        _refuse_mixing(options, report)
        return asyncio.run(_run(options, console, environment, keeper, report))
    finally:
        if keeper is not None:
            keeper.lease.stop()
            console.say("  everything is stopped")


def _services(console: Console, var: Path) -> ServicesKeeper | None:
    needed = settings.EMBEDDED_SERVICES
    if not needed:
        return None

    def lease() -> Lease:
        return acquire(var, services=needed, notice=lambda text: console.say(f"  {text}"))

    with console.step(f"starting {' and '.join(needed)}"):
        return ServicesKeeper(lease)


async def _run(
    options: Options,
    console: Console,
    environment: dict[str, str],
    keeper: ServicesKeeper | None,
    report: dict[str, Any],
) -> int:
    port = free_port(options.port)
    if port != options.port:
        console.say(f"  port {options.port} is taken; using {port}")
    address = f"http://{HOST}:{port}"
    simulated = _simulated_venues(report, environment, console)
    live = await asyncio.to_thread(_live_desk, options, report, environment)  # it asks the database

    def on_ready() -> None:
        if "web" in options.parts:
            console.box(
                f"Arbsite is ready ({console.seconds():.1f} s)",
                _box(
                    address,
                    settings.VAR_DIR,
                    {**report, "venues": environment.get(SIMULATOR, ""), "live": [it.name for it in live]},
                ),
            )
            if options.open_browser:
                webbrowser.open(f"{address}/app/")
        else:
            console.say(f"  ready: {', '.join(options.parts)} ({console.seconds():.1f} s)")

    logs = settings.VAR_DIR / "logs"
    logs.mkdir(mode=0o700, exist_ok=True)
    runner = Runner(
        console=console,
        base=settings.BASE_DIR,
        logs=logs,
        environment=environment,
        is_verbose=options.verbose,
    )
    return await runner.run(
        front=[web(port, dev=options.dev)] if "web" in options.parts else [],
        back=[
            *simulated,
            *background(options, queues=QUEUES, frontend=settings.BASE_DIR / "frontend"),
            *live,
        ],
        port=port,
        on_ready=on_ready,
        services=keeper,
    )


def _simulated_venues(report: dict[str, Any], environment: dict[str, str], console: Console) -> list[Program]:
    """Return the venues of a demo market, and tell the other programs where they are."""
    if not report.get("has_demo") or settings.VENUE_SIMULATOR_URL:
        return []
    port = free_port(VENUES_PORT)
    environment[SIMULATOR] = f"http://{HOST}:{port}"
    if port != VENUES_PORT:
        console.say(f"  port {VENUES_PORT} is taken; the simulated venues use {port}")
    return [venues(port, settings.VAR_DIR / "demo")]


def _live_desk(options: Options, report: dict[str, Any], environment: dict[str, str]) -> list[Program]:
    if "live" not in options.parts:
        return []
    return live_programs(report, environment, base=settings.BASE_DIR, var=settings.VAR_DIR)


def _box(address: str, var: Path, report: dict[str, Any]) -> list[str]:
    credentials = var / "credentials.txt"
    logins = _logins(credentials)
    return [
        f"Dashboard   {address}/app/       {logins.get('analyst', '')}",
        *([f"Live desk   {address}/app/live"] if report.get("live") else []),
        f"Admin       {address}/admin/     {logins.get('admin', '')}",
        f"API docs    {address}/api/docs/",
        f"Mode PAPER, {report.get('market', '')}",
        *(
            [f"Venues      {report['venues']}/__sim__/   simulated, prices are invented"]
            if report.get("venues")
            else []
        ),
        f"Data in {_shown(var)}   logins kept in {_shown(credentials)}",
        "Stop: Ctrl+C   start afresh: make reset   problems: make doctor",
    ]


def _logins(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = [line.split(maxsplit=1) for line in lines if not line.startswith("#")]
    return {pair[0]: f"{pair[0]} / {pair[1]}" for pair in pairs if len(pair) == 2}


def _shown(path: Path) -> str:
    here = Path.cwd()
    return f"./{path.relative_to(here)}" if path.is_relative_to(here) else str(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
