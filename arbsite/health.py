"""Liveness and readiness, for `manage.py up`, load balancers and the person at the console."""

import shutil
from collections.abc import Callable, Mapping
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

MIN_FREE_BYTES = 500 * 2**20
OUTBOX_LAG_SECONDS = 60.0

_OUTBOX_LAG_SQL = """
SELECT coalesce(extract(epoch FROM clock_timestamp() - min(due_at)), 0)
FROM outbox_messages
WHERE published_at IS NULL AND done_at IS NULL AND parked_at IS NULL AND due_at <= clock_timestamp()
"""

Component = Mapping[str, Any]


def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process serves at all; no dependency may take the whole fleet down."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when requests can be served, else 503; each component says how it is.

    A component with `required` false is reported and does not make the answer 503.
    """
    components = {name: _looked_at(look) for name, look in COMPONENTS.items()}
    is_ready = all(
        component["ok"] or not component.get("required", True) for component in components.values()
    )
    body = {"status": "ready" if is_ready else "not_ready", "components": components}
    response = JsonResponse(body, status=200 if is_ready else 503)
    response["Cache-Control"] = "no-store"
    return response


def _looked_at(look: Callable[[], Component]) -> Component:
    try:
        return look()
    except (DatabaseError, redis.RedisError, OSError) as error:
        # The kind of failure is enough for a stranger; the log has the rest.
        return {"ok": False, "error": type(error).__name__}


def database() -> Component:
    """Tell whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"ok": True}


def broker() -> Component:
    """Tell whether the broker answers and would rather refuse than forget."""
    options = {"socket_timeout": 2.0, "socket_connect_timeout": 2.0}
    with redis.Redis.from_url(settings.REDIS_URL, **options) as client:
        client.ping()
    return {"ok": True}


class Migrations:
    """Tells whether every migration is applied; remembers a yes: code does not change under a process."""

    def __init__(self) -> None:
        self._are_applied = False

    def __call__(self) -> Component:
        """Count migrations that are not applied."""
        if self._are_applied:
            return {"ok": True}
        executor = MigrationExecutor(connection)
        pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        self._are_applied = pending == 0
        return {"ok": self._are_applied, "pending": pending}


def disk() -> Component:
    """Tell whether the data folder's disk has room."""
    usage = shutil.disk_usage(settings.VAR_DIR)
    return {"ok": usage.free >= MIN_FREE_BYTES, "free_mb": usage.free // 2**20}


def outbox() -> Component:
    """Tell how long the oldest due message has waited; a lag is the workers' trouble, not this process'."""
    with connection.cursor() as cursor:
        cursor.execute(_OUTBOX_LAG_SQL)
        lag = float(cursor.fetchone()[0])
    return {"ok": lag < OUTBOX_LAG_SECONDS, "required": False, "lag_seconds": round(lag, 1)}


COMPONENTS: dict[str, Callable[[], Component]] = {
    "database": database,
    "redis": broker,
    "migrations": Migrations(),
    "disk": disk,
    "outbox": outbox,
}
