"""What is looked at: components, queues, outbox, beat, workers, partitions, migrations, sizes."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

import redis
import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django_celery_beat.models import PeriodicTask
from kombu.exceptions import OperationalError

from arbsite.celery import app
from arbsite.desk.state import desk_state
from arbsite.health import COMPONENTS
from common.clock import utc_now
from common.redis import impatient_redis

logger = structlog.get_logger(__name__)

STARTED_AT: Final[datetime] = utc_now()
WORKER_ANSWER_SECONDS: Final = 0.6
_UNREACHABLE: Final = (DatabaseError, redis.RedisError, OSError, OperationalError)

_PARTITIONS: Final = """
SELECT child.relname, pg_get_expr(child.relpartbound, child.oid), greatest(child.reltuples, 0)::bigint,
       pg_total_relation_size(child.oid)
  FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
 WHERE inhparent = 'price_history'::regclass ORDER BY child.relname
"""
_OUTBOX: Final = """
SELECT count(*) FILTER (WHERE done_at IS NULL AND parked_at IS NULL),
       count(*) FILTER (WHERE parked_at IS NOT NULL AND done_at IS NULL),
       coalesce(extract(epoch FROM clock_timestamp() - min(due_at)
           FILTER (WHERE done_at IS NULL AND parked_at IS NULL AND due_at <= clock_timestamp())), 0)
  FROM outbox_messages
"""


def has_broker() -> bool:
    """Return whether Redis answers at once; what asks it further need not be tried otherwise."""
    return _asked(lambda: impatient_redis().ping()) is not None


def components() -> list[dict[str, Any]]:
    """Return each component's state, with how long the look took in milliseconds."""
    looks = {**COMPONENTS, "redis": _broker}
    return [_component(name, look) for name, look in looks.items()]


def _broker() -> Mapping[str, Any]:
    impatient_redis().ping()
    return {"ok": True}


def desk_components() -> list[dict[str, Any]]:
    """Return the state of each process of the live desk, with the age of its last heartbeat."""
    return [
        {
            "name": f"live {process.name}",
            "status": {"live": "ok", "degraded": "warn"}.get(process.state, "fail"),
            "detail": process.detail or process.state,
            "latency_ms": process.age_ms or 0,
        }
        for process in desk_state().processes
    ]


def _component(name: str, look: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    began = time.monotonic()
    try:
        facts = dict(look())
    except _UNREACHABLE as error:
        facts = {"ok": False, "error": type(error).__name__}
    is_ok, is_required = facts.pop("ok"), facts.pop("required", True)
    status = "ok" if is_ok else ("fail" if is_required else "warn")
    detail = ", ".join(f"{key} {value}" for key, value in facts.items())
    latency = round((time.monotonic() - began) * 1_000, 1)
    return {"name": name, "status": status, "detail": detail, "latency_ms": latency}


def queues(*, has_broker: bool) -> list[dict[str, Any]]:
    """Return how many messages wait in each queue of the broker; null where it cannot be asked."""
    return [
        {"name": name, "depth": _asked(partial(_depth, name)) if has_broker else None}
        for name in settings.QUEUES
    ]


def _depth(queue: str) -> Any:
    return impatient_redis().llen(queue)


def outbox() -> dict[str, Any]:
    """Return what the outbox still has to deliver and what was parked after failing."""
    with connection.cursor() as cursor:
        cursor.execute(_OUTBOX)
        waiting, parked, oldest = cursor.fetchone()
    return {"waiting": waiting, "parked": parked, "oldest_seconds": round(float(oldest), 1)}


def beat() -> dict[str, Any]:
    """Return when the scheduler last started something."""
    last = PeriodicTask.objects.exclude(last_run_at=None).order_by("-last_run_at").first()
    return {"last_tick_at": None if last is None else last.last_run_at}


def workers(*, has_broker: bool) -> list[dict[str, Any]]:
    """Return the workers that answer within a fraction of a second.

    Args:
        has_broker: whether to ask at all: Celery itself goes on trying a broker that is gone for seconds.
    """
    if not has_broker:
        return []
    answers = _asked(lambda: app.control.ping(timeout=WORKER_ANSWER_SECONDS)) or []
    names = sorted(name for answer in answers for name in answer)
    return [{"name": name, "status": "ok"} for name in names]


def partitions() -> list[dict[str, Any]]:
    """Return the months of the price history: bounds as PostgreSQL states them, estimated rows, bytes."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTITIONS)
        return [
            {"name": name, "bounds": bounds, "rows": rows, "bytes": size}
            for name, bounds, rows, size in cursor.fetchall()
        ]


def migrations() -> dict[str, int]:
    """Return how many migrations are applied and pending."""
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return {"applied": len(executor.loader.applied_migrations), "pending": len(pending)}


def sizes(*, has_broker: bool) -> dict[str, int | None]:
    """Return the bytes of the database and of Redis."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        database = cursor.fetchone()[0]
    memory = _asked(lambda: impatient_redis().info("memory")["used_memory"]) if has_broker else None
    return {"database_bytes": database, "redis_bytes": memory}


def _asked(question: Callable[[], Any]) -> Any:
    """Return an answer of Redis or a worker, or None when there is none."""
    try:
        return question()
    except _UNREACHABLE as error:
        logger.info("system.unanswered", error=type(error).__name__)
        return None
