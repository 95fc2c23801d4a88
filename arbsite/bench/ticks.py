"""Scenario: from a tick to a signal in Redis, against R001's engine as its guide prints it.

Both engines run as programs of their own on the same core, one after the other, fed through ZeroMQ with the
same prices; a Redis of the measurement, the feed and the listener have the other core. What R001's own
arithmetic says about the prices is what both must signal, in that order.
"""

import json
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .results import Better, Figure, ScenarioResult, ratio
from .ticks_feed import FeedPlan, describe, expected_signals, make_ticks
from .ticks_ingest import Load, ingest_figures
from .ticks_pieces import comparison_figures, decoding_figures
from .ticks_programs import Child, Listener, cores, scratch_redis

TITLE: Final = "Tick to signal, against R001 as written"
FEED: Final = "arbsite.bench.ticks_feed"
ENGINES: Final = "arbsite.bench.ticks_engines"
MOST_MILLISECONDS: Final = 2.0
"""R001's target from ZeroMQ to Redis, which the median from the feed to a subscriber is held to."""


@dataclass(frozen=True, slots=True)
class Case:
    """A load: exchanges, how often every other one jumps, and the least ratio of processor time."""

    name: str
    venues: int
    jump_share: float
    target: float | None


@dataclass(frozen=True, slots=True)
class Sizes:
    """Ticks per burst (ours, R001's), of a paced run and its rate, of the parts; repetitions and cases."""

    ours: int
    r001: int
    paced: int
    rate: int
    parts: int
    repeats: int
    cases: int
    ingest: Load


FULL = Sizes(
    ours=100_000, r001=10_000, paced=4_000, rate=2_000, parts=10_000, repeats=3, cases=3,
    ingest=Load(rate=400, warm=1_000, messages=5_000),
)  # fmt: skip
QUICK = Sizes(
    ours=400, r001=200, paced=100, rate=1_000, parts=100, repeats=1, cases=1,
    ingest=Load(rate=50, warm=0, messages=20),
)  # fmt: skip
CASES: Final = (
    Case("2 venues", 2, 0.05, 8.0),
    Case("10 venues", 10, 0.05, 25.0),
    Case("2 venues, each tick a signal", 2, 1.0, None),
)


@dataclass(frozen=True, slots=True)
class Burst:
    """A run as fast as ticks are taken: processor seconds and wall seconds per tick."""

    cpu: float
    wall: float


@dataclass(frozen=True, slots=True)
class Paced:
    """A run at a steady rate: processor seconds per tick, seconds from each tick to its signal, sorted."""

    cpu: float
    delays: tuple[float, ...]

    def delay(self, share: float) -> float:
        """Return the delay that this share of all signals does not exceed, in seconds."""
        return self.delays[min(int(len(self.delays) * share), len(self.delays) - 1)]


def run(*, is_quick: bool) -> ScenarioResult:
    """Measure both engines in all cases, parts of ours, and the ingest process.

    Raises:
        RuntimeError: if an engine does not signal what R001's arithmetic says, or an exchange is silent.
        ServicesError: if there is no Redis program on this machine.
    """
    sizes = QUICK if is_quick else FULL
    figures: list[Figure] = []
    rest, _ = cores()
    with scratch_redis(rest) as redis_url:
        for case in CASES[: sizes.cases]:
            figures += _figures(case, sizes, redis_url)
    figures += comparison_figures(ticks=sizes.parts, repeats=sizes.repeats)
    figures += decoding_figures(messages=sizes.parts, repeats=sizes.repeats)
    figures += ingest_figures(sizes.ingest)
    counted = {"ticks": sizes.ours, "R001 ticks": sizes.r001, "ticks/s when paced": sizes.rate}
    return ScenarioResult("ticks", TITLE, counted, tuple(figures))


def _figures(case: Case, sizes: Sizes, redis_url: str) -> Iterator[Figure]:
    bursts: dict[str, list[Burst]] = {"ours": [], "r001": []}
    for _ in range(sizes.repeats):
        bursts["r001"].append(burst("r001", case, sizes.r001, redis_url))
        bursts["ours"].append(burst("ours", case, sizes.ours, redis_url))
    ours, r001 = (statistics.median(one.cpu for one in bursts[kind]) for kind in ("ours", "r001"))
    wall = statistics.median(one.wall for one in bursts["ours"])
    yield Figure(f"{case.name}: ours", ours * 1e6, "µs/tick", note=f"{1 / ours:,.0f} ticks/s per core")
    yield Figure(f"{case.name}: R001", r001 * 1e6, "µs/tick", note=f"{1 / r001:,.0f} ticks/s per core")
    yield Figure(f"{case.name}: ours by the wall clock", 1 / wall, "ticks/s", note="fed from the other core")
    name = f"{case.name}: processor time per tick"
    if case.target is None:
        yield Figure(name, r001 / ours, "x")
    else:
        yield ratio(name, naive_seconds=r001, our_seconds=ours, target=case.target)
    yield from _paced_figures(case, sizes, redis_url)


