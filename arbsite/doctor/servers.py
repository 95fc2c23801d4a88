"""Looks at PostgreSQL and Redis, and at what the database has to hold."""

import time
from collections.abc import Callable, Iterator
from typing import Final

import redis
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django_celery_beat.models import PeriodicTask

from arbsite import health
from arbsite.schedule import DEFAULTS, DEMO, sync_schedule
from catalog.models import Product
from common.clock import utc_now
from pricing.partitions import plan_partitions
from pricing.services import maintain_partitions
from users.choices import Role
from users.permissions import sync_role_groups

from .finding import Finding
from .live import live_desk

MAX_CLOCK_SECONDS: Final = 5.0
FIX: Final = "manage.py doctor --fix"
Look = Callable[[], Finding]


def server_looks() -> Iterator[Look]:
    """Yield the looks in the order in which things depend on each other."""
    yield lambda: _component("database", health.database, "check DATABASE_URL, or var/logs/postgres.log")
    yield lambda: _component("Redis", health.broker, "check REDIS_URL, or var/logs/redis.log")
    yield lambda: _component("migrations", health.Migrations(), f"manage.py prepare, or {FIX}", fix=_migrate)
    yield lambda: _component("outbox", health.outbox, "are the workers running? manage.py up")
    for subject, look in (
        ("clock", _clock), ("partitions", _partitions), ("schedule", _schedule), ("groups", _groups),
        ("live desk", live_desk),
    ):  # fmt: skip
        yield lambda subject=subject, look=look: _looked(subject, look)  # type: ignore[misc]


def _component(
    subject: str,
    look: Callable[[], health.Component],
    remedy: str,
    *,
    fix: Callable[[], object] | None = None,
) -> Finding:
    def finding() -> Finding:
        found = dict(look())
        ok = bool(found.pop("ok"))
        found.pop("required", None)
        detail = ", ".join(f"{name} {value}" for name, value in found.items())
        return Finding(subject, ok, detail, remedy, None if ok else fix)

    return _looked(subject, finding, remedy)


def _looked(subject: str, look: Look, remedy: str = "see database and migrations first") -> Finding:
    try:
        with transaction.atomic():
            return look()
    except (DatabaseError, redis.RedisError, OSError) as error:
        return Finding(subject, ok=False, detail=" ".join(str(error).split()), remedy=remedy)


def _clock() -> Finding:
    """Compare this machine's clock with the database's: prices are judged by both."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        difference = time.time() - float(cursor.fetchone()[0])
    ok = abs(difference) <= MAX_CLOCK_SECONDS
    return Finding(
        "clock",
        ok,
        f"{difference:+.1f} s against the database",
        "synchronise the clocks (NTP) of both machines",
    )


def _partitions() -> Finding:
    plan = plan_partitions(now=utc_now())
    missing = ", ".join(f"{month:%Y-%m}" for month in plan.create)
    return Finding(
        "partitions",
        ok=not missing,
        detail=f"missing: {missing}" if missing else f"{len(plan.present)} months, the coming ones too",
        remedy=f"manage.py partitions, or {FIX}",
        fix=(lambda: maintain_partitions(now=utc_now())) if missing else None,
    )


def _schedule() -> Finding:
    has_demo = Product.objects.filter(is_demo=True).exists()
    wanted = (*DEFAULTS, *DEMO) if has_demo else DEFAULTS
    names = {entry.name for entry in wanted}
    missing = sorted(names - set(PeriodicTask.objects.values_list("name", flat=True)))
    paused = PeriodicTask.objects.filter(name__in=names, enabled=False).count()
    detail = f"missing: {', '.join(missing)}" if missing else f"{len(names)} tasks, {paused} paused by staff"
    return Finding(
        "schedule", not missing, detail, f"manage.py prepare, or {FIX}",
        (lambda: sync_schedule(wanted)) if missing else None,
    )  # fmt: skip


def _groups() -> Finding:
    names = {role.label for role in Role}
    missing = sorted(names - set(Group.objects.values_list("name", flat=True)))
    detail = f"missing: {', '.join(missing)}" if missing else f"{len(names)} roles"
    return Finding("groups", not missing, detail, FIX, sync_role_groups if missing else None)


def _migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)
