"""Bulk feeds of all or some sources, one after the other, over as many slices as they take."""

from collections.abc import Collection
from pathlib import Path
from typing import Final, Protocol, cast

from django.conf import settings

from catalog.models import Product
from pricing.choices import Route
from scrapers.selectors.endpoints import current_mode

from .analysis import ask_for_analysis
from .desk import Desk, Setup
from .downloads import remove_leftovers
from .feeds import RESERVE_SECONDS, FeedReport, run_feed
from .progress import Watch
from .routes import ReadyRoute, ready_routes

DEFAULT_CATEGORIES: Final = ("mtg",)
MAX_SLICES: Final = 60
"""A feed that is not at its end after so many slices never will be."""

DONE, FAILED, BUSY = "done", "failed", "already_running"


class Run(Watch, Protocol):
    """A watch that also goes on in another slice: `jobs.services.JobRun`."""

    @property
    def checkpoint(self) -> dict[str, object]:
        """What earlier slices left."""
        ...

    def save(self) -> None:
        """Write the checkpoint now."""
        ...

    def continue_later(self) -> None:
        """End this slice; another one follows."""
        ...


def run_sync(
    run: Run, *, setup: Setup | None = None, named: Collection[str] = (), categories: Collection[str] = ()
) -> None:
    """Run bulk feeds as one whole job; see `run_feeds`.

    Raises:
        SourceNotReady: `demo_market_present`, if live sources may not start beside the demo market.
        JobCancelled: if somebody asked for an end; what was stored stays.
    """
    with Desk(setup or Setup(mode=current_mode())) as desk:
        if not run_feeds(run, desk=desk, named=named, categories=categories):
            run.continue_later()


def run_feeds(run: Run, *, desk: Desk, named: Collection[str] = (), categories: Collection[str] = ()) -> bool:
    """Run the bulk routes that are ready, in the order of the registry; those that are not are listed.

    What was done is kept in the checkpoint (`feeds`: route -> done, failed or already_running), so that a
    later slice, or a later attempt after a kill, goes on with the next route. Stored prices ask for an
    analysis.

    Args:
        run: the job's slice.
        desk: runs the routes.
        named: sources asked for by name; empty means all.
        categories: games to fetch; sources of other games only are left out, unless named. Empty means all.

    Returns:
        Whether all routes were run to their end; otherwise the slice is over and `continue_later` is due.
    """
    ended: dict[str, str] = run.checkpoint.setdefault("feeds", {})  # type: ignore[assignment]
    slices: dict[str, int] = run.checkpoint.setdefault("feed_slices", {})  # type: ignore[assignment]
    if not slices:
        remove_leftovers(Path(settings.FEED_FOLDER), now=run.now)
    has_changed = False
    is_complete = True
    for ready in _wanted(run, desk.setup, named, categories):
        if ready.name in ended:
            continue
        if run.seconds_left < RESERVE_SECONDS:
            is_complete = False
            break
        report = _run_one(run, ready, desk, () if named and not categories else categories)
        has_changed |= report.has_changed
        slices[ready.name] = slices.get(ready.name, 0) + 1
        is_complete = report.is_complete or slices[ready.name] >= MAX_SLICES
        if is_complete:
            ended[ready.name] = _end_of(report)
        run.save()
        if not is_complete:
            break
    if has_changed:
        ask_for_analysis(now=run.now)
    return is_complete


def _end_of(report: FeedReport) -> str:
    if report.is_busy:
        return BUSY
    return DONE if report.is_complete and not report.has_failed else FAILED


def _run_one(run: Run, ready: ReadyRoute, desk: Desk, categories: Collection[str]) -> FeedReport:
    run.progress(0, 0, ready.source.name)
    report = run_feed(ready, desk=desk, watch=run, categories=categories)
    name = "feeds_busy" if report.is_busy else "feeds_failed" if report.has_failed else "feeds_read"
    run.count(name, int(report.is_complete))
    return report


def _wanted(run: Run, setup: Setup, named: Collection[str], categories: Collection[str]) -> list[ReadyRoute]:
    """Return the bulk routes to run; what is not ready is reported in the first slice only."""
    watch = silent(run) if "routes_checked" in run.checkpoint else run
    _check_named(watch, setup, named)
    run.checkpoint["routes_checked"] = True
    return [
        ready
        for ready in ready_routes(setup, offering="bulk", watch=watch, now=run.now, named=named)
        if named or not categories or set(categories) & set(ready.source.categories)
    ]


def _check_named(watch: Watch, setup: Setup, named: Collection[str]) -> None:
    """Report sources that were asked for by name and publish nothing in bulk."""
    for source in setup.sources:
        if source.code in named and all(route.route != Route.BULK for route in source.routes):
            detail = f"{source.name} has no bulk feed; its products are asked about in each cycle."
            watch.error("no_bulk_feed", detail, source.code)


def present_categories() -> list[str]:
    """Return the games the catalogue has products of; those to begin with if it is empty."""
    found = Product.objects.active().order_by().values_list("category", flat=True).distinct()
    return sorted(found) or list(DEFAULT_CATEGORIES)


def silent(run: Watch) -> Watch:
    """Return a watch for a look that was already reported about."""
    return cast(Watch, _Silent(run))


class _Silent:
    """A watch that keeps errors to itself."""

    def __init__(self, run: Watch) -> None:
        self._run = run

    def __getattr__(self, name: str) -> object:
        return getattr(self._run, name)

    def error(self, code: str, detail: str, subject: str = "") -> None:
        """Say nothing."""

    def remark(self, code: str, detail: str, subject: str = "") -> None:
        """Say nothing."""
