"""Scenario: what share of 100,000 tracked products has a price younger than four hours, on a simulated clock.

Two hosts, each with 7,200 slots in a cycle: one publishes a bulk feed in files, one answers about single
products. Ours reads the feed first and spends the page host's slots on what the plan finds most urgent; the
naive way asks pages in the order of ids, as a loop over products does. Nothing is sent and nothing waits: the
clock moves two seconds with every request.
"""

import heapq
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scrapers.scheduling import CYCLE, SECONDS_PER_SLOT, SLOTS_PER_CYCLE, Target, plan_cycle

from .results import Better, Figure, ScenarioResult

TITLE = "Products fresh within 4 h of those tracked: feeds first and by plan, against pages in id order"
START = datetime(2026, 3, 31, tzinfo=UTC)
TARGET_RATIO = 10.0
PARTS = 8  # a real cycle has sixty slices; eight show the same and are quick


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many products are tracked, which share the feed has, in files of how many, over how many cycles."""

    products: int
    in_feed: float
    per_file: int
    cycles: int


FULL = Sizes(products=100_000, in_feed=0.97, per_file=250, cycles=3)
QUICK = Sizes(products=2_000, in_feed=0.97, per_file=250, cycles=2)


@dataclass(frozen=True, slots=True)
class Market:
    """Products by key: what they are worth, how much they move, and whether the feed has them."""

    values: list[float]
    volatilities: list[float]
    in_feed: list[bool]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the last cycle left: shares of products and of their value that are fresh, and requests sent."""

    fresh: float
    fresh_value: float
    requests: int
    planning_seconds: float


def run(*, is_quick: bool = False) -> ScenarioResult:
    """Simulate both ways over the same market."""
    sizes = QUICK if is_quick else FULL
    market = _make_market(sizes)
    slots = SLOTS_PER_CYCLE if not is_quick else SLOTS_PER_CYCLE * sizes.products // FULL.products
    ours = _simulate(market, sizes, _feed_then_plan, slots)
    pages = _simulate(market, sizes, _plan_only, slots)
    naive = _simulate(market, sizes, _in_id_order, slots)
    figures = (
        Figure("fresh: feeds first, then by plan", ours.fresh * 100, "%", target=99.0),
        Figure("fresh: pages in id order", naive.fresh * 100, "%"),
        Figure("more products fresh", ours.fresh / naive.fresh, "x", target=TARGET_RATIO),
        Figure("fresh value: pages by plan alone", pages.fresh_value * 100, "%", note="without any feed"),
        Figure("fresh value: pages in id order", naive.fresh_value * 100, "%"),
        Figure("requests of a cycle, ours", ours.requests, "requests", note=f"two hosts of {slots:,} slots"),
        Figure(
            "planning a cycle", pages.planning_seconds, "s", target=5.0, better=Better.LOWER,
            note="100,000 products, one host",
        ),
    )  # fmt: skip
    counts = {"products": sizes.products, "cycles": sizes.cycles, "slots per host": slots}
    return ScenarioResult("coverage", TITLE, counts, figures)


def _make_market(sizes: Sizes) -> Market:
    chance = random.Random(11)  # noqa: S311 - a market, not a secret
    return Market(
        values=[round(chance.lognormvariate(1.5, 1.4), 2) for _ in range(sizes.products)],
        volatilities=[min(chance.expovariate(12), 1.0) for _ in range(sizes.products)],
        in_feed=[chance.random() < sizes.in_feed for _ in range(sizes.products)],
    )


Received = list[datetime | None]
Cycle = Callable[[Market, Sizes, Received, datetime, int], tuple[int, float]]


def _simulate(market: Market, sizes: Sizes, cycle: Cycle, slots: int) -> Outcome:
    received: Received = [None] * sizes.products
    requests, planning = 0, 0.0
    now = START
    for _ in range(sizes.cycles):
        requests, planning = cycle(market, sizes, received, now, slots)
        now += CYCLE
    fresh = [moment is not None and now - moment <= CYCLE for moment in received]
    worth = sum(value for value, is_fresh in zip(market.values, fresh, strict=True) if is_fresh)
    return Outcome(sum(fresh) / sizes.products, worth / sum(market.values), requests, planning)


def _feed_then_plan(
    market: Market, sizes: Sizes, received: Received, now: datetime, slots: int
) -> tuple[int, float]:
    """Read the feed's files, each a slot of its host, then ask the page host about what is still old."""
    listed = [key for key, has_feed in enumerate(market.in_feed) if has_feed][: slots * sizes.per_file]
    for place, key in enumerate(listed):
        received[key] = now + timedelta(seconds=SECONDS_PER_SLOT * (place // sizes.per_file))
    files = -(-len(listed) // sizes.per_file)
    after = now + timedelta(seconds=SECONDS_PER_SLOT * files)
    asked, seconds = _plan_only(market, sizes, received, after, slots - files)
    return files + asked, seconds


def _plan_only(market: Market, _: Sizes, received: Received, now: datetime, slots: int) -> tuple[int, float]:
    """Plan anew for every part of the cycle, as each slice of the real one does."""
    asked, seconds = 0, 0.0
    for part in range(PARTS):
        began_at = now + part * CYCLE / PARTS
        share = slots * (part + 1) // PARTS - slots * part // PARTS
        targets = [
            Target(
                key=key, subject=key, received_at=received[key], attempted_at=received[key],
                value=market.values[key], volatility=market.volatilities[key],
            )
            for key in range(len(received))
        ]  # fmt: skip
        began = time.perf_counter()
        planned = plan_cycle(targets, slots=share, now=began_at)
        seconds = max(seconds, time.perf_counter() - began)
        _ask([target.subject for target in planned], received, began_at)
        asked += len(planned)
    return asked, seconds


def _in_id_order(
    _market: Market, _: Sizes, received: Received, now: datetime, slots: int
) -> tuple[int, float]:
    """Go on where the last cycle stopped, round and round."""
    oldest = heapq.nsmallest(
        slots, range(len(received)), key=lambda key: (received[key] or START - CYCLE, key)
    )
    _ask(sorted(oldest), received, now)
    return len(oldest), 0.0


def _ask(keys: list[int], received: Received, now: datetime) -> None:
    for place, key in enumerate(keys):
        received[key] = now + timedelta(seconds=SECONDS_PER_SLOT * place)
