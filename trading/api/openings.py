"""`/executions/{id}/openings/` and `/comparison/`: what was really pulled, beside what was expected."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.filters import refuse_unknown_parameters
from common.api.idempotency import idempotent
from common.api.permissions import LoginRequired
from common.clock import utc_now
from jobs.api.views import IDEMPOTENCY_KEY
from trading.errors import ExecutionNotFound
from trading.models import Execution, Opening
from trading.selectors.openings import comparison_of, opening_list
from trading.services.openings import OpeningEntry, PulledLine, enter_opening
from users.acting import acting_user
from users.choices import Role

from .openings_serializers import ComparisonSerializer, OpeningEntrySerializer
from .serializers import OpeningSerializer

EXECUTION_ID = OpenApiParameter("execution_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
_CARD = {"id": "01a1fdd0-3a33-7c39-b3f7-5c3e42a6a002", "name": "Chase", "set_code": "TST", "number": "7"}
_OPENING = {
    "id": "01a1fdd8-26e6-7aa3-9d2e-5b4d81dcb588", "origin": "entered", "quantity": 1, "note": "Box 1",
    "opened_at": "2026-11-20T12:00:00Z", "entered_by": "tess",
    "lines": [
        {
            "product": _CARD, "finish": "nonfoil", "quantity": 2, "model_copies": "1.0000000000",
            "model_price": "40.00",
        }
    ],
}  # fmt: skip
_COMPARISON = {
    "currency": "EUR", "quantity": 2, "opened": 1, "is_settled": False,
    "expected": {"cost": "120.00", "proceeds": "152.00", "profit": "32.00"},
    "realised": {"cost": "120.00", "proceeds": "76.00", "profit": "-44.00"},
    "pulled_value": "80.00", "model_value": "40.00",
    "cards": [
        {
            "product": _CARD, "finish": "nonfoil", "expected_copies": "1.0000000000", "pulled": 2, "sold": 2,
            "model_price": "40.00", "average_price": "40.00", "net": "76.00", "is_counted": True,
        }
    ],
}  # fmt: skip


def execution_or_404(execution_id: str) -> Execution:
    """Return an execution.

    Raises:
        ExecutionNotFound: if there is none of that id.
    """
    execution = Execution.objects.select_related("product").filter(pk=execution_id).first()
    if execution is None:
        raise ExecutionNotFound(details={"id": str(execution_id)})
    return execution


@extend_schema_view(
    list=extend_schema(
        operation_id="executions_openings_list",
        summary="What was pulled from the products of an execution",
        examples=[OpenApiExample("One of a page", value=_OPENING, response_only=True)],
    )
)
@extend_schema(tags=["executions"], parameters=[EXECUTION_ID])
class ExecutionOpeningViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Opening]):
    """The opening ledger of one execution."""

    queryset = Opening.objects.none()
    serializer_class = OpeningSerializer
    permission_classes = [LoginRequired]
    required_role: ClassVar = {"list": Role.VIEWER, "create": Role.TRADER}

    def get_queryset(self) -> QuerySet[Opening]:
        """Return the execution's openings."""
        return opening_list(execution_or_404(self.kwargs["execution_id"]))

    @extend_schema(
        operation_id="executions_openings_create",
        summary="Enter what was pulled",
        description=(
            "Traders and above. Only cards that can be in the product, and at most as many products as were "
            "bought and are not opened yet. Refused with 409 `opening_simulated` where the paper broker has "
            "opened them, `more_opened_than_bought` or `card_not_in_product`."
        ),
        parameters=[IDEMPOTENCY_KEY],
        request=OpeningEntrySerializer,
        responses={201: OpeningSerializer},
        filters=False,
        examples=[
            OpenApiExample(
                "One box",
                value={
                    "quantity": 1,
                    "note": "Box 1",
                    "lines": [{"product": _CARD["id"], "finish": "nonfoil", "quantity": 2}],
                },
                request_only=True,
            ),
            OpenApiExample("Entered", value=_OPENING, response_only=True),
        ],
    )
    @idempotent
    def create(self, request: Request, execution_id: str) -> Response:
        """Book what was pulled."""
        refuse_unknown_parameters(request, frozenset())
        body = OpeningEntrySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        stated: dict[str, Any] = body.validated_data
        lines = [PulledLine(line["product"], line["finish"], line["quantity"]) for line in stated["lines"]]
        entry = OpeningEntry(stated["quantity"], lines, stated["note"], stated.get("opened_at"))
        opening = enter_opening(
            execution_id=UUID(execution_id), entry=entry, actor=acting_user(request), now=utc_now()
        )
        shown = opening_list(opening.execution).get(pk=opening.pk)
        return Response(OpeningSerializer(shown).data, status=status.HTTP_201_CREATED)


class ExecutionComparisonView(APIView):
    """Expected beside realised, for one execution and card by card."""

    permission_classes = [LoginRequired]
    required_role: ClassVar = {"get": Role.VIEWER}

    @extend_schema(
        tags=["executions"],
        operation_id="executions_comparison",
        summary="What an execution was expected to bring, and what it brought",
        parameters=[EXECUTION_ID],
        responses=ComparisonSerializer,
        examples=[OpenApiExample("Half sold", value=_COMPARISON, response_only=True)],
    )
    def get(self, request: Request, execution_id: str) -> Response:
        """Compare an execution with its model."""
        refuse_unknown_parameters(request, frozenset())
        return Response(ComparisonSerializer(comparison_of(execution_or_404(execution_id))).data)
