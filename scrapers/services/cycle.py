"""One four-hour cycle: the inbox and the bulk feeds first, then single products by plan.

Every slice plans anew from what is stored, so a killed one costs at most the answers that were not stored
yet: up to 25 products are asked about again, which reads of a venue allow.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol, cast

import structlog

from jobs.models import Job
from scrapers.errors import SourceNotReady
from scrapers.inbox import InboxReport, import_inbox
from scrapers.registry import SourceSpec
from scrapers.scheduling import (
    DEMO_PACE,
    LIVE_PACE,
    SALES_SLOTS,
    SLOTS_PER_CYCLE,
    Pace,
    Target,
    plan_cycle,
)
from scrapers.selectors.endpoints import Mode, current_mode
from scrapers.selectors.targets import Article, requests_since, source_targets

from .analysis import ask_for_analysis
from .asking import Answer, Attempt, OpenRoute, ask_routes
from .calls import note_calls
from .desk import Desk, Setup
from .products import by_source, open_routes, store_answers
from .routes import ready_routes
from .syncing import Run, present_categories, run_feeds, silent

logger = structlog.get_logger(__name__)

FLUSH_PRODUCTS: Final = 25
FLUSH_SECONDS: Final = 10.0
RESERVE_SECONDS: Final = 35.0
"""No further answers are collected when less of the slice is left: one request may take 20 s and the rest."""
PUT_OFF: Final = timedelta(minutes=5)
"""When a host is left alone, nobody knows for how long, the cycle looks again after so long."""
LEAST_PUT_OFF: Final = timedelta(seconds=30)
"""It does not look again sooner, however short the wait: each look is a slice of its own."""


class CycleRun(Run, Protocol):
    """The slice of a job that runs a cycle."""

    @property
    def job(self) -> Job:
        """The job; its creation is when the cycle began."""
        ...

    @property
    def is_continued(self) -> bool:
        """Whether another slice follows."""
        ...

    def continue_later(self, at: datetime | None = None) -> None:
        """End this slice; another one follows, not before `at`."""
        ...


@dataclass(slots=True)
class SourceQueue:
    """What is left to ask one source about, most urgent first.

    `put_off` says why nobody can be asked for now; a route that would answer every article the same way, such
    as one whose key is refused, is taken out of `routes`.
    """

    source: SourceSpec
    opened: Sequence[OpenRoute]
    articles: deque[Article]
    put_off: Attempt | None = None
    routes: list[OpenRoute] = field(init=False)

    def __post_init__(self) -> None:
        self.routes = list(self.opened)

    @property
    def is_active(self) -> bool:
        """Whether there is somebody to ask now, and something to ask about."""
        return bool(self.articles and self.routes) and self.put_off is None

    async def ask_next(self) -> Answer | None:
        """Ask about the next article; return None, and keep it, if every host is to be left alone."""
        article = self.articles.popleft()
        answer = await ask_routes(article, self.routes)
        self.routes = [route for route in self.routes if route.ready.name not in _dead_ends(answer)]
        if not answer.is_put_off:
            return answer
        self.articles.appendleft(article)
        self.put_off = min((a for a in answer.attempts if a.is_put_off), key=_wait)
        return None


def run_cycle(run: CycleRun, *, inbox: Path, kinds: Sequence[str], setup: Setup | None = None) -> None:
    """Bring all prices up to date as far as the slots of four hours reach.

    Args:
        run: the job's slice.
        inbox: folder of files to import first.
        kinds: its subfolders to look into.
        setup: mode, registry and sessions; None takes the installation's own.

    Raises:
        JobCancelled: if somebody asked for an end; what was stored stays.
    """
    read_inbox(run, inbox, kinds)
    if setup is None and (setup := own_setup(run)) is None:
        return
    with Desk(setup) as desk:
        if not run_feeds(run, desk=desk, categories=present_categories()):
            run.continue_later()
            return
        run_products(run, desk=desk)


def own_setup(run: Run) -> Setup | None:
    """Return the installation's setup; None, with an error of the run, if live sources may not start."""
    try:
        return Setup(mode=current_mode())
    except SourceNotReady as error:
        run.error(error.code, error.detail)
        return None


def read_inbox(run: Run, folder: Path, kinds: Sequence[str]) -> InboxReport | None:
    """Import what lies in the inbox, once per job."""
    if "inbox" in run.checkpoint:
        return None
    run.progress(0, 0, "Inbox")
    report = import_inbox(folder=folder, kinds=kinds, now=run.now)
    run.count("files_imported", len(report.imported))
    run.count("prices_stored", report.prices_stored)
    for name, code in report.failed.items():
        run.error(code, f"{name} could not be imported.", "inbox")
    run.checkpoint["inbox"] = report.as_data()
    run.save()
    return report


def run_products(run: CycleRun, *, desk: Desk) -> None:
    """Ask about single products by plan until slots, products or the slice's time are used up."""
    started = run.job.created_at
    pace = LIVE_PACE if desk.setup.mode is Mode.LIVE else DEMO_PACE
    ends_at = started + pace.length
    if run.now >= ends_at:
        run.remark("cycle_over", "The cycle's time is over; the next one goes on with what is most urgent.")
        return
    queues = _queues(run, desk, started, pace)
    asked = int(str(run.checkpoint.get("asked", 0)))
    total = asked + sum(len(queue.articles) for queue in queues)
    stored = 0
    while (active := _active(queues)) and run.seconds_left > RESERVE_SECONDS and run.now < ends_at:
        run.check()
        answers = desk.run(_collect(active, limit=FLUSH_PRODUCTS, seconds=FLUSH_SECONDS))
        note_calls((route for queue in active for route in queue.opened), now=run.now)
        stored += store_answers(answers, watch=run)
        asked += len(answers)
        run.checkpoint["asked"] = asked
        run.checkpoint["dead_ends"] = sorted(_given_up(run).union(*map(_dead_ends, answers)))
        run.progress(asked, total, ", ".join(queue.source.name for queue in active))
    run.save()
    if stored:
        ask_for_analysis(now=run.now)
    _decide_what_follows(run, queues, ends_at)
    if not run.is_continued and asked < total:
        run.count("left_for_next_cycle", total - asked)
        run.progress(asked, asked)


