"""Many opportunities at once: the same action on all of them, or a file of exactly one view."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import QueryDict
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.csv import CsvRenderer
from common.api.filters import refuse_unknown_parameters
from common.api.idempotency import idempotent
from common.clock import utc_now
from jobs.api.views import IDEMPOTENCY_KEY
from opportunities.api import examples
from opportunities.api.exporting import csv_answer
from opportunities.api.filters import OpportunityFilter
from opportunities.api.listing import PAGING, filtered
from opportunities.api.serializers import BulkAnswerSerializer, BulkRequestSerializer
from opportunities.selectors import opportunity_list
from opportunities.services.bulk import MOST, act_on_many, check_number
from users.acting import acting_user
from users.choices import Role

if TYPE_CHECKING:
    from rest_framework.viewsets import GenericViewSet

    _Base = GenericViewSet[Any]
else:
    _Base = object

_FILTERS = frozenset(OpportunityFilter.base_filters)


class ManyActions(_Base):
    """Bulk actions and the export."""

    @extend_schema(
        operation_id="opportunities_bulk_create",
        summary="Do the same to many opportunities",
        description=(
            "Analysts; dismissing needs a trader. Give `ids`, or `all_matching` with the query of the list. "
            "What cannot be done to one of them is said in `skipped`."
        ),
        parameters=[IDEMPOTENCY_KEY],
        request=BulkRequestSerializer,
        responses=BulkAnswerSerializer,
        filters=False,
        examples=examples.BULK,
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    @idempotent
    def bulk(self, request: Request) -> Response:
        """Dismiss, watch, unwatch, refresh or revalidate."""
        refuse_unknown_parameters(request, set())
        body = BulkRequestSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        actor, now = acting_user(request), utc_now()
        if asked["action"] == "dismiss" and not actor.has_role(Role.TRADER):
            raise PermissionDenied
        ids = asked.get("ids")
        if ids is None:
            ids = self._matching(asked["action"], asked["all_matching"], request)
        outcome = act_on_many(
            action=asked["action"], ids=ids, reason=asked.get("reason", "dismissed"), actor=actor, now=now
        )
        context = {"request": request, "now": now}
        return Response(BulkAnswerSerializer(outcome, context=context).data)

    @extend_schema(
        operation_id="opportunities_export_retrieve",
        summary="A view as CSV",
        description="Exactly what the list with the same filters and order holds, at most 100,000 rows.",
        responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, examples=[examples.CSV])},
    )
    @action(
        detail=False, methods=["get"], pagination_class=None, renderer_classes=[JSONRenderer, CsvRenderer]
    )
    def export(self, request: Request) -> HttpResponseBase:
        """Stream the filtered rows."""
        refuse_unknown_parameters(request, _FILTERS)
        now = utc_now()
        return csv_answer(
            filtered(request.query_params, request, opportunity_list(now=now)), request, now=now
        )

    def _matching(self, name: str, query: str, request: Request) -> list[UUID]:
        """Return the ids a list's query matches, not more than the action takes.

        Raises:
            ValidationError: for a query the list would refuse.
            TooManyMatched: for more than the action takes.
        """
        data = QueryDict(query.removeprefix("?"))
        unknown = sorted(set(data) - _FILTERS - PAGING)
        if unknown:
            detail = f"Unknown parameter {unknown[0]!r}. Allowed: {', '.join(sorted(_FILTERS))}."
            raise ValidationError({"all_matching": [detail]})
        rows = filtered(data, request, opportunity_list(now=utc_now())).values_list("pk", flat=True)
        check_number(name, rows[: MOST[name] + 1].count())
        return list(rows)
