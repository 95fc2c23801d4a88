"""`/opportunities/`: list, detail, notes, dismissal, many at once, summary; asking for an analysis."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import conditional
from common.api.filters import refuse_body, refuse_unknown_parameters
from common.clock import utc_now
from opportunities.api import examples
from opportunities.api.listing import list_answer
from opportunities.api.serializers import (
    AnalysisRequestedSerializer,
    ChangeSerializer,
    DismissSerializer,
    OpportunityDetailSerializer,
    OpportunitySerializer,
    SummarySerializer,
)
from opportunities.api.serializers.changes import MAX_REASON
from opportunities.api.spreads import spread_answer, spread_page
from opportunities.choices import OpportunityKind
from opportunities.models import Opportunity
from opportunities.selectors import opportunity_detail, opportunity_list, opportunity_summary
from opportunities.services import dismiss_opportunity, request_analysis
from opportunities.services.changing import change_opportunity
from users.acting import acting_user
from users.choices import Role

from ..filters import OpportunityFilter
from .course import CourseActions
from .many import ManyActions

_IF_MATCH = OpenApiParameter(
    conditional.IF_MATCH,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description='The ETag you have read, or `"<revision>"`. Without it 428, with an outdated one 412.',
)
_PAGING = [
    OpenApiParameter("pagination", OpenApiTypes.STR, enum=["page", "cursor"], description="Default page."),
    OpenApiParameter("cursor", OpenApiTypes.STR, description="From `next` or `previous`; without a total."),
    OpenApiParameter("fields", OpenApiTypes.STR, description="Only these fields of each item, by comma."),
]


@extend_schema(tags=["opportunities"])
class OpportunityViewSet(ManyActions, CourseActions, viewsets.GenericViewSet[Opportunity]):
    """Chances to buy a sealed product and sell the singles inside, net of all costs."""

    queryset = Opportunity.objects.none()
    serializer_class = OpportunitySerializer
    filterset_class = OpportunityFilter
    lookup_value_regex = "[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}"
    required_role: ClassVar = {
        "update": Role.ANALYST,
        "partial_update": Role.ANALYST,
        "destroy": Role.TRADER,
        "bulk": Role.ANALYST,
        "revalidate": Role.VIEWER,
        "simulate": Role.VIEWER,
        "analyze_all": Role.OPERATOR,
    }

    def get_queryset(self) -> QuerySet[Opportunity]:
        """Return rows with what the action shows."""
        return opportunity_list(now=utc_now()) if self.action == "list" else opportunity_detail()

    @extend_schema(
        operation_id="opportunities_list",
        summary="Opportunities, best first",
        description=(
            "Sealed products worth more as singles. With `kind=cross_venue` the answer, and the other "
            "parameters, are those of `/spreads/`."
        ),
        parameters=[*_PAGING, OpenApiParameter("kind", OpenApiTypes.STR, enum=OpportunityKind.values)],
        responses=OpportunitySerializer(many=True),
        examples=examples.LIST,
    )
    def list(self, request: Request) -> HttpResponse:
        """Return one page of either kind."""
        if request.query_params.get("kind") == OpportunityKind.CROSS_VENUE:
            return spread_page(request, now=utc_now())
        return list_answer(request, now=utc_now())

    @extend_schema(
        operation_id="opportunities_retrieve",
        summary="One opportunity",
        description="An id of a cross-venue opportunity gives what `/spreads/{id}/` does.",
        responses=OpportunityDetailSerializer,
        examples=examples.DETAIL,
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one opportunity, whatever its status, with its ETag."""
        try:
            row = self.get_object()
        except Http404:
            return spread_answer(request, spread_id=UUID(pk), now=utc_now())
        return self._detail(request, row)

    @extend_schema(
        operation_id="opportunities_update",
        summary="Write notes, or say that it was reviewed",
        parameters=[_IF_MATCH],
        request=ChangeSerializer,
        responses=OpportunityDetailSerializer,
        examples=examples.CHANGE,
    )
    def update(self, request: Request, pk: str, **kwargs: Any) -> Response:
        """Change what people write on it; figures are the analysis' alone."""
        refuse_unknown_parameters(request, set())
        body = ChangeSerializer(data=request.data, partial=bool(kwargs.get("partial")))
        body.is_valid(raise_exception=True)
        expected = conditional.require_match(request)
        change_opportunity(
            opportunity_id=UUID(pk),
            changes=body.validated_data,
            expected=expected,
            actor=acting_user(request),
            now=utc_now(),
        )
        return self._detail(request, self.get_object())

    @extend_schema(
        operation_id="opportunities_partial_update",
        summary="Write notes, or say that it was reviewed",
        parameters=[_IF_MATCH],
        request=ChangeSerializer,
        responses=OpportunityDetailSerializer,
        examples=examples.CHANGE,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change only what is given."""
        return self.update(request, pk, partial=True)

    @extend_schema(
        operation_id="opportunities_destroy",
        summary="Dismiss an opportunity",
        description=(
            "Traders and above. The product is not offered again for some days. The reason is a parameter or "
            "in the body; with `If-Match` an opportunity that changed is not dismissed."
        ),
        parameters=[OpenApiParameter("reason", OpenApiTypes.STR, description="Why, at most 200 characters.")],
        request=DismissSerializer,
        responses={204: None},
        examples=examples.DISMISS,
    )
    def destroy(self, request: Request, pk: str) -> Response:
        """Cancel an active opportunity."""
        refuse_unknown_parameters(request, {"reason"})
        dismiss_opportunity(
            opportunity_id=UUID(pk),
            reason=_reason(request),
            actor=acting_user(request),
            now=utc_now(),
            expected=conditional.given_match(request),
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        operation_id="opportunities_summary_retrieve",
        summary="Figures over all active opportunities",
        responses=SummarySerializer,
        filters=False,
        examples=examples.SUMMARY,
    )
    @action(detail=False, methods=["get"], url_path="stats/summary", pagination_class=None)
    def summary(self, request: Request) -> Response:
        """Return counts, profits by currency, averages and the best opportunity."""
        refuse_unknown_parameters(request, set())
        data = SummarySerializer(opportunity_summary(now=utc_now())).data
        return conditional.answer(request, data, version="s")

    @extend_schema(
        operation_id="opportunities_analyze_all_create",
        summary="Ask for an analysis of all products",
        description="Operators and above. It runs in the background; asking twice in a minute is once.",
        request=None,
        responses={202: AnalysisRequestedSerializer},
        filters=False,
        examples=examples.ANALYZE,
    )
    @action(detail=False, methods=["post"], url_path="analyze-all", pagination_class=None)
    def analyze_all(self, request: Request) -> Response:
        """Queue an analysis."""
        refuse_unknown_parameters(request, set())
        refuse_body(request)
        asked = request_analysis(actor=acting_user(request), now=utc_now())
        return Response(AnalysisRequestedSerializer(asked).data, status=status.HTTP_202_ACCEPTED)

    def _detail(self, request: Request, row: Opportunity) -> Response:
        data = OpportunityDetailSerializer(row).data
        if request.method not in ("GET", "HEAD"):
            etag = conditional.etag_of_data(row.revision, data)
            return Response(data, headers={"ETag": etag})
        return conditional.answer(request, data, version=row.revision)


def _reason(request: Request) -> str:
    """Return the reason of a dismissal from the body or the query.

    Raises:
        ValidationError: if it is too long, or given twice.
    """
    body = DismissSerializer(data=request.data or {})
    body.is_valid(raise_exception=True)
    given: str | None = body.validated_data.get("reason")
    asked = request.query_params.get("reason")
    if given is not None and asked is not None:
        raise ValidationError({"reason": ["Give it once."]})
    reason = given or asked or "dismissed"
    if len(reason) > MAX_REASON or "\x00" in reason:
        raise ValidationError({"reason": [f"Give at most {MAX_REASON} characters."]})
    return reason
