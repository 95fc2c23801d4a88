"""The endpoint: everything an operator looks at first."""

from typing import ClassVar, Final

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.filters import refuse_unknown_parameters
from users.api.documents import is_demo_market
from users.choices import Role

from . import facts
from .serializers import SystemSerializer

EXAMPLE: Final = OpenApiExample(
    "All well",
    response_only=True,
    value={
        "version": "0.1.0",
        "mode": "paper",
        "is_demo": True,
        "started_at": "2026-11-21T12:00:00Z",
        "components": [{"name": "database", "status": "ok", "detail": "", "latency_ms": 0.6}],
        "queues": [{"name": "default", "depth": 0}],
        "outbox": {"waiting": 0, "parked": 0, "oldest_seconds": 0.0},
        "beat": {"last_tick_at": "2026-11-21T12:04:55Z"},
        "workers": [{"name": "default@desk", "status": "ok"}],
        "partitions": [
            {
                "name": "price_history_2026_11",
                "bounds": "FOR VALUES FROM …",
                "rows": 41_200,
                "bytes": 9_437_184,
            }
        ],
        "migrations": {"applied": 61, "pending": 0},
        "sizes": {"database_bytes": 52_428_800, "redis_bytes": 2_097_152},
    },
)


class SystemView(APIView):
    """State of the installation."""

    required_role: ClassVar[dict[str, str]] = {"get": Role.OPERATOR}

    @extend_schema(operation_id="system_retrieve", responses=SystemSerializer, examples=[EXAMPLE])
    def get(self, request: Request) -> Response:
        """Return components, queues, outbox, workers, partitions, migrations and sizes."""
        refuse_unknown_parameters(request, set())
        has_broker = facts.has_broker()
        answer = {
            "version": settings.VERSION,
            "mode": "paper",
            "is_demo": is_demo_market(),
            "started_at": facts.STARTED_AT,
            "components": [*facts.components(), *facts.desk_components()],
            "queues": facts.queues(has_broker=has_broker),
            "outbox": facts.outbox(),
            "beat": facts.beat(),
            "workers": facts.workers(has_broker=has_broker),
            "partitions": facts.partitions(),
            "migrations": facts.migrations(),
            "sizes": facts.sizes(has_broker=has_broker),
        }
        return Response(SystemSerializer(answer).data)
