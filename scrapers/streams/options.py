"""The command line of the ingest process, of `manage.py run_ingest` and of the lean process it becomes."""

from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from .exchanges import EXCHANGES, WITH_OPTIONAL_BOOKS


class OptionsInvalid(Exception):
    """The command line asks for something impossible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the process should do.

    Args:
        exchanges: codes of the exchanges to watch.
        pairs: what to watch at each.
        books: exchanges whose whole book is wanted although the best level is the default.
        record: file every message is written to as it came.
        replay: recording to go through instead of connecting.
        speed: times faster than recorded; 0 for as fast as possible.
        venue: whose recording it is, where its lines do not say.
        snapshots: REST snapshots recorded in files of their own, by pair.
        dry_run: replay without telling the engine.
        as_json: print the report of a replay as JSON.
    """

    exchanges: tuple[str, ...]
    pairs: tuple[str, ...]
    books: tuple[str, ...] = ()
    record: Path | None = None
    replay: Path | None = None
    speed: float = 1.0
    venue: str = ""
    snapshots: tuple[tuple[str, Path], ...] = ()
    dry_run: bool = False
    as_json: bool = False


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--only", metavar="CODES", default="",
        help=f"Exchanges to watch, of {', '.join(EXCHANGES)}; default: those with <EXCHANGE>_ENABLED=true.",
    )  # fmt: skip
    parser.add_argument(
        "--symbols", metavar="PAIRS", default="", help="Pairs such as BTC/USDT,ETH/USD; default: SYMBOLS."
    )
    parser.add_argument(
        "--books", metavar="CODES", default="",
        help=f"Exchanges whose whole book is wanted, of {', '.join(WITH_OPTIONAL_BOOKS)};"
        " default: their best bid and ask. The others always have books.",
    )  # fmt: skip
    parser.add_argument(
        "--record", metavar="FILE", help="Also append every message to FILE as it came, one JSON line each."
    )
    parser.add_argument("--replay", metavar="FILE", help="Go through a recording instead of connecting.")
    parser.add_argument(
        "--speed", type=float, default=1.0, help="Of the replay: 1 as recorded, 0 as fast as possible."
    )
    parser.add_argument(
        "--venue", choices=EXCHANGES, default="", help="Whose recording it is, where its lines do not say."
    )
    parser.add_argument(
        "--snapshot", action="append", default=[], metavar="PAIR=FILE",
        help="A REST snapshot that was recorded in a file of its own; may be repeated.",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="Check the replay without telling the engine.")


def read_options(values: Mapping[str, Any]) -> Options:
    """Return the options of a parsed command line, completed from the settings.

    Raises:
        OptionsInvalid: naming the option that is wrong.
    """
    enabled = tuple(code for code in EXCHANGES if settings.CRYPTO_EXCHANGES[code]["enabled"])
    replay = _path(values["replay"])
    options = Options(
        exchanges=_codes("--only", values["only"], EXCHANGES) or enabled,
        pairs=_names(values["symbols"]) or tuple(settings.CRYPTO_SYMBOLS),
        books=_codes("--books", values["books"], WITH_OPTIONAL_BOOKS),
        record=_path(values["record"]),
        replay=replay,
        speed=values["speed"],
        venue=values["venue"] or "",
        snapshots=_snapshots(values["snapshot"]),
        dry_run=values["dry_run"],
        as_json=bool(values.get("json")),
    )
    _check(options)
    return options


def _check(options: Options) -> None:
    if options.replay is None and not options.exchanges:
        msg = "no exchange is enabled: set BINANCE_ENABLED=true or others, or name them with --only"
        raise OptionsInvalid(msg)
    if options.replay is not None and options.record is not None:
        msg = "--record and --replay exclude each other"
        raise OptionsInvalid(msg)
    if not 0 <= options.speed < float("inf"):
        msg = f"--speed: {options.speed} is no speed"
        raise OptionsInvalid(msg)
    missing = [file for file in (options.replay, *(file for _, file in options.snapshots)) if file]
    for file in missing:
        if not file.is_file():
            msg = f"{file}: no such file"
            raise OptionsInvalid(msg)


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _codes(option: str, text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    codes = _names(text)
    wrong = [code for code in codes if code not in known]
    if wrong:
        msg = f"{option}: {', '.join(wrong)}: choose from {', '.join(known)}"
        raise OptionsInvalid(msg)
    return codes


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _snapshots(arguments: list[str]) -> tuple[tuple[str, Path], ...]:
    found = []
    for argument in arguments:
        pair, equals, file = argument.partition("=")
        if not (pair and equals and file):
            msg = f"--snapshot: {argument!r} is not PAIR=FILE"
            raise OptionsInvalid(msg)
        found.append((pair, Path(file)))
    return tuple(found)
