"""The replayer: a recording goes through the adapters as if it came from the sockets.

Reads what the recorder writes, and recordings of one exchange whose lines do not name it, with `recv` and
`raw` or as bare messages. Each message is judged by the time it was recorded at; what goes to the engine is
moved to now, or the engine would rightly call it old.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from quant.spreads.messages import Beat, Message, Quote, Withdrawn

from .exchanges import EXCHANGES, adapter_maker
from .options import Options
from .protocol import Adapter, Counts, Event

AHEAD_SECONDS: Final = 0.001
BEAT_SECONDS: Final = 1.0
_BILLION: Final = 1_000_000_000


class RecordingInvalid(Exception):
    """A recording cannot be read: names the line."""


class _Line(msgspec.Struct):
    recv: float = 0.0
    venue: str = ""
    session: int = 0
    snapshot: str = ""
    raw: msgspec.Raw = msgspec.Raw(b"")


_LINE: Final = msgspec.json.Decoder(_Line)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded text.

    Args:
        venue: code of the exchange.
        received: Unix nanoseconds; 0 where the recording does not say.
        raw: the venue's text.
        session: number of the connection it came over.
        snapshot: the pair of a REST snapshot; empty for a frame.
    """

    venue: str
    received: int
    raw: bytes
    session: int = 0
    snapshot: str = ""


@dataclass(slots=True)
class Report:
    """What a replay found.

    Args:
        lines: read.
        seconds: the replay took.
        withdrawn: times a book had to leave the comparison.
        counts: by exchange.
    """

    lines: int = 0
    seconds: float = 0.0
    withdrawn: int = 0
    counts: dict[str, Counts] = field(default_factory=dict)

    @property
    def flaws(self) -> int:
        """Return how many gaps and wrong checksums there were."""
        return sum(counts.gaps + counts.checksums for counts in self.counts.values())

    def facts(self) -> dict[str, Any]:
        """Return the report as plain figures."""
        return {
            "lines": self.lines,
            "seconds": round(self.seconds, 3),
            "withdrawn": self.withdrawn,
            "flaws": self.flaws,
            "exchanges": {name: asdict(counts) for name, counts in self.counts.items()},
        }

    def text(self) -> str:
        """Return the report for people."""
        rate = self.lines / self.seconds if self.seconds else 0.0
        rows = [f"{self.lines:,} lines in {self.seconds:.2f} s ({rate:,.0f}/s), {self.withdrawn} withdrawals"]
        for name, counts in self.counts.items():
            found = ", ".join(f"{value} {key}" for key, value in asdict(counts).items() if key != "messages")
            rows.append(f"  {name}: {counts.messages} messages: {found}")
        return "\n".join(rows)


async def replay(
    options: Options,
    *,
    send: Callable[[Message], None],
    wall_ns: Callable[[], int] = time.time_ns,
    monotonic: Callable[[], float] = time.monotonic,
) -> Report:
    """Go through a recording and return what was found.

    Args:
        options: names the recording, its speed, its pairs.
        send: takes every message for the engine.
        wall_ns: our wall clock.
        monotonic: clock of the pace.

    Raises:
        RecordingInvalid: if a line cannot be read, or nobody said whose it is.
        OSError: if the file cannot be read.
    """
    file = options.replay
    if file is None:
        msg = "no recording is named"
        raise RecordingInvalid(msg)
    report, adapters = Report(), dict[tuple[str, int], Adapter]()
    began, beat_at, first = monotonic(), monotonic(), 0
    for one in recorded_texts(file, options):
        first = first or one.received
        if options.speed and one.received:
            due = began + (one.received - first) / _BILLION / options.speed
            while (ahead := due - monotonic()) > AHEAD_SECONDS:
                await asyncio.sleep(min(ahead, BEAT_SECONDS))
                beat_at = _beat(report, send, beat_at, monotonic(), wall_ns())
        elif report.lines % 256 == 0:
            await asyncio.sleep(0)
        report.lines += 1
        adapter = _adapter(one, options, report, adapters)
        _pass_on(_heard(adapter, one, wall_ns()), report, send, one.received, wall_ns())
        beat_at = _beat(report, send, beat_at, monotonic(), wall_ns())
    for venue in report.counts:
        send(Withdrawn(venue, "", "stopped", wall_ns()))
        send(Beat(venue, "stopped", wall_ns()))
    report.seconds = monotonic() - began
    return report


def _adapter(
    one: Recorded, options: Options, report: Report, adapters: dict[tuple[str, int], Adapter]
) -> Adapter:
    """Return the adapter of a recorded connection; each had one of its own."""
    key = (one.venue, one.session)
    if key not in adapters:
        counts = report.counts.setdefault(one.venue, Counts())
        has_books = one.venue in options.books or bool(options.snapshots)
        adapters[key] = adapter_maker(one.venue, options.pairs, has_books=has_books)(counts)
    return adapters[key]


def _heard(adapter: Adapter, one: Recorded, now: int) -> Sequence[Event]:
    received = one.received or now
    if one.snapshot:
        return adapter.snapshot(one.snapshot, one.raw, received)
    adapter.counts.messages += 1
    return adapter.receive(one.raw, received)


def _pass_on(
    events: Sequence[Event], report: Report, send: Callable[[Message], None], recorded: int, now: int
) -> None:
    shift_ms = (now - recorded) // 1_000_000 if recorded else 0
    for event in events:
        if isinstance(event, Quote):
            timestamp = event.timestamp + shift_ms if event.timestamp else 0
            send(msgspec.structs.replace(event, received=now, timestamp=timestamp))
        elif isinstance(event, Withdrawn):
            report.withdrawn += 1
            send(msgspec.structs.replace(event, received=now))


def _beat(report: Report, send: Callable[[Message], None], last: float, now: float, wall: int) -> float:
    """Tell the engine that the venues are alive, once a second; return when that was done last."""
    if now - last < BEAT_SECONDS:
        return last
    for venue, counts in report.counts.items():
        send(Beat(venue, "live", wall, -1, counts.messages, counts.invalid))
    return now


def recorded_texts(file: Path, options: Options) -> Iterator[Recorded]:
    """Yield the texts of a recording in order, with snapshots of other files where their time puts them.

    Args:
        file: the recording.
        options: whose it is, and which snapshots belong to it.

    Raises:
        RecordingInvalid: if a line cannot be read, or nobody said whose it is.
        OSError: if a file cannot be read.
    """
    waiting = sorted(_snapshots(options), key=lambda one: one.received)
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            one = _read(line.strip(), options.venue, f"{file}:{number}")
            while waiting and waiting[0].received <= one.received:
                yield waiting.pop(0)
            yield one
    yield from waiting


def _snapshots(options: Options) -> Iterator[Recorded]:
    for pair, file in options.snapshots:
        one = _read(file.read_bytes().strip(), options.venue, str(file))
        yield Recorded(one.venue, one.received, one.raw, snapshot=pair)


def _read(line: bytes, venue: str, where: str) -> Recorded:
    try:
        read = _LINE.decode(line) if line[:1] == b"{" else _Line()
        raw = bytes(read.raw) or line
        if raw[:1] == b'"':
            raw = msgspec.json.decode(raw, type=str).encode()
    except msgspec.DecodeError as error:
        msg = f"{where}: {error}"
        raise RecordingInvalid(msg) from error
    whose = read.venue or venue
    if whose not in EXCHANGES:
        msg = f"{where}: whose recording is it? Name one of {', '.join(EXCHANGES)} with --venue"
        raise RecordingInvalid(msg)
    return Recorded(whose, int(read.recv * _BILLION), raw, read.session, read.snapshot)
