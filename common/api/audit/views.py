"""`/audit/`: the trail of every state change, newest first, its state, and its export."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.csv import file_stream
from common.api.filters import refuse_unknown_parameters
from common.api.pagination import TimeCursor
from common.audit import event_as_json
from common.models import AuditEvent, AuditVerification

from .filters import AuditFilter
from .serializers import AuditEventSerializer, AuditStatusSerializer, actor_names

ANALYST: Final = "analyst"
OPERATOR: Final = "operator"
_CHUNK: Final = 2_000
_AT_ONCE: Final = 500

EVENT: Final = OpenApiExample(
    "A dismissed opportunity",
    response_only=True,
    value={
        "id": "0199f0a0-0000-7000-8000-000000000001",
        "stream": "opportunity.4",
        "seq": 12,
        "verb": "opportunity.cancelled",
        "subject": "opportunity:0199f0a0-0000-7000-8000-000000000002",
        "actor": "alice",
        "data": {"reason": "sold out"},
        "request_id": "8f6c…",
        "recorded_at": "2026-11-21T12:00:00Z",
        "hash": "9b1d…",
        "previous_hash": "03fe…",
    },
)
STATUS: Final = OpenApiExample(
    "Intact",
    response_only=True,
    value={
        "is_intact": True,
        "checked_at": "2026-11-21T03:00:00Z",
        "events": 18_224,
        "streams": 96,
        "breaks": 0,
        "head": "5d41…",
    },
)


class AuditViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[AuditEvent]):
    """The audit trail. Events are only ever added."""

    queryset = AuditEvent.objects.all()
    serializer_class = AuditEventSerializer
    filterset_class = AuditFilter
    pagination_class = TimeCursor
    required_role: ClassVar[dict[str, str]] = {"list": ANALYST, "status": ANALYST, "export": OPERATOR}

    def get_serializer_context(self) -> dict[str, Any]:
        """Add the names of who acted."""
        return {**super().get_serializer_context(), "actors": getattr(self, "_actors", {})}

    def paginate_queryset(self, queryset: QuerySet[AuditEvent] | Any) -> Any:
        """Cut a page and look up its actors at once."""
        page = super().paginate_queryset(queryset)
        self._actors = actor_names(page or ())
        return page

    @extend_schema(operation_id="audit_list", examples=[EVENT])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List events, newest first; pages follow `next`."""
        return super().list(request, *args, **kwargs)

    @extend_schema(
        operation_id="audit_status", responses=AuditStatusSerializer, filters=False, examples=[STATUS]
    )
    @action(detail=False, pagination_class=None, filterset_class=None)
    def status(self, request: Request) -> Response:
        """Return what the last verification of the chains found."""
        refuse_unknown_parameters(request, set())
        last = AuditVerification.objects.order_by("-verified_at", "-id").first()
        facts = {
            "is_intact": None if last is None else last.break_count == 0,
            "checked_at": None if last is None else last.verified_at,
            "events": 0 if last is None else last.event_count,
            "streams": 0 if last is None else last.stream_count,
            "breaks": 0 if last is None else last.break_count,
            "head": "" if last is None else last.anchor_digest,
        }
        return Response(AuditStatusSerializer(facts).data)

    @extend_schema(
        operation_id="audit_export",
        parameters=[OpenApiParameter("format_hint", exclude=True)],
        responses={
            (200, "application/x-ndjson"): OpenApiResponse(
                OpenApiTypes.STR, description="One event a line, newest first, with its hashes."
            )
        },
    )
    @action(detail=False, pagination_class=None)
    def export(self, request: Request) -> HttpResponseBase:
        """Stream the events of the same filters as lines of JSON."""
        events = self.filter_queryset(self.get_queryset()).order_by("-recorded_at", "-id")
        return file_stream(
            request, name="arbsite-audit.ndjson", content_type="application/x-ndjson", parts=_parts(events)
        )


def _parts(events: QuerySet[AuditEvent]) -> Iterator[str]:
    """Write some hundred lines at a time."""
    rows = events.iterator(chunk_size=_CHUNK)
    while chunk := list(islice(rows, _AT_ONCE)):
        yield "".join(json.dumps(event_as_json(event), ensure_ascii=False) + "\n" for event in chunk)
