"""`/opportunities/{id}/execute/` and `/executions/`: acting, and what became of it."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_view,
)
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.csv import CsvRenderer
from common.api.filters import refuse_body, refuse_unknown_parameters
from common.api.idempotency import idempotent
from common.api.pagination import TimeCursor
from common.api.permissions import LoginRequired
from common.clock import utc_now
from jobs.api.views import IDEMPOTENCY_KEY
from opportunities.choices import OpportunityKind
from opportunities.models import CrossVenueOpportunity
from trading.models import Execution
from trading.selectors.executions import execution_detail, execution_list
from trading.services import (
    ExecutionRequest,
    cancel_execution,
    execute_opportunity,
    note_execution,
    settle_execution,
)
from users.acting import acting_user
from users.choices import Role

from . import examples
from .export import csv_response
from .filters import ExecutionFilter
from .serializers import (
    CancelSerializer,
    ExecutedSerializer,
    ExecuteSerializer,
    ExecutionDetailSerializer,
    ExecutionSerializer,
    NoteSerializer,
)
from .spreads import ExecuteSpreadMixin, spread_execution_answer, spread_executions_page
from .spreads_serializers import ExecuteSpreadSerializer, SpreadExecutedSerializer

UUID_PATTERN = "[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}"


class ExecutionCursor(TimeCursor):
    """Executions, newest first."""

    ordering = ("-created_at", "-id")


class ExecuteView(ExecuteSpreadMixin):
    """Acting on one opportunity, of either kind."""

    required_role: ClassVar = {"post": Role.TRADER}

    @extend_schema(
        tags=["executions"],
        operation_id="opportunities_execute",
        summary="Execute an opportunity, on paper",
        description=(
            "Traders and above. Judged again at the prices of now, inside the transaction that buys. Refused "
            "with 409 and a `code`: `figures_moved` (`details` has `shown`, `fresh` and `reasons`), "
            "`opportunity_closed`, `already_executed`, `limit_exceeded` (`limit`, `used`, `ceiling`), "
            "`kill_switch_engaged`, `not_enough_offered`, `needs_review`, `stale_price`. An id of a "
            "cross-venue opportunity takes and gives what `/spreads/{id}/execute/` does."
        ),
        parameters=[
            IDEMPOTENCY_KEY,
            OpenApiParameter("opportunity_id", OpenApiTypes.UUID, OpenApiParameter.PATH),
        ],
        request=PolymorphicProxySerializer(
            "ExecuteEither", [ExecuteSerializer, ExecuteSpreadSerializer], resource_type_field_name=None
        ),
        responses={
            201: PolymorphicProxySerializer(
                "ExecutedEither",
                [ExecutedSerializer, SpreadExecutedSerializer],
                resource_type_field_name=None,
            )
        },
        examples=[examples.EXECUTE, examples.EXECUTED],
    )
    def post(self, request: Request, opportunity_id: str) -> Response:
        """Act on the opportunity, if it still holds."""
        if CrossVenueOpportunity.objects.filter(pk=opportunity_id).exists():
            return self.execute_spread(request, UUID(opportunity_id))
        return self._execute_product(request, opportunity_id)

    @idempotent
    def _execute_product(self, request: Request, opportunity_id: str) -> Response:
        """Buy what the opportunity is about, if it still holds."""
        refuse_unknown_parameters(request, set())
        body = ExecuteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        execution = execute_opportunity(
            opportunity_id=UUID(opportunity_id),
            actor=acting_user(request),
            order=ExecutionRequest(**body.validated_data),
            now=utc_now(),
        )
        shown = ExecutedSerializer({"execution": execution}, context={"request": request}).data
        location = {"Location": f"/api/v1/executions/{execution.pk}/"}
        return Response(shown, status=status.HTTP_201_CREATED, headers=location)


@extend_schema_view(
    list=extend_schema(
        operation_id="executions_list",
        summary="Executions, newest first",
        description=(
            "Of products. With `kind=cross_venue` the answer, and the other parameters, are those of "
            "`/spread-executions/`."
        ),
        parameters=[OpenApiParameter("kind", OpenApiTypes.STR, enum=OpportunityKind.values)],
        responses=ExecutionSerializer(many=True),
        examples=[examples.LISTED],
    ),
    retrieve=extend_schema(
        operation_id="executions_retrieve",
        summary="One execution with orders, fills, postings and openings",
        description="An id of an execution across venues gives what `/spread-executions/{id}/` does.",
        responses=ExecutionDetailSerializer,
        examples=[examples.DETAIL],
    ),
)
@extend_schema(tags=["executions"])
class ExecutionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Execution]):
    """What was bought and sold, by everybody: it is one desk."""

    queryset = Execution.objects.none()
    serializer_class = ExecutionSerializer
    filterset_class = ExecutionFilter
    pagination_class = ExecutionCursor
    lookup_value_regex = UUID_PATTERN
    permission_classes = [LoginRequired]
    required_role: ClassVar = {
        "list": Role.VIEWER, "retrieve": Role.VIEWER, "export": Role.VIEWER,
        "partial_update": Role.TRADER, "settle": Role.TRADER, "cancel": Role.TRADER,
    }  # fmt: skip

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one page of either kind."""
        if request.query_params.get("kind") == OpportunityKind.CROSS_VENUE:
            return spread_executions_page(request, self)
        return super().list(request, *args, **kwargs)

    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one execution of either kind."""
        try:
            return super().retrieve(request, pk=pk)
        except Http404:
            return spread_execution_answer(request, pk)

    def get_queryset(self) -> QuerySet[Execution]:
        """Return rows with what the action shows."""
        return execution_list() if self.action in ("list", "export") else execution_detail()

    def get_serializer_class(self) -> Any:
        """Return the narrow serializer for the list."""
        return ExecutionSerializer if self.action == "list" else ExecutionDetailSerializer

    @extend_schema(
        operation_id="executions_partial_update",
        summary="Change the note of an execution",
        request=NoteSerializer,
        responses=ExecutionDetailSerializer,
        examples=[examples.NOTE, examples.DETAIL],
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Replace the note."""
        refuse_unknown_parameters(request, set())
        body = NoteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        note_execution(
            execution_id=UUID(pk), actor=acting_user(request), now=utc_now(), **body.validated_data
        )
        return self._shown(pk)

    @extend_schema(
        operation_id="executions_settle",
        summary="Sell everything that is left, now",
        description="Traders and above. Cards without a fresh price stay open and are tried again.",
        request=None,
        responses=ExecutionDetailSerializer,
        examples=[examples.DETAIL],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """Sell at the executable prices of now."""
        refuse_unknown_parameters(request, set())
        refuse_body(request)
        settle_execution(execution_id=UUID(pk), actor=acting_user(request), now=utc_now())
        return self._shown(pk)

    @extend_schema(
        operation_id="executions_cancel",
        summary="Take a purchase back before anything was opened or sold",
        description="Traders and above. The opportunity stays executed.",
        request=CancelSerializer,
        responses=ExecutionDetailSerializer,
        examples=[examples.CANCEL, examples.DETAIL],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Reverse the purchase."""
        refuse_unknown_parameters(request, set())
        body = CancelSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        cancel_execution(
            execution_id=UUID(pk), actor=acting_user(request), now=utc_now(), **body.validated_data
        )
        return self._shown(pk)

    @extend_schema(
        operation_id="executions_export",
        summary="The filtered executions as CSV",
        description="At most 100,000 rows, newest first. Takes the filters of the list.",
        responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, examples=[examples.CSV])},
    )
    @action(
        detail=False, methods=["get"], pagination_class=None, renderer_classes=[CsvRenderer, JSONRenderer]
    )
    def export(self, request: Request) -> StreamingHttpResponse:
        """Stream the rows."""
        return csv_response(request, self.filter_queryset(self.get_queryset()), now=utc_now())

    def _shown(self, pk: str) -> Response:
        execution = execution_detail().get(pk=pk)
        return Response(ExecutionDetailSerializer(execution, context=self.get_serializer_context()).data)
