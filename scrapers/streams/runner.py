"""Keeps one exchange connected, and says at every moment whether what it told still holds."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import structlog

from quant.spreads.messages import Beat, Quote, Withdrawn

from .adapter import REFUSED, RESYNC_STORM
from .addresses import StreamAddress
from .backoff import Backoff
from .complaints import Complaints
from .latency import Latency
from .protocol import Adapter, Counts, Event, Leave
from .session import Session
from .snapshots import SnapshotGate
from .wiring import Wiring

logger = structlog.get_logger(__name__)

CONNECTING: Final = "connecting"
SYNCING: Final = "syncing"
LIVE: Final = "live"
STALE: Final = "stale"
STOPPED: Final = "stopped"
EVERYTHING: Final = ""
MOST_ERROR: Final = 120


class StreamRunner:
    """Owns the connections to one exchange.

    One session is current: only its events go out. A planned replacement (after 23 h, or when the venue
    announces its end) syncs beside it and takes over when it knows every pair the current one knows.

    Args:
        make: returns an adapter for a new connection that counts in the given counts.
        address: where the exchange is.
        wiring: what all runners share.
    """

    def __init__(self, make: Callable[[Counts], Adapter], *, address: StreamAddress, wiring: Wiring) -> None:
        self.counts = Counts()
        self.reconnects = 0
        self.rollovers = 0
        self.last_error = ""
        self.state = CONNECTING
        self.lag_ms = -1
        self.latency = Latency()
        self._make = make
        self._address = address
        self._wiring = wiring
        self._timing = wiring.timing
        self._gate = SnapshotGate(
            wiring.http, monotonic=wiring.timing.monotonic, spacing=wiring.timing.snapshot_spacing
        )
        self._backoff = Backoff(
            wiring.rng, first=wiring.timing.first_backoff, most=wiring.timing.most_backoff
        )
        self._current: Session | None = None
        self._heir: Session | None = None
        self._heir_not_before = 0.0
        self._storms = 0
        self._stay_away = 0.0
        self._looked_at = self._beat_at = wiring.timing.monotonic()
        self.exchange = make(Counts()).exchange
        self._complaints = Complaints(self.exchange, self.counts)

    @property
    def error(self) -> str:
        """Return what went wrong last, for people; empty if nothing did."""
        said = self._current.adapter.said if self._current is not None else ""
        return said[:MOST_ERROR] or self._gate.last_error or self.last_error

    @property
    def quotes(self) -> Sequence[Quote]:
        """Return the quotes that hold now."""
        return list(self._current.adapter.latest.values()) if self._current and self.state == LIVE else ()

    async def run(self) -> None:
        """Stay connected until cancelled."""
        self._beat()
        watch = asyncio.create_task(self._watch(), name=f"{self.exchange}-watch")
        try:
            while True:
                began = self._timing.monotonic()
                await self._hold(watch)
                self.reconnects += 1
                least = began + self._timing.spacing - self._timing.monotonic()
                await asyncio.sleep(max(self._backoff.next(), least, self._stay_away))
        finally:
            sessions = [one for one in (self._current, self._heir) if one is not None]
            self._current = self._heir = None
            watch.cancel()
            for session in sessions:
                session.close(STOPPED)
            await asyncio.gather(watch, *(one.task for one in sessions), return_exceptions=True)
            self._withdraw_all("stopped")
            self._enter(STOPPED)

    async def _hold(self, watch: asyncio.Task[None]) -> None:
        """Have a current session until one ends without an heir; never one that nobody watches."""
        self._enter(CONNECTING)
        session: Session | None = self._open()
        self._current = session
        while session is not None:
            await asyncio.wait([session.task, watch], return_when=asyncio.FIRST_COMPLETED)
            if watch.done():
                watch.result()
            if self._current is session:
                self._lost(session, session.reason)
            session = self._current

    def _open(self) -> Session:
        wiring = self._wiring
        return Session(
            self._make(self.counts),
            http=wiring.http,
            address=self._address,
            timing=self._timing,
            told=self._told,
            gate=self._gate,
            recorded=wiring.recorded,
        )

    def _lost(self, session: Session, reason: str) -> None:
        """Take everything of a dead connection out, and go on with its heir if it has one."""
        said = session.adapter.said if reason == REFUSED else ""
        self.last_error = (f"{reason} ({said})" if said else reason)[:MOST_ERROR]
        self._stay_away = session.stay_away
        self._withdraw_all("disconnected")
        self._storms = self._storms + 1 if reason == RESYNC_STORM else 0
        if self._storms:  # its valid data was not worth much: it did not earn a fresh start
            self._backoff.attempts = max(self._backoff.attempts, self._storms)
        heir, self._heir = self._heir, None
        self._current = heir
        logger.info("stream.lost", exchange=self.exchange, reason=self.last_error, has_heir=heir is not None)
        if heir is None:
            self._enter(CONNECTING)
        else:
            self._adopted(heir)

    def _told(self, session: Session, events: Sequence[Event], received: int) -> None:
        """Pass on what the current session says; remember what the heir says until it takes over."""
        if session is not self._current:
            self._told_by_heir(session, events)
            return
        send = self._wiring.send
        for event in events:
            kind = type(event)
            if kind is Quote:
                if self.state != LIVE:
                    self._now_live()
                send(event)  # type: ignore[arg-type]
                if event.timestamp:  # type: ignore[union-attr]
                    self.lag_ms = received // 1_000_000 - event.timestamp  # type: ignore[union-attr]
            elif kind is Withdrawn:
                send(event)  # type: ignore[arg-type]
                if not session.adapter.latest and self.state == LIVE:
                    self._enter(SYNCING)
            elif isinstance(event, Leave):
                self._leave(session, event)
        self.latency.add(self._timing.wall_ns() - received)

    def _now_live(self) -> None:
        self._backoff.reset()
        self._enter(LIVE)

    def _leave(self, session: Session, event: Leave) -> None:
        if event.is_planned:
            self.last_error = event.reason
            self._open_heir()
        else:
            session.close(event.reason)

    # The heir

    def _open_heir(self) -> None:
        if self._heir is None and self._current is not None:
            logger.info("stream.replacing", exchange=self.exchange)
            self._heir = self._open()
            self._heir_not_before = self._timing.monotonic() + self._timing.rollover_retry

    def _told_by_heir(self, session: Session, events: Sequence[Event]) -> None:
        if session is not self._heir:
            return  # a former one, on its way out
        if any(isinstance(event, Leave) for event in events):
            session.close(REFUSED)
        elif self._is_ready(session):
            self._take_over(session)

    def _is_ready(self, heir: Session) -> bool:
        """An heir is ready when it knows all that the current session knows."""
        known = self._current.adapter.latest if self._current is not None else {}
        return bool(heir.adapter.latest) and heir.adapter.latest.keys() >= known.keys()

    def _take_over(self, heir: Session) -> None:
        former, self._current, self._heir = self._current, heir, None
        self.rollovers += 1
        logger.info("stream.replaced", exchange=self.exchange)
        if former is not None:
            former.close("replaced")
        self._adopted(heir)

    def _adopted(self, heir: Session) -> None:
        """Say what the new current session knows."""
        if heir.adapter.latest:
            self._now_live()
            self._send_all(heir.adapter.latest.values())
        else:
            self._enter(SYNCING if heir.is_open else CONNECTING)

    # Watching

    async def _watch(self) -> None:
        timing = self._timing
        while True:
            await asyncio.sleep(timing.watch)
            now = timing.monotonic()
            # A loop that was held up has unread frames in its sockets: it must not call them silent.
            is_late = now - self._looked_at > max(1.0, 8 * timing.watch)
            self._looked_at = now
            if self._current is not None and self._current.is_open and not is_late:
                self._look(self._current, now)
            self._look_at_heir(now)
            if now - self._beat_at >= timing.beat:
                self._beat_at = now
                self._confirm()
                self._beat()
                self._complaints.look(now)

    def _look(self, session: Session, now: float) -> None:
        timing = self._timing
        quiet = now - session.heard_at
        if quiet >= timing.dead:
            session.close("half_open")
        elif quiet >= timing.stale:
            if self.state != STALE:
                self._withdraw_all(STALE)
                self._enter(STALE)
        elif self.state == STALE:
            self._adopted(session)
        elif self.state == CONNECTING:
            self._enter(SYNCING)
        elif now - session.quoted_at >= (timing.sync if self.state == SYNCING else timing.silence):
            session.close("no_data")  # `quoted_at` begins when the socket opens

    def _look_at_heir(self, now: float) -> None:
        heir = self._heir
        if heir is not None:
            if heir.task.done() or now >= self._heir_not_before:
                reason = heir.reason if heir.task.done() else "not_ready"
                logger.warning("stream.not_replaced", exchange=self.exchange, reason=reason)
                heir.close("not_ready")
                self._heir = None
                self.last_error = "replacement failed"
            return
        current = self._current
        opened = current.opened_at if current is not None else None
        if opened is not None and now - opened >= self._timing.rollover and now >= self._heir_not_before:
            self._open_heir()

    def _confirm(self) -> None:
        """Say again what still holds: the venue sends every change and was heard since."""
        session = self._current
        if session is None or self.state != LIVE or not session.adapter.is_complete:
            return
        for quote in session.adapter.latest.values():
            # Either way: after the clock was set back the receipt lies ahead of it, and counts as wrong.
            if abs(session.heard_ns - quote.received) >= 1_000_000_000 * self._timing.beat:
                quote.received = session.heard_ns
                self._wiring.send(quote)

    # Telling

    def _enter(self, state: str) -> None:
        if state != self.state:
            logger.info("stream.state", exchange=self.exchange, state=state)
            self.state = state
            self._beat()

    def _beat(self) -> None:
        self._wiring.send(
            Beat(
                self.exchange, self.state, self._timing.wall_ns(), self.lag_ms, self.counts.messages,
                self.counts.invalid, self._wiring.dropped(self.exchange), self.reconnects, self.error,
            )
        )  # fmt: skip

    def _withdraw_all(self, reason: str) -> None:
        self._wiring.send(Withdrawn(self.exchange, EVERYTHING, reason, self._timing.wall_ns()))

    def _send_all(self, quotes: Iterable[Quote]) -> None:
        for quote in quotes:
            self._wiring.send(quote)
