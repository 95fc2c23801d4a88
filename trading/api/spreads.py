"""`/spreads/{id}/execute/` and `/spread-executions/`: acting across two venues, and what became of it."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import structlog
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django_filters.utils import translate_validation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.csv import CsvRenderer
from common.api.filters import refuse_unknown_parameters
from common.api.idempotency import REPLAY_HEADER, idempotent
from common.api.pagination import TimeCursor
from common.api.permissions import LoginRequired
from common.clock import utc_now
from jobs.api.views import IDEMPOTENCY_KEY
from opportunities.api.spreads import UUID_PATTERN
from trading.errors import ExecutionNotFound
from trading.models import SpreadExecution
from trading.selectors.spreads import spread_execution_list, spread_execution_rows
from trading.services.kill_switch import refusal_of
from trading.services.spreads import (
    Resolution,
    SpreadRequest,
    drive_spread,
    execute_spread,
    resolve_spread,
)
from users.acting import acting_user
from users.choices import Role

from . import spreads_examples as examples
from .spreads_export import spread_csv
from .spreads_filters import SpreadExecutionFilter
from .spreads_serializers import (
    ExecuteSpreadSerializer,
    ResolveSerializer,
    SpreadExecutedSerializer,
    SpreadExecutionSerializer,
)

logger = structlog.get_logger(__name__)
FIRST_FENCE = 1


class SpreadExecutionCursor(TimeCursor):
    """Executions, newest first."""

    ordering = ("-created_at", "-id")


class ExecuteSpreadMixin(APIView):
    """Acting on a gap: written down in one transaction with the answer's key, then driven."""

    def execute_spread(self, request: Request, spread_id: UUID) -> Response:
        """Write an execution down, drive it, and answer with where it stands.

        A repeated key answers with the same execution, as it stands by then, and sends nothing.
        """
        opened = self._open_spread(request, spread_id)
        execution_id = UUID(opened.data["execution"])
        if REPLAY_HEADER not in opened.headers:
            _drive(execution_id, FIRST_FENCE)
        execution = spread_execution_list().filter(pk=execution_id).first()
        if execution is None:  # the demo was removed since; the key must not open another one
            raise ExecutionNotFound(details={"id": str(execution_id)})
        shown = SpreadExecutedSerializer({"execution": execution}, context={"request": request}).data
        headers = {"Location": f"/api/v1/spread-executions/{execution_id}/"}
        headers |= {name: opened.headers[name] for name in (REPLAY_HEADER,) if name in opened.headers}
        return Response(shown, status=status.HTTP_201_CREATED, headers=headers)

    @idempotent
    def _open_spread(self, request: Request, spread_id: UUID) -> Response:
        refuse_unknown_parameters(request, set())
        body = ExecuteSpreadSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        execution = execute_spread(
            opportunity_id=spread_id,
            actor=acting_user(request),
            order=SpreadRequest(**body.validated_data),
            now=utc_now(),
        )
        return Response({"execution": str(execution.pk)}, status=status.HTTP_201_CREATED)

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a commit that met a kill switch as what it is."""
        refusal = refusal_of(exc) if isinstance(exc, DatabaseError) else None
        return super().handle_exception(refusal or exc)


def _drive(execution_id: UUID, fence: int) -> None:
    """Drive an execution; what fails now is taken up by the periodic task, since it is on record."""
    try:
        drive_spread(execution_id=execution_id, fence=fence)
    except Exception:  # the execution exists: an error would say that it does not
        logger.exception("spread.drive_failed", execution_id=str(execution_id))


class ExecuteSpreadView(ExecuteSpreadMixin):
    """Acting on one gap between two venues."""

    required_role: ClassVar = {"post": Role.TRADER}

    @extend_schema(
        tags=["executions"],
        operation_id="spreads_execute",
        summary="Buy at one venue and sell at the other, on paper",
        description=(
            "Traders and above. Both legs are judged again at the live quotes, then written down together, "
            "then sent one after the other, each once. The answer tells how far it got: a venue that does "
            "not answer leaves it `unknown`, and it goes on by itself. Refused with 409 and a `code`: "
            "`spread_gone`, `stale_quote`, `figures_moved` (`details` has `shown`, `fresh` and `reasons`), "
            "`not_enough_offered`, `limit_exceeded`, `kill_switch_engaged`, `route_gated`; with 503 "
            "`quotes_unreadable` while nobody knows the prices of now. The unversioned "
            "`POST /api/opportunities/{id}/execute` does the same."
        ),
        parameters=[
            IDEMPOTENCY_KEY, OpenApiParameter("spread_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
        ],
        request=ExecuteSpreadSerializer,
        responses={201: SpreadExecutedSerializer},
        examples=[examples.EXECUTE, examples.EXECUTED],
    )  # fmt: skip
    def post(self, request: Request, spread_id: str) -> Response:
        """Act, if the gap still holds."""
        return self.execute_spread(request, UUID(spread_id))


def spread_executions_page(request: Request, view: APIView) -> Response:
    """Answer the log of executions across venues: one page by cursor.

    Raises:
        ValidationError: for parameters that are unknown or refused.
    """
    allowed = frozenset(SpreadExecutionFilter.base_filters) | SpreadExecutionCursor.query_parameters
    refuse_unknown_parameters(request, allowed)
    rows = _filtered(request, spread_execution_list())
    paginator = SpreadExecutionCursor()
    page: Any = paginator.paginate_queryset(rows, request, view)
    return paginator.get_paginated_response(SpreadExecutionSerializer(page, many=True).data)


def spread_execution_answer(request: Request, pk: str) -> Response:
    """Answer one execution across venues.

    Raises:
        NotFound: if there is none.
        ValidationError: for any parameter.
    """
    refuse_unknown_parameters(request, set())
    execution = spread_execution_list().filter(pk=UUID(pk)).first()
    if execution is None:
        raise NotFound
    return Response(SpreadExecutionSerializer(execution).data)


def _filtered(request: Request, rows: QuerySet[SpreadExecution]) -> QuerySet[SpreadExecution]:
    filterset = SpreadExecutionFilter(data=request.query_params, queryset=rows, request=request)
    if not filterset.is_valid():
        raise translate_validation(filterset.errors)
    found: QuerySet[SpreadExecution] = filterset.qs
    return found


@extend_schema(tags=["executions"])
class SpreadExecutionViewSet(viewsets.GenericViewSet[SpreadExecution]):
    """What was bought at one venue and sold at another, by everybody: it is one desk."""

    queryset = SpreadExecution.objects.none()
    serializer_class = SpreadExecutionSerializer
    filterset_class = SpreadExecutionFilter
    pagination_class = SpreadExecutionCursor
    lookup_value_regex = UUID_PATTERN
    permission_classes = [LoginRequired]
    required_role: ClassVar = {
        "list": Role.VIEWER, "retrieve": Role.VIEWER, "export": Role.VIEWER, "resolve": Role.OPERATOR,
    }  # fmt: skip

    @extend_schema(
        operation_id="spread_executions_list",
        summary="Executions across venues, newest first",
        description="Also answered by `/executions/?kind=cross_venue` and, unversioned, `/api/executions`.",
        responses=SpreadExecutionSerializer(many=True),
        examples=[examples.LISTED],
    )
    def list(self, request: Request) -> Response:
        """Return one page."""
        return spread_executions_page(request, self)

    @extend_schema(
        operation_id="spread_executions_retrieve",
        summary="One execution with its orders and fills",
        responses=SpreadExecutionSerializer,
        examples=[examples.DETAIL],
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one execution."""
        return spread_execution_answer(request, pk)

    @extend_schema(
        operation_id="spread_executions_resolve",
        summary="Say what became of an order that no venue tells about",
        description=(
            "Operators and above, for an execution that is `stuck`. It goes on from there: a purchase that "
            "never was ends it, a sale that never was is unwound. `not_stuck` (409) for any other."
        ),
        request=ResolveSerializer,
        responses=SpreadExecutionSerializer,
        examples=[examples.RESOLVE, examples.RESOLVED],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, pk: str) -> Response:
        """Write down what a person found out, and drive on."""
        refuse_unknown_parameters(request, set())
        body = ResolveSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        execution = resolve_spread(
            execution_id=UUID(pk),
            resolution=Resolution(**body.validated_data),
            actor=acting_user(request),
            now=utc_now(),
        )
        _drive(execution.pk, execution.fence)
        return spread_execution_answer(request, pk)

    @extend_schema(
        operation_id="spread_executions_export",
        summary="The filtered executions as CSV",
        description="At most 100,000 rows, newest first. Takes the filters of the list.",
        responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, examples=[examples.CSV])},
    )
    @action(
        detail=False, methods=["get"], pagination_class=None, renderer_classes=[CsvRenderer, JSONRenderer]
    )
    def export(self, request: Request) -> StreamingHttpResponse:
        """Stream the rows."""
        refuse_unknown_parameters(request, frozenset(SpreadExecutionFilter.base_filters))
        now: datetime = utc_now()
        return spread_csv(request, _filtered(request, spread_execution_rows()), now=now)
