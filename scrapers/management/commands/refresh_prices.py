"""`manage.py refresh_prices`: the prices of some products now, in the background or here."""

import argparse
import re
from argparse import ArgumentParser
from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final

from catalog.choices import Category
from catalog.models import Product
from catalog.selectors import product_by_ident
from common.clock import utc_now
from common.commands import ArbsiteCommand, PartlyDone, UsageError
from common.errors import DomainError
from jobs.choices import JobState
from jobs.models import Job
from jobs.services import begin_job, job_slice
from scrapers.errors import UnknownSource
from scrapers.registry import SOURCES, SourceSpec, source_spec
from scrapers.selectors import stale_products
from scrapers.selectors.endpoints import current_mode
from scrapers.services.desk import SessionOpener, Setup, open_polite_session
from scrapers.services.refreshing import run_refresh
from scrapers.services.requesting import REFRESH_TASK, request_product_refresh

MOST: Final = 1_000
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}


def span(text: str) -> timedelta:
    """Read a length of time such as `90m`, `4h` or `2d`."""
    found = re.fullmatch(r"([0-9]{1,5})([mhd])", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no length of time like 90m, 4h or 2d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def number(text: str) -> int:
    """Read a number of products from 1 to `MOST`."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {MOST}")
    return int(text)


class Command(ArbsiteCommand):
    help = (
        "Ask for the prices of the products that have waited longest, or of one. Each is a job in the "
        "background; with --sync it is done here, politely: a few seconds for each product and source."
    )

    open_session: SessionOpener = staticmethod(open_polite_session)
    registry: tuple[SourceSpec, ...] = SOURCES

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--source", action="append", default=[], metavar="CODE", help="Only this source; may be repeated."
        )
        parser.add_argument("--game", choices=Category.values, help="Only products of this game.")
        parser.add_argument(
            "--product", metavar="IDENT", help="This product, however fresh: its id, or source:external id."
        )
        parser.add_argument(
            "--stale-than", type=span, default=span("4h"), metavar="4h",
            help="Only products without a price younger than this: 90m, 4h, 2d (default: 4h).",
        )  # fmt: skip
        parser.add_argument(
            "--limit", type=number, default=100, metavar="N", help="At most so many (default: 100)."
        )
        parser.add_argument("--sync", action="store_true", help="Ask here and wait, without workers.")
        parser.add_argument("--dry-run", action="store_true", help="Name the products, ask nobody.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = utc_now()
        sources = _sources(options["source"]) or list(self.registry)
        products = _products(options, sources, now)
        facts: dict[str, Any] = {
            "products": [{"id": str(product.pk), "name": str(product)} for product in products],
            "is_dry_run": options["dry_run"],
        }
        if options["dry_run"] or not products:
            lines = [f"{len(products)} products would be asked for.", *(f"  {one}" for one in products)]
            self.emit(facts, "\n".join(lines) if products else "Every product is fresh; nothing to ask for.")
            return
        jobs = self._here(products, options["source"]) if options["sync"] else self._queue(products, options)
        states = Counter(job.state for job in jobs)
        facts["jobs"] = [{"id": str(job.pk), "label": job.label, "state": job.state} for job in jobs]
        facts["prices_stored"] = sum(int(job.counts.get("prices_stored", 0)) for job in jobs)
        self.emit(facts, "\n".join(_lines(jobs, states, facts["prices_stored"], is_here=options["sync"])))
        if options["sync"]:
            _judge(states)

    def _queue(self, products: list[Product], options: dict[str, Any]) -> list[Job]:
        now = utc_now()
        return [
            request_product_refresh(product, actor=None, now=now, sources=options["source"])
            for product in products
        ]

    def _here(self, products: list[Product], codes: list[str]) -> list[Job]:
        """Refresh one product after the other; Ctrl+C leaves what was stored and ends the job."""
        setup = Setup(mode=current_mode(), sources=self.registry, open_session=self.open_session)
        jobs = []
        with self.progress("Refreshing", total=len(products)) as progress:
            for product in products:
                progress(0, product.name)
                jobs.append(_refresh(product, setup, codes))
                progress(1, product.name)
        return jobs


def _refresh(product: Product, setup: Setup, codes: list[str]) -> Job:
    now = utc_now()
    parameters = {"product_id": str(product.pk), **({"sources": sorted(codes)} if codes else {})}
    label = f"Refresh prices: {product.name}"[:200]
    job = begin_job(kind=REFRESH_TASK, label=label, parameters=parameters, is_demo=product.is_demo, now=now)
    with job_slice(job.pk, now=now, seconds=float("inf")) as run:
        run_refresh(run, setup=setup)
    job.refresh_from_db()
    return job


def _sources(codes: list[str]) -> list[SourceSpec]:
    try:
        return [source_spec(code) for code in dict.fromkeys(codes)]
    except UnknownSource as error:
        raise UsageError(f"--source: {error.detail}") from error


def _products(options: dict[str, Any], sources: list[SourceSpec], now: datetime) -> list[Product]:
    if options["product"] is not None:
        if options["game"]:
            raise UsageError("--product and --game exclude each other.")
        return [product_by_ident(options["product"])]
    return stale_products(
        before=now - options["stale_than"],
        sources=sources,
        category=options["game"],
        limit=options["limit"],
    )


def _lines(jobs: list[Job], states: Counter[str], stored: int, *, is_here: bool) -> list[str]:
    if not is_here:
        return [f"{len(jobs)} products were asked for; see the jobs page, or `manage.py up` for workers."]
    counts = ", ".join(f"{JobState(state).label.lower()} {count}" for state, count in sorted(states.items()))
    lines = [f"{len(jobs)} products asked for: {counts}; {stored:,} prices stored."]
    shown: Counter[str] = Counter(
        f"{entry['detail']} [{entry['code']}]" for job in jobs for entry in job.errors
    )
    return lines + [f"! {count} x {text}" for text, count in shown.most_common(10)]


def _judge(states: Counter[str]) -> None:
    """End with the exit code of how it went."""
    bad = sum(count for state, count in states.items() if state != JobState.SUCCEEDED)
    if not bad:
        return
    if states.get(JobState.SUCCEEDED) or states.get(JobState.PARTLY):
        raise PartlyDone(f"{bad} of {states.total()} products had errors.")
    raise NothingRefreshed(detail="No product could be refreshed.")


class NothingRefreshed(DomainError):
    """No product could be refreshed; exit code 1."""

    default_code = "nothing_refreshed"
