"""`/executions/{id}/sales/`: what was sold of an execution, by the broker and by people."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.filters import refuse_unknown_parameters
from common.api.idempotency import idempotent
from common.api.permissions import LoginRequired
from common.clock import utc_now
from jobs.api.views import IDEMPOTENCY_KEY
from trading.models import Sale
from trading.selectors.openings import sale_list
from trading.services.sales import SaleEntry, enter_sale
from users.acting import acting_user
from users.choices import Role

from .openings import EXECUTION_ID, execution_or_404
from .openings_serializers import SaleEntrySerializer, SaleSerializer

_CARD = {"id": "01a1fdd0-3a33-7c39-b3f7-5c3e42a6a002", "name": "Chase", "set_code": "TST", "number": "7"}
_ENTRY = {"finish": "nonfoil", "quantity": 1, "gross": "41.50", "fees": "2.08", "postage": "1.20"}
_SALE = {
    "id": "01a1fdd8-26e7-7aa3-9d2e-5b4d81dcb589", "product": _CARD, **_ENTRY, "is_entered": True,
    "entered_by": "tess", "note": "At the shop", "sold_at": "2026-11-21T10:00:00Z",
    "created_at": "2026-11-21T10:05:00Z",
}  # fmt: skip


@extend_schema_view(
    list=extend_schema(
        operation_id="executions_sales_list",
        summary="Sales of an execution, newest first",
        examples=[OpenApiExample("One of a page", value=_SALE, response_only=True)],
    )
)
@extend_schema(tags=["executions"], parameters=[EXECUTION_ID])
class ExecutionSaleViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Sale]):
    """What was sold, and for how much."""

    queryset = Sale.objects.none()
    serializer_class = SaleSerializer
    permission_classes = [LoginRequired]
    required_role: ClassVar = {"list": Role.VIEWER, "create": Role.TRADER}

    def get_queryset(self) -> QuerySet[Sale]:
        """Return the execution's sales."""
        return sale_list(execution_or_404(self.kwargs["execution_id"]))

    @extend_schema(
        operation_id="executions_sales_create",
        summary="Enter a sale made by hand",
        description=(
            "Traders and above; amounts are of all copies, in the execution's currency. Refused with 409 "
            "`more_sold_than_pulled` if fewer copies are left: those the broker has on sale are not for "
            "people to sell."
        ),
        parameters=[IDEMPOTENCY_KEY],
        request=SaleEntrySerializer,
        responses={201: SaleSerializer},
        filters=False,
        examples=[
            OpenApiExample("One card", value={"product": _CARD["id"], **_ENTRY}, request_only=True),
            OpenApiExample("Entered", value=_SALE, response_only=True),
        ],
    )
    @idempotent
    def create(self, request: Request, execution_id: str) -> Response:
        """Book a sale."""
        refuse_unknown_parameters(request, frozenset())
        body = SaleEntrySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        stated: dict[str, Any] = dict(body.validated_data)
        sale = enter_sale(
            execution_id=UUID(execution_id),
            entry=SaleEntry(product_id=stated.pop("product"), **stated),
            actor=acting_user(request),
            now=utc_now(),
        )
        return Response(SaleSerializer(sale).data, status=status.HTTP_201_CREATED)
