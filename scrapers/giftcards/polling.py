"""Asks one market again and again; every market has a poller of its own, so that none waits for another."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from common.clock import Clock, SystemClock
from pricing.quotebook import LiveQuote
from scrapers.errors import Blocked, CredentialsRefused, FetchFailed, TargetForbidden, VenueUnavailable

from .adapters import connector_for
from .breaker import CLOSED, LocalBreaker
from .client import DeskClient, pause_of
from .connector import Connector
from .health import CONNECTING, DOWN, LIVE, STALE, MarketHealth
from .market import Market
from .reading import Reading, live_quotes

logger = structlog.get_logger(__name__)

EXPECTED: Final = frozenset({"sold_out", "expired", "range", "foreign_price"})
"""Items that are no mistake of the market: they are counted by reason, not as invalid."""
READ_SECONDS: Final = 60.0
"""For all pages of one list; each page has the market's own timeout."""
_HOPELESS: Final = (Blocked, CredentialsRefused, TargetForbidden)

OnQuotes = Callable[[str, list[LiveQuote]], None]
"""Takes the code of a market and its whole list."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What all pollers share.

    Args:
        max_age_ms: an answer older than this makes the market stale.
        max_skew_ms: how far a market's times may lie ahead of our clock.
    """

    max_age_ms: int
    max_skew_ms: int


class Poller:
    """The loop of one market.

    Args:
        market: whom to ask.
        on_quotes: called with every complete list.
        limits: shared by all.
        clock: our time.
        connector: the market's adapter unless a test brings one.
    """

    def __init__(
        self,
        market: Market,
        *,
        on_quotes: OnQuotes,
        limits: Limits,
        clock: Clock | None = None,
        connector: Connector | None = None,
    ) -> None:
        self.market = market
        self._on_quotes = on_quotes
        self._limits = limits
        self._clock: Clock = clock or SystemClock()
        self._connector = connector or connector_for(market)
        self._breaker = LocalBreaker()
        self._health = MarketHealth(market.code)

    def health(self) -> MarketHealth:
        """Return how the market does now."""
        health = self._health
        health.breaker = self._breaker.state(now=self._monotonic())
        health.failures = self._breaker.failures
        health.state = self._state()
        return health

    def _state(self) -> str:
        if self._health.breaker != CLOSED:
            return DOWN
        if self._health.last_quote_ms is None:
            return DOWN if self._health.failures > 1 else CONNECTING
        age = self.now_ms() - self._health.last_quote_ms
        return LIVE if age <= self._limits.max_age_ms else STALE

    def now_ms(self) -> int:
        """Return our time in Unix milliseconds."""
        return int(self._clock.now().timestamp() * 1_000)

    async def run(self) -> None:
        """Ask until cancelled; a failure of any kind is counted and the next poll comes."""
        while True:
            try:
                async with self._client() as client:
                    await self._poll_on(client)
            except FetchFailed as failure:  # an address that may not be asked at all
                self._failed(failure)
            except Exception as error:  # a mistake of ours must not end the market for good
                logger.exception("giftcards.connector_failed", market=self.market.code)
                self._failed_unexpectedly(error)
            await self._wait(self.market.poll_ms / 1_000)

    def _client(self) -> DeskClient:
        return DeskClient(self._connector.urls(), timeout_ms=self.market.timeout_ms, clock=self._clock)

    async def _poll_on(self, client: DeskClient) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + self.market.poll_ms / 1_000
            await self.poll(client)
            await self._wait(due - loop.time())

    async def poll(self, client: DeskClient) -> None:
        """Ask once and hand the list on, or count the failure."""
        started = self._monotonic()
        try:
            async with asyncio.timeout(max(READ_SECONDS, self.market.timeout_ms / 1_000)):
                reading = await self._connector.read(
                    client, clock=self.now_ms, max_skew_ms=self._limits.max_skew_ms
                )
        except TimeoutError:
            self._failed(VenueUnavailable(detail=f"The whole list took longer than {READ_SECONDS:g} s."))
        except FetchFailed as failure:
            self._failed(failure)
        except Exception as error:  # a parser's mistake must not end the session
            logger.exception("giftcards.connector_failed", market=self.market.code)
            self._failed_unexpectedly(error)
        else:
            self._answered(reading, latency_ms=(self._monotonic() - started) * 1_000)

    def _answered(self, reading: Reading, *, latency_ms: float) -> None:
        health = self._health
        received_ms = self.now_ms() if reading.received_ms is None else reading.received_ms
        quotes = live_quotes(reading, venue=self.market.code, received_ms=received_ms)
        if self._breaker.failures:
            health.reconnects += 1
        self._breaker.succeed()
        health.polls += 1
        health.latency_ms, health.last_quote_ms, health.quotes = latency_ms, received_ms, len(quotes)
        health.last_error = "" if quotes else _doubts(reading)
        for code, count in reading.refused.items():
            health.refused[code] = health.refused.get(code, 0) + count
            health.invalid += 0 if code in EXPECTED else count
        self._on_quotes(self.market.code, quotes)

    def _failed_unexpectedly(self, error: Exception) -> None:
        self._failed(FetchFailed("connector_failed", f"The connector failed: {type(error).__name__}."))

    def _failed(self, failure: FetchFailed) -> None:
        health = self._health
        health.polls += 1
        health.errors += 1
        health.last_error = f"{failure.code}: {failure.detail}"[:300]
        self._breaker.fail(
            now=self._monotonic(), is_blocked=isinstance(failure, _HOPELESS), pause=pause_of(failure)
        )
        logger.warning("giftcards.poll_failed", market=self.market.code, code=failure.code)

    async def _wait(self, seconds: float) -> None:
        """Wait for the next poll, and for the breaker."""
        await asyncio.sleep(max(seconds, self._breaker.wait(now=self._monotonic()), 0.0))

    @staticmethod
    def _monotonic() -> float:
        return asyncio.get_running_loop().time()


def _doubts(reading: Reading) -> str:
    """Return what a person should know of a list without quotes; empty if there just are none."""
    told = [f"{code} {count}" for code, count in reading.refused.most_common() if code not in EXPECTED]
    return f"nothing_believed: None of its items is believed: {', '.join(told)}." if told else ""
