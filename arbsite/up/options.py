"""The flags of `manage.py up`."""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass

DEFAULT_PORT = 8000
PARTS = ("web", "worker", "beat", "live")


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for."""

    port: int
    demo: bool
    parts: tuple[str, ...]
    open_browser: bool
    dev: bool
    verbose: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "--port",
        type=_port,
        default=None,
        help="port of the page (default: ARBSITE_PORT, else 8000; or the next free one)",
    )
    parser.add_argument(
        "--demo",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="fill an empty database with a demo market",
    )
    parser.add_argument(
        "--only", type=_parts, default=PARTS, metavar=",".join(PARTS), help="run only these parts"
    )
    parser.add_argument("--open", action="store_true", help="open the page in a browser")
    parser.add_argument("--dev", action="store_true", help="reload on changes, front end from Vite's server")
    parser.add_argument(
        "--verbose-logs", action="store_true", help="show every worker's routine messages too"
    )


def from_namespace(found: argparse.Namespace | dict[str, object]) -> Options:
    """Return the options of parsed flags; raise argparse.ArgumentTypeError for a wrong ARBSITE_PORT."""
    values = found if isinstance(found, dict) else vars(found)
    port = values["port"]
    return Options(
        port=port if isinstance(port, int) else _port(os.environ.get("ARBSITE_PORT") or str(DEFAULT_PORT)),
        demo=bool(values["demo"]),
        parts=tuple(values["only"]),  # type: ignore[arg-type]
        open_browser=bool(values["open"]),
        dev=bool(values["dev"]),
        verbose=bool(values["verbose_logs"]),
    )


def parse(argv: Sequence[str]) -> Options:
    """Parse a command line; a wrong one ends the process with code 2 and one clear line."""
    parser = argparse.ArgumentParser(prog="manage.py up", description="Run everything on this machine.")
    add_arguments(parser)
    found = parser.parse_args(argv)
    try:
        return from_namespace(found)
    except argparse.ArgumentTypeError as error:
        parser.error(f"ARBSITE_PORT: {error}")


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (1 to 65535)")
    return int(text)


def _parts(text: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in text.split(",") if part.strip())
    unknown = set(parts) - set(PARTS)
    if unknown or not parts:
        raise argparse.ArgumentTypeError(f"choose from {', '.join(PARTS)}")
    return parts
