"""The loop of `run_giftcards`: pollers come and go with the rows, news leave at most ten times a second."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import redis.asyncio
import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from redis.exceptions import RedisError

from common.clock import Clock, SystemClock
from common.events import Topic
from common.live import MARKETS_KEY
from opportunities.giftcards import Engine, Policy, Publisher
from pricing.quotebook import LiveQuote
from quant.spreads.net import Cushions
from scrapers.giftcards.health import MarketHealth
from scrapers.giftcards.polling import Limits, Poller
from scrapers.selectors.markets import market_item

from .markets import Declared, load_markets

logger = structlog.get_logger(__name__)

TICK_SECONDS: Final = 0.1
RELOAD_SECONDS: Final = 3.0
HEALTH_SECONDS: Final = 1.0
WRITE_SECONDS: Final = 2.0
RETELL_SECONDS: Final = 5.0
"""Health that stands still is told again after this long, so that its age is known."""

Load = Callable[[], Mapping[str, Declared]]


def policy_of_settings() -> Policy:
    """Return the operator's rules as the settings have them."""
    return Policy(
        threshold_bps=settings.PROFIT_THRESHOLD_BPS,
        max_age_ms=settings.MAX_QUOTE_AGE_MS,
        max_skew_ms=settings.MAX_QUOTE_SKEW_MS,
        cushions=Cushions(settings.FX_SPREAD_BPS, settings.NETWORK_FEE_BPS),
        max_cards=settings.MAX_CARDS_PER_TRADE,
        loss_rate=settings.CARD_LOSS_RATE,
        recovery_rate=settings.CARD_RECOVERY_RATE,
        allowed_regions=settings.ALLOWED_REGIONS,
        allowed_currencies=settings.ALLOWED_CURRENCIES,
    )


@dataclass(slots=True)
class _Polled:
    """A market with the task that asks it."""

    declared: Declared
    poller: Poller
    task: asyncio.Task[None]


