"""From the stream of sightings into PostgreSQL: `manage.py run_sink`.

Entries are confirmed to Redis after their transaction committed, so a sink that is killed in between gets
them again, and the services ignore what a row has seen already. What can never be stored is parked on a
stream of its own and counted; while PostgreSQL or Redis is gone the sink waits and then goes on where it was.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import redis
import structlog
from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError, connection
from redis.exceptions import RedisError, ResponseError

from common.errors import TemporarilyUnavailable
from common.live import SPREADS_STREAM
from opportunities.services.cross_venue import SightingReport, close_overdue, upsert_sightings
from opportunities.services.cross_venue_reading import Sighting, SightingUnreadable, read_sighting
from opportunities.services.cross_venue_sampling import sample_quotes

logger = structlog.get_logger(__name__)

GROUP: Final = "sink"
CONSUMER: Final = "sink"
"""One name for whoever runs: a new sink finds at once what a killed one left unconfirmed."""
PARKED_STREAM: Final = f"{SPREADS_STREAM}:parked"
MAX_PARKED: Final = 1_000
BATCH: Final = 500
MAX_DELIVERIES: Final = 5
"""An entry that was handed out this often and never confirmed may be what kills the sink: it is parked."""
CLAIM_IDLE_MS: Final = 30_000
BLOCK_MS: Final = 500
_LONGEST_PAUSE: Final = 5.0
_PARKED_CHARACTERS: Final = 10_000

_REFUSALS: Final = (DataError, IntegrityError, SightingUnreadable)

Entry = tuple[bytes, dict[bytes, bytes]]
Clock = Callable[[], datetime]


@dataclass(slots=True)
class SinkCounts:
    """What happened since the start."""

    entries: int = 0
    applied: int = 0
    ignored: int = 0
    opened: int = 0
    closed: int = 0
    expired: int = 0
    parked: int = 0
    samples: int = 0
    waits: int = 0
    lag_ms: int = 0


@dataclass(slots=True)
class _Due:
    expiry: datetime | None = None
    sample: datetime | None = None
    claim: datetime | None = None


@dataclass(slots=True)
class SinkState:
    """What the health page says."""

    trouble: str = ""
    stepped_at: float = field(default_factory=time.monotonic)


class Sink:
    """Reads sightings as a consumer of the group, from one thread.

    Args:
        client: Redis, with a socket timeout above `BLOCK_MS`.
        clock: our clock.
        stopping: ends `run`.
    """

    def __init__(self, client: redis.Redis, *, clock: Clock, stopping: threading.Event | None = None) -> None:
        self.counts = SinkCounts()
        self.state = SinkState()
        self._client: Any = client
        self._clock = clock
        self._stopping = stopping or threading.Event()
        self._due = _Due()
        self._has_pending = True
        self._taken: list[Entry] = []

    def run(self) -> None:
        """Work until `stopping` is set. Returns with every entry it took either confirmed or pending."""
        failures = 0
        while not self._stopping.is_set():
            try:
                self.step()
            except (RedisError, OSError, OperationalError, InterfaceError, TemporarilyUnavailable) as error:
                failures += 1
                self._wait(error, failures)
            else:
                failures = 0
                self.state.trouble = ""
        connection.close()

    def step(self, *, block_ms: int = BLOCK_MS) -> int:
        """Take one batch; when there was none, close what is overdue and sample quotes if it is time.

        Args:
            block_ms: how long to wait for entries.

        Returns:
            How many entries were handled.

        Raises:
            RedisError, OSError: if Redis does not answer.
            OperationalError, InterfaceError: if PostgreSQL does not; nothing was confirmed.
        """
        self.state.stepped_at = time.monotonic()
        # Kept until confirmed: reading them again would count as one more delivery of a possible killer.
        entries = self._taken = self._taken or self._read(block_ms)
        if entries:
            self._handle(entries)
            self._taken = []
        if len(entries) < BATCH and not self._has_pending:
            self._look_after(self._clock())
        return len(entries)

    def _read(self, block_ms: int) -> list[Entry]:
        """Return what this consumer was given and never confirmed, then what is new."""
        try:
            if self._has_pending:
                self._claim_forgotten()
                entries = self._read_group("0", None)
                self._has_pending = bool(entries)
                if entries:
                    return self._without_killers(entries)
            return self._read_group(">", block_ms)
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
            self._make_group()
            return []

    def _read_group(self, after: str, block_ms: int | None) -> list[Entry]:
        answer = self._client.xreadgroup(
            GROUP, CONSUMER, {SPREADS_STREAM: after}, count=BATCH, block=block_ms
        )
        return [entry for _, entries in answer for entry in entries]

    def _make_group(self) -> None:
        """Make the group at the beginning of the stream: an empty Redis has lost it."""
        try:
            self._client.xgroup_create(SPREADS_STREAM, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise

    def _claim_forgotten(self) -> None:
        """Take over what consumers of other names left lying."""
        self._client.xautoclaim(
            SPREADS_STREAM,
            GROUP,
            CONSUMER,
            min_idle_time=CLAIM_IDLE_MS,
            start_id="0-0",
            count=BATCH,
            justid=True,
        )

    def _without_killers(self, entries: list[Entry]) -> list[Entry]:
        """Park what was handed out again and again; return the rest. Trimmed entries are just confirmed."""
        gone = [key for key, fields in entries if not fields]
        if gone:
            self._client.xack(SPREADS_STREAM, GROUP, *gone)
        alive = [entry for entry in entries if entry[1]]
        if not alive:
            return []
        pending = self._client.xpending_range(
            SPREADS_STREAM,
            GROUP,
            min=alive[0][0],
            max=alive[-1][0],
            count=len(entries),
            consumername=CONSUMER,
        )
        often = {row["message_id"] for row in pending if row["times_delivered"] > MAX_DELIVERIES}
        for entry in alive:
            if entry[0] in often:
                self._park(entry, "handed out too often")
                self._confirm([entry[0]])
        return [entry for entry in alive if entry[0] not in often]

    def _handle(self, entries: list[Entry]) -> None:
        now = self._clock()
        good: list[tuple[Entry, Sighting]] = []
        bad: list[tuple[Entry, str]] = []
        for entry in entries:
            try:
                good.append((entry, read_sighting(entry[1].get(b"data", b""), now=now)))
            except SightingUnreadable as error:
                bad.append((entry, str(error)))
        bad += self._store(good, now)
        for entry, reason in bad:
            self._park(entry, reason)
        self._confirm([key for key, _ in entries])
        self.counts.entries += len(entries)
        newest = int(entries[-1][0].partition(b"-")[0])
        self.counts.lag_ms = max(0, int(now.timestamp() * 1_000) - newest)

    def _confirm(self, keys: Sequence[bytes]) -> None:
        self._client.xack(SPREADS_STREAM, GROUP, *keys)

    def _store(self, good: list[tuple[Entry, Sighting]], now: datetime) -> list[tuple[Entry, str]]:
        """Apply a batch; when PostgreSQL refuses it, one by one. Return what it refuses alone, and why."""
        try:
            self._note(upsert_sightings([sighting for _, sighting in good], now))
        except _REFUSALS:
            refused = ((entry, self._refusal(sighting, now)) for entry, sighting in good)
            return [(entry, reason) for entry, reason in refused if reason]
        return []

    def _refusal(self, sighting: Sighting, now: datetime) -> str:
        """Apply one sighting; return why it cannot be, or nothing."""
        try:
            self._note(upsert_sightings([sighting], now))
        except _REFUSALS as error:
            return f"{type(error).__name__}: {error}"
        return ""

    def _park(self, entry: Entry, reason: str) -> None:
        key, fields = entry
        self.counts.parked += 1
        logger.warning("sink.parked", entry=key.decode(), reason=reason[:200])
        kept = {"entry": key, "reason": reason[:500], "data": fields.get(b"data", b"")[:_PARKED_CHARACTERS]}
        self._client.xadd(PARKED_STREAM, kept, maxlen=MAX_PARKED, approximate=False)

    def _look_after(self, now: datetime) -> None:
        """Do what is due by time; only when all sightings are stored, or rows would close too early."""
        due = self._due
        if due.claim is None or now >= due.claim:
            due.claim = now + timedelta(milliseconds=CLAIM_IDLE_MS)
            self._has_pending = True
        if due.expiry is None or now >= due.expiry:
            due.expiry = now + timedelta(seconds=1)
            self.counts.expired += close_overdue(now=now)
        if due.sample is None or now >= due.sample:
            due.sample = now + timedelta(seconds=settings.QUOTE_SAMPLE_SECONDS)
            self.counts.samples += sample_quotes(now=now)

    def _note(self, report: SightingReport) -> None:
        self.counts.applied += report.applied
        self.counts.ignored += report.ignored
        self.counts.opened += report.opened + report.reopened
        self.counts.closed += report.closed

    def _wait(self, error: Exception, failures: int) -> None:
        """Wait until whatever is gone may be back; entries that were taken stay pending."""
        self.counts.waits += 1
        what = "PostgreSQL" if isinstance(error, DatabaseError | InterfaceError) else "Redis"
        self.state.trouble = f"{what} does not answer: {type(error).__name__}."
        if failures == 1:
            logger.warning("sink.waiting", on=what, error=str(error)[:200])
        connection.close()
        self._stopping.wait(min(0.1 * 2.0 ** min(failures, 10), _LONGEST_PAUSE))


def entries_of(counts: SinkCounts) -> Iterator[tuple[str, int]]:
    """Yield the counters that only grow, by name."""
    for name in (
        "entries",
        "applied",
        "ignored",
        "opened",
        "closed",
        "expired",
        "parked",
        "samples",
        "waits",
    ):
        yield name, getattr(counts, name)
