"""`manage.py sync`: bring the real market into this installation, in the foreground."""

import io
import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any, Final

from django.core.management import call_command

from catalog.choices import Category
from common.clock import utc_now
from common.commands import EXIT_FAILURE, ArbsiteCommand, PartlyDone, Progress, UsageError
from common.errors import DomainError
from jobs.choices import JobState
from jobs.models import Job
from jobs.services import JobRun, begin_job, job_slice
from scrapers.errors import UnknownSource
from scrapers.registry import source_spec
from scrapers.selectors.endpoints import current_mode
from scrapers.services.desk import SessionOpener, Setup, open_polite_session
from scrapers.services.requesting import SYNC_TASK
from scrapers.services.syncing import DEFAULT_CATEGORIES, run_sync

_COUNTED: Final = ("opened", "reopened", "updated", "confirmed")


class Command(ArbsiteCommand):
    help = (
        "Load catalogue and prices from the sources' bulk feeds (MTGJSON, Cardmarket, tcgcsv, ...), analyse "
        "them, and say how many opportunities there are. Needs no keys."
    )

    open_session: SessionOpener = staticmethod(open_polite_session)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--source", action="append", default=[], metavar="CODE", help="Only this source; may be repeated."
        )
        parser.add_argument(
            "--category",
            action="append",
            default=[],
            choices=Category.values,
            help="Only this game; may be repeated. Without it mtg, or all that a named source has.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = utc_now()
        named, categories = self._wanted(options)
        setup = Setup(mode=current_mode(), open_session=self.open_session)
        job = self._run(setup, named, categories, now)
        analysis = self._analyze() if _has_data(job) else {}
        opportunities = sum(int(analysis.get(name, 0)) for name in _COUNTED)
        facts = {
            "state": job.state,
            "job_id": job.pk,
            "mode": setup.mode.value,
            "feeds": job.checkpoint.get("feeds", {}),
            "counts": job.counts,
            "errors": job.errors,
            "analysis": analysis,
            "opportunities": opportunities,
        }
        self.emit(facts, "\n".join(_lines(job, analysis, opportunities)))
        _judge(job)

    def _wanted(self, options: dict[str, Any]) -> tuple[list[str], list[str]]:
        named: list[str] = list(dict.fromkeys(options["source"]))
        try:
            for code in named:
                source_spec(code)
        except UnknownSource as error:
            raise UsageError(error.detail) from error
        return named, options["category"] or ([] if named else list(DEFAULT_CATEGORIES))

    def _run(self, setup: Setup, named: list[str], categories: list[str], now: datetime) -> Job:
        label = f"Load market data: {', '.join(named)}" if named else "Load real market data"
        parameters = {"sources": named, "categories": categories}
        job = begin_job(kind=SYNC_TASK, label=label[:200], parameters=parameters, now=now)
        with (
            self.progress("Loading") as progress,
            job_slice(job.pk, now=now, seconds=float("inf")) as run,
        ):
            run_sync(_Shown(run, progress), setup=setup, named=named, categories=categories)
        job.refresh_from_db()
        return job

    def _analyze(self) -> dict[str, Any]:
        """Run the analysis as its own command does: this app does not know the one that analyses."""
        printed = io.StringIO()
        call_command("analyze", "--all", "--json", stdout=printed, stderr=self.stderr)
        found: dict[str, Any] = json.loads(printed.getvalue())
        return found


class _Shown:
    """A job's slice whose progress is shown on the terminal too."""

    def __init__(self, run: JobRun, progress: Progress) -> None:
        self._run = run
        self._progress = progress

    def __getattr__(self, name: str) -> Any:
        return getattr(self._run, name)

    def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        """Move the bar: done and total are those of one feed."""
        if total is not None:
            self._progress.set_total(total or done)
        self._progress(done - self._progress.done, note)
        self._run.progress(done, total, note)


def _has_data(job: Job) -> bool:
    """Tell whether any feed was read, be it only to find that nothing changed."""
    ended = job.checkpoint.get("feeds", {}).values()
    return "done" in ended or any(job.counts.get(name) for name in ("prices_stored", "parts_unchanged"))


def _lines(job: Job, analysis: dict[str, Any], opportunities: int) -> list[str]:
    lines = [f"{name}: {ended}" for name, ended in job.checkpoint.get("feeds", {}).items()]
    counts = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in sorted(job.counts.items()))
    if counts:
        lines.append(counts)
    lines += [f"! {entry['subject']}: {entry['detail']} [{entry['code']}]" for entry in job.errors]
    if analysis:
        lines.append(
            f"{opportunities:,} opportunities ({analysis.get('opened', 0)} new) among "
            f"{analysis.get('products', 0):,} sealed products."
        )
    else:
        lines.append("Nothing was loaded, so nothing was analysed.")
    return lines


def _judge(job: Job) -> None:
    """End with the exit code of how it went."""
    if job.state == JobState.SUCCEEDED:
        return
    if job.state == JobState.PARTLY and _has_data(job):
        raise PartlyDone(f"{job.error_count} errors; the sources that worked are loaded.")
    code = job.errors[-1]["code"] if job.errors else "sync_failed"
    raise NothingLoaded(code, f"Nothing was loaded: {job.get_state_display().lower()}.")


class NothingLoaded(DomainError):
    """No source could be read; exit code 1."""

    default_code = "sync_failed"
    exit_code = EXIT_FAILURE
