"""The endpoint: whether the installation works, for load balancers, monitors and the curious."""

from typing import Any, Final

import structlog
from django.conf import settings
from django.db import DatabaseError
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.filters import refuse_unknown_parameters
from common.api.permissions import OpenToAll
from common.clock import utc_now

from .serializers import HealthSerializer
from .state import Desk, desk_state

logger = structlog.get_logger(__name__)

NO_DESK: Final = Desk((), 0, 0, is_known=False)

_EXAMPLE: Final = {
    "status": "degraded",
    "version": "0.1.0",
    "mode": "paper",
    "time": "2026-11-21T12:00:00Z",
    "processes": [
        {"name": "giftcards", "state": "live", "age_ms": 412, "detail": ""},
        {"name": "ingest", "state": "degraded", "age_ms": 655, "detail": "kraken connecting"},
    ],
    "markets": {"live": 8, "total": 9},
    "metrics": {"ingest": {"messages": 81_204, "dropped": 0, "reconnects": 1, "loop_lag_ms": 0.4}},
}


class HealthView(APIView):
    """State of the installation in a few words and numbers."""

    authentication_classes = ()
    permission_classes = (OpenToAll,)
    throttle_classes = ()

    @extend_schema(
        operation_id="health_retrieve",
        auth=[],
        responses={200: HealthSerializer, 503: HealthSerializer},
        examples=[
            OpenApiExample("One exchange is away", value=_EXAMPLE, response_only=True, status_codes=["200"]),
            OpenApiExample(
                "The database is gone",
                value={
                    **_EXAMPLE,
                    "status": "down",
                    "processes": [],
                    "markets": {"live": 0, "total": 0},
                    "metrics": {},
                },
                response_only=True,
                status_codes=["503"],
            ),
        ],
    )
    def get(self, request: Request) -> Response:
        """Answer 200 while requests can be served, if degraded, and 503 when the database is gone.

        Degraded: Redis does not answer, or a process of the live desk is not heard of or not fully working.
        """
        refuse_unknown_parameters(request, set())
        try:
            desk = desk_state()
            status = "ok" if desk.is_well else "degraded"
        except DatabaseError as error:
            logger.warning("health.database_unavailable", error=type(error).__name__)
            desk, status = NO_DESK, "down"
        answer: dict[str, Any] = {
            "status": status,
            "version": settings.VERSION,
            "mode": "paper",
            "time": utc_now(),
            "processes": desk.processes,
            "markets": {"live": desk.live_markets, "total": desk.markets},
            "metrics": {process.name: process.facts for process in desk.processes if process.facts},
        }
        return Response(
            HealthSerializer(answer).data,
            status=503 if status == "down" else 200,
            headers={"Cache-Control": "no-store"},
        )