def _paced_figures(case: Case, sizes: Sizes, redis_url: str) -> Iterator[Figure]:
    runs: dict[str, list[Paced]] = {"ours": [], "r001": []}
    for _ in range(sizes.repeats):
        for kind, made in runs.items():
            made.append(paced(kind, case, sizes, redis_url))
    ours, r001 = (statistics.median(one.cpu for one in runs[kind]) for kind in ("ours", "r001"))
    at = f"{case.name}, {sizes.rate:,}/s"
    yield Figure(f"{at}: processor time", r001 / ours, "x", note=f"ours {ours * 1e6:.0f} µs")
    for share, target in ((0.5, MOST_MILLISECONDS), (0.99, None)):
        delays = {kind: statistics.median(one.delay(share) for one in made) for kind, made in runs.items()}
        yield Figure(
            f"{at}: tick to signal p{share * 100:.0f}", delays["ours"] * 1e3, "ms",
            target=target, better=Better.LOWER, note=f"R001 {delays['r001'] * 1e3:.2f} ms",
        )  # fmt: skip


def burst(kind: str, case: Case, ticks: int, redis_url: str) -> Burst:
    """Feed one engine as fast as it takes ticks."""
    plan = _plan(kind, case, ticks, rate=0)
    began, _, done = _feed(plan, redis_url)
    return Burst(done["cpu_seconds"] / ticks, (done["done_ns"] - began) / 1e9 / ticks)


def paced(kind: str, case: Case, sizes: Sizes, redis_url: str) -> Paced:
    """Feed one engine at a steady rate and compare what it signals with R001's arithmetic.

    Raises:
        RuntimeError: if the two are not the same.
    """
    plan = _plan(kind, case, sizes.paced, rate=sizes.rate)
    expected = expected_signals(make_ticks(venues=case.venues, jump_share=case.jump_share, ticks=sizes.paced))
    with Listener(redis_url) as listener:
        _, sent, done = _feed(plan, redis_url, listener=listener, signals=len(expected))
        heard = _without_repeats(listener.heard)
    if [prices for _, prices in heard] != [(buy, sell) for _, buy, sell in expected]:
        msg = f"{kind} signals {len(heard)} times, R001's arithmetic {len(expected)} times or other prices"
        raise RuntimeError(msg)
    delays = sorted(
        (at - sent[number]) / 1e9 for (at, _), (number, _, _) in zip(heard, expected, strict=True)
    )
    return Paced(done["cpu_seconds"] / sizes.paced, tuple(delays))


def _plan(kind: str, case: Case, ticks: int, *, rate: int) -> FeedPlan:
    return FeedPlan(kind, case.venues, case.jump_share, ticks, rate)


def _feed(
    plan: FeedPlan, redis_url: str, *, listener: Listener | None = None, signals: int = 0
) -> tuple[int, list[int], dict[str, float]]:
    """Run feed and engine; return when it began, when each tick was sent, and what the engine reports."""
    rest, measured = cores()
    arguments = [plan.kind, redis_url, str(plan.ticks)]
    with (
        Child(FEED, core=rest) as feed,
        Child(ENGINES, arguments, core=measured, environment={"REDIS_URL": redis_url}) as engine,
    ):
        feed.tell(describe(plan))
        engine.tell(feed.answer()["endpoint"])
        engine.answer()
        feed.tell("go")
        began = feed.answer()["began_ns"]
        done = engine.answer()
        sent = feed.answer()["sent_ns"]
        if listener is not None:
            listener.wait_for(signals)
    return began, sent, done


def _without_repeats(heard: list[tuple[int, bytes]]) -> list[tuple[int, tuple[float, float]]]:
    """Return times and prices of the signals that say something else than the one before."""
    kept: list[tuple[int, tuple[float, float]]] = []
    for at, body in heard:
        signal = json.loads(body)
        prices = (signal["buy_price"], signal["sell_price"])
        if not kept or kept[-1][1] != prices:
            kept.append((at, prices))
    return kept
