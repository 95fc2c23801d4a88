"""What runs by itself, how often, on which queue: the defaults, written into django-celery-beat.

Staff change interval, arguments or `enabled` in the admin, and a later start keeps their changes: a row
counts as ours only while it is what its own description says. Defaults that change or vanish here follow in
rows that are ours.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django_celery_beat.models import IntervalSchedule, PeriodicTask

MARK = "Arbsite default:"
MIN_EXPIRY_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One periodic task by default."""

    name: str
    task: str
    every: timedelta
    queue: str


@dataclass(frozen=True, slots=True)
class SyncReport:
    """How many rows were made, changed and removed, and how many left alone because staff had edited them."""

    created: int = 0
    updated: int = 0
    removed: int = 0
    kept: int = 0


DEFAULTS = (
    Entry("Update all prices", "scrapers.update_all_prices", timedelta(hours=4), "scraping"),
    Entry("Look for new products", "scrapers.scrape_new_products", timedelta(days=1), "scraping"),
    Entry("Analyse all products", "opportunities.analyze_all_products", timedelta(hours=6), "analysis"),
    Entry(
        "Clean up expired opportunities",
        "opportunities.cleanup_expired_opportunities",
        timedelta(minutes=15),
        "analysis",
    ),
    Entry("Evaluate alert rules", "opportunities.evaluate_rules", timedelta(minutes=1), "analysis"),
    Entry("Tidy alerts", "opportunities.tidy_alerts", timedelta(hours=6), "default"),
    Entry("Audit the contents", "opportunities.audit_contents", timedelta(days=1), "analysis"),
    Entry("Settle paper executions", "trading.settle_due", timedelta(minutes=1), "default"),
    Entry(
        "Take up spreads that were left half done", "trading.resume_spreads", timedelta(seconds=5), "default"
    ),
    Entry("Forget expired log-ins", "users.purge_expired", timedelta(days=1), "default"),
    Entry("Suggest matches", "pricing.suggest_matches", timedelta(hours=6), "default"),
    Entry("Close stale jobs", "jobs.close_stale", timedelta(minutes=5), "default"),
    Entry("Relay the outbox", "common.relay_outbox", timedelta(seconds=5), "default"),
    Entry("Reconcile the outbox", "common.reconcile_outbox", timedelta(seconds=60), "default"),
    Entry("Verify the audit chain", "common.verify_audit", timedelta(days=1), "default"),
    Entry("Purge what is finished", "common.purge_finished", timedelta(days=1), "default"),
    Entry("Forget old quote samples", "pricing.forget_quote_samples", timedelta(days=1), "default"),
    Entry("Create price partitions ahead", "pricing.ensure_partitions", timedelta(days=1), "default"),
)

DEMO = (Entry("Move the demo market", "scrapers.update_all_prices", timedelta(minutes=2), "scraping"),)
"""On top while the database holds the demo market: its venues' prices move by the minute."""


def sync_schedule(defaults: tuple[Entry, ...] = DEFAULTS) -> SyncReport:
    """Bring the schedule's rows up to `defaults` in one transaction, and leave alone what staff changed."""
    created = updated = removed = kept = 0
    with transaction.atomic():
        # of=("self",): the intervals are shared rows, and the other kinds of schedule are outer joins.
        rows = PeriodicTask.objects.select_related("interval").select_for_update(of=("self",))
        known = {row.name: row for row in rows}
        for entry in defaults:
            row = known.pop(entry.name, None)
            if row is None:
                _write(PeriodicTask(name=entry.name), entry)
                created += 1
            elif not _is_ours(row):
                kept += 1
            elif row.description != _description(entry.task, entry.every, entry.queue):
                _write(row, entry)
                updated += 1
        for row in known.values():
            if _is_ours(row):
                row.delete()
                removed += 1
    return SyncReport(created=created, updated=updated, removed=removed, kept=kept)


def _write(row: PeriodicTask, entry: Entry) -> None:
    seconds = int(entry.every.total_seconds())
    row.interval, _ = IntervalSchedule.objects.get_or_create(every=seconds, period=IntervalSchedule.SECONDS)
    row.task, row.queue, row.enabled = entry.task, entry.queue, True
    # Nobody waits for a run that the next one replaces: without workers the queue must not fill up.
    row.expire_seconds = max(seconds, MIN_EXPIRY_SECONDS)
    row.description = _description(entry.task, entry.every, entry.queue)
    row.save()


def _is_ours(row: PeriodicTask) -> bool:
    """Tell whether a row is a default that nobody has edited."""
    if not row.description.startswith(MARK) or row.interval is None or not row.enabled:
        return False
    if row.args != "[]" or row.kwargs != "{}" or row.one_off:
        return False
    every: timedelta = row.interval.schedule.run_every
    return bool(row.description == _description(row.task, every, row.queue))


def _description(task: str, every: timedelta, queue: str | None) -> str:
    return f"{MARK} {task} every {int(every.total_seconds())} s on {queue}"