class GiftCardDesk:
    """All gift-card markets of one process.

    Args:
        client: Redis of the running loop.
        policy: the operator's rules.
        load: reads the declared markets; called in a thread.
        clock: our time.
    """

    def __init__(
        self,
        client: redis.asyncio.Redis,
        *,
        policy: Policy,
        load: Load = load_markets,
        clock: Clock | None = None,
    ) -> None:
        self._client = client
        self._policy = policy
        self._engine = Engine(policy)
        self._publisher = Publisher(client)
        self._load = load
        self._clock: Clock = clock or SystemClock()
        self._limits = Limits(policy.max_age_ms, policy.max_skew_ms)
        self._polled: dict[str, _Polled] = {}
        self._told: dict[str, tuple[Any, float]] = {}
        self._is_loaded = True
        self._lists = 0

    def facts(self) -> dict[str, Any]:
        """Return state, detail and figures for the process's heartbeat."""
        states = [one.poller.health().state for one in self._polled.values()]
        live = states.count("live")
        problems = []
        if not self._is_loaded:
            problems.append("the markets cannot be read from the database")
        if not self._publisher.is_connected:
            problems.append("Redis does not answer")
        if states and not live:
            problems.append("no market answers")
        return {
            "state": "degraded" if problems else "live",
            "detail": "; ".join(problems) or ("" if states else "no market is declared"),
            "markets": len(states),
            "markets_live": live,
            "lists": self._lists,
            "quotes": self._engine.quote_count,
            "routes_open": self._engine.open_count,
            "crossed": self._engine.crossed_count,
            "published": self._publisher.written,
            "dropped": self._publisher.dropped,
        }

    def healths(self) -> list[MarketHealth]:
        """Return how each market does now, by code."""
        return [self._polled[code].poller.health() for code in sorted(self._polled)]

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until told to stop; then withdraw every quote and close every route."""
        await self.reload()
        reloading = asyncio.create_task(self._reload_forever(), name="giftcards-reload")
        try:
            while not stopping.is_set():
                await self.tick()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(TICK_SECONDS):
                        await stopping.wait()
        finally:
            reloading.cancel()
            await self._stop([reloading])
            await self.close()

    async def tick(self) -> None:
        """Publish what changed since the last tick."""
        if self._publisher.take_recovery():
            self._engine.resend()
            self._told.clear()
        self._publisher.add(self._engine.news(now_ms=self._now_ms()))
        await self._tell_health()
        await self._publisher.flush()

    async def reload(self) -> None:
        """Read the rows, start pollers of new and changed markets, stop those that are gone."""
        try:
            declared = await asyncio.to_thread(self._load)
        except (DatabaseError, InterfaceError) as error:
            if self._is_loaded:
                logger.warning("giftcards.rows_unreadable", error=type(error).__name__)
            self._is_loaded = False
            return
        self._is_loaded = True
        self._engine.set_desks(one.desk for one in declared.values())
        gone = [
            code
            for code, polled in self._polled.items()
            if code not in declared or not polled.declared.is_same(declared[code])
        ]
        for code in gone:  # what was told from elsewhere, or read otherwise, is not believed any more
            self._engine.apply(code, [])
        await self._end(gone, is_forgotten=lambda code: code not in declared)
        for code, one in declared.items():
            if code in self._polled:
                self._polled[code].declared = one
            else:
                self._polled[code] = self._start(one)

    async def close(self) -> None:
        """Stop all pollers and tell that nothing is quoted any more."""
        await self._end(list(self._polled), is_forgotten=lambda _code: True)
        self._publisher.add(self._engine.end(now_ms=self._now_ms()))
        await self._publisher.flush()

    def _start(self, declared: Declared) -> _Polled:
        poller = Poller(declared.market, on_quotes=self._listed, limits=self._limits, clock=self._clock)
        task = asyncio.create_task(poller.run(), name=f"giftcards-{declared.market.code}")
        logger.info("giftcards.market_started", market=declared.market.code)
        return _Polled(declared, poller, task)

    async def _end(self, codes: list[str], *, is_forgotten: Callable[[str], bool]) -> None:
        ended = [self._polled.pop(code) for code in codes]
        await self._stop([polled.task for polled in ended])
        forgotten = [code for code in codes if is_forgotten(code)]
        for code in forgotten:
            self._told.pop(code, None)
        if forgotten:
            with contextlib.suppress(RedisError, OSError):
                async with asyncio.timeout(WRITE_SECONDS):
                    await self._client.hdel(MARKETS_KEY, *forgotten)

    @staticmethod
    async def _stop(tasks: list[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _reload_forever(self) -> None:
        while True:
            await asyncio.sleep(RELOAD_SECONDS)
            try:
                await self.reload()
            except Exception:  # a mistake in one reading must not end the readings
                logger.exception("giftcards.reload_failed")
                self._is_loaded = False

    def _listed(self, code: str, quotes: list[LiveQuote]) -> None:
        self._lists += 1
        self._engine.apply(code, quotes)

    async def _tell_health(self) -> None:
        """Write each market's health every second; tell control rooms when something changed."""
        now = asyncio.get_running_loop().time()
        if now - self._told.get("", (None, -HEALTH_SECONDS))[1] < HEALTH_SECONDS or not self._polled:
            return
        self._told[""] = (None, now)
        now_ms = self._now_ms()
        health = {code: self._health(one).facts(now_ms=now_ms) for code, one in self._polled.items()}
        for code, facts in health.items():
            seen = {name: value for name, value in facts.items() if name not in ("at", "latency_ms")}
            told, told_at = self._told.get(code, (None, 0.0))
            if told != seen or now - told_at >= RETELL_SECONDS:
                item = market_item(self._polled[code].declared.row, health=health, now_ms=now_ms)
                self._publisher.tell(topic=Topic.MARKET, key=code, data={**asdict(item), "name": "health"})
                self._told[code] = (seen, now)
        with contextlib.suppress(RedisError, OSError):
            async with asyncio.timeout(WRITE_SECONDS):
                texts: dict[Any, Any] = {code: json.dumps(facts) for code, facts in health.items()}
                await self._client.hset(MARKETS_KEY, mapping=texts)

    def _health(self, polled: _Polled) -> MarketHealth:
        health = polled.poller.health()
        desk = polled.declared.desk
        health.gated_reason = self._policy.gated(region=desk.region, currency=desk.currency)
        health.dropped = self._engine.crossed_of(desk.code)
        return health

    def _now_ms(self) -> int:
        return int(self._clock.now().timestamp() * 1_000)