def _decide_what_follows(run: CycleRun, queues: list[SourceQueue], ends_at: datetime) -> None:
    """Go on at once, later when only hosts that are left alone remain, or end the cycle."""
    if _active(queues) and run.now < ends_at:
        run.continue_later()
        return
    waiting = [(queue, queue.put_off) for queue in queues if queue.put_off is not None]
    if not waiting:
        return
    again_at = run.now + min(_wait(reason) for _, reason in waiting)
    if again_at < ends_at:
        run.continue_later(again_at)
        return
    for queue, reason in waiting:
        detail = f"{len(queue.articles)} products were not asked about. {reason.detail}"
        run.error(reason.code, detail, queue.source.code)


def _queues(run: CycleRun, desk: Desk, started: datetime, pace: Pace) -> list[SourceQueue]:
    now = run.now
    has_reported = "products_checked" in run.checkpoint
    run.checkpoint["products_checked"] = True
    watch = silent(run) if has_reported else run
    queues = []
    known: dict[int, OpenRoute] = {}  # a route that offers both is one, with one count of its requests
    for offering, plan in (("product", plan_source), ("sales", plan_sales)):
        ready = ready_routes(desk.setup, offering=offering, watch=watch, now=now)
        for source, routes in by_source(route for route in ready if route.name not in _given_up(run)):
            found = open_routes(desk, routes, watch=watch)
            opened = [known.setdefault(route.ready.row.pk, route) for route in found]
            planned = plan(source, opened, started=started, now=now, pace=pace) if opened else []
            if planned:
                queues.append(SourceQueue(source, opened, deque(target.subject for target in planned)))
    return queues


def plan_source(
    source: SourceSpec,
    routes: Sequence[OpenRoute],
    *,
    started: datetime,
    now: datetime,
    pace: Pace = LIVE_PACE,
    slots: int = SLOTS_PER_CYCLE,
) -> list[Target[Article]]:
    """Return what to ask one source about, within what is left of its host's slots in this cycle.

    Products that this cycle has already tried are left to the next one: a venue's failure is not made up for
    by asking more often.
    """
    rows = [route.ready.row.pk for route in routes]
    targets = _untried(source_targets(source, now=now, routes=rows), routes, started=started)
    left = min(slots - requests_since(rows, moment=started), _calls_left(routes, at_most=slots))
    return plan_cycle(targets, slots=left, now=now, min_interval=pace.min_interval)


def plan_sales(
    source: SourceSpec,
    routes: Sequence[OpenRoute],
    *,
    started: datetime,
    now: datetime,
    pace: Pace = LIVE_PACE,
) -> list[Target[Article]]:
    """Return whose sales to ask one source for: those not asked for a day, by the same priority as prices."""
    rows = [route.ready.row.pk for route in routes]
    known = source_targets(source, now=now, routes=rows, has_other_routes=False)
    left = min(SALES_SLOTS - requests_since(rows, moment=started), _calls_left(routes, at_most=SALES_SLOTS))
    targets = _untried(known, routes, started=started)
    return plan_cycle(targets, slots=left, now=now, min_interval=pace.sales_interval)


def _calls_left(routes: Sequence[OpenRoute], *, at_most: int) -> int:
    """Return how many requests the routes may still send together, as far as venues limit them."""
    return sum(at_most if route.calls_left is None else route.calls_left for route in routes)


def _untried(
    targets: Iterable[Target[Article]], routes: Sequence[OpenRoute], *, started: datetime
) -> list[Target[Article]]:
    """Return the targets that this cycle has not tried and that some route can be asked about."""
    return [
        target
        for target in targets
        if (target.attempted_at is None or target.attempted_at < started)
        and any(route.ids_of(target.subject) for route in routes)
    ]


async def _collect(queues: Sequence[SourceQueue], *, limit: int, seconds: float) -> list[Answer]:
    """Ask all sources side by side, each one product at a time, until there is enough to store."""
    answers: list[Answer] = []
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds

    async def work(queue: SourceQueue) -> None:
        while queue.is_active and len(answers) < limit and loop.time() < deadline:
            answer = await queue.ask_next()
            if answer is not None:
                answers.append(answer)

    async with asyncio.TaskGroup() as group:
        for queue in queues:
            group.create_task(work(queue))
    return answers


def _active(queues: Sequence[SourceQueue]) -> list[SourceQueue]:
    return [queue for queue in queues if queue.is_active]


def _dead_ends(answer: Answer) -> set[str]:
    return {attempt.ready.name for attempt in answer.attempts if attempt.is_dead_end}


def _given_up(run: CycleRun) -> set[str]:
    """Return the routes that this cycle asks no more, by name."""
    return set(cast(list[str], run.checkpoint.get("dead_ends", [])))


def _wait(put_off: Attempt) -> timedelta:
    return max(LEAST_PUT_OFF, PUT_OFF if put_off.resume_after is None else put_off.resume_after)
