"""`/opportunities/`: list, detail, explanation, summary; asking for an analysis; dismissing."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.filters import refuse_unknown_parameters
from common.clock import utc_now
from opportunities.models import Opportunity
from opportunities.selectors import (
    explanation_of,
    opportunity_detail,
    opportunity_list,
    opportunity_summary,
)
from opportunities.services import dismiss_opportunity, request_analysis
from users.choices import Role

from .filters import OpportunityFilter
from .serializers import (
    AnalysisRequestedSerializer,
    ExplanationSerializer,
    OpportunityDetailSerializer,
    OpportunitySerializer,
    SummarySerializer,
)

_MAX_REASON = 200


@extend_schema_view(
    list=extend_schema(summary="Opportunities, best first"),
    retrieve=extend_schema(summary="One opportunity", responses=OpportunityDetailSerializer),
)
@extend_schema(tags=["opportunities"])
class OpportunityViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Opportunity]
):
    """Chances to buy a sealed product and sell the singles inside, net of all costs."""

    queryset = Opportunity.objects.none()
    serializer_class = OpportunitySerializer
    filterset_class = OpportunityFilter
    lookup_value_regex = "[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}"
    required_role: ClassVar = {"destroy": Role.TRADER, "analyze_all": Role.OPERATOR}

    def get_queryset(self) -> QuerySet[Opportunity]:
        """Return rows with what the action shows."""
        return opportunity_list(now=utc_now()) if self.action == "list" else opportunity_detail()

    def get_serializer_class(self) -> Any:
        """Return the wider serializer for one opportunity."""
        return OpportunityDetailSerializer if self.action == "retrieve" else OpportunitySerializer

    @extend_schema(
        summary="Dismiss an opportunity",
        description="Traders and above. The product is not offered again for some days.",
        parameters=[OpenApiParameter("reason", OpenApiTypes.STR, description="Why, at most 200 characters.")],
        responses={204: None},
    )
    def destroy(self, request: Request, pk: str) -> Response:
        """Cancel an active opportunity."""
        refuse_unknown_parameters(request, {"reason"})
        reason = request.query_params.get("reason", "dismissed")
        if len(reason) > _MAX_REASON or "\x00" in reason:
            raise ValidationError({"reason": [f"Give at most {_MAX_REASON} characters."]})
        dismiss_opportunity(opportunity_id=UUID(pk), reason=reason, actor=request.user, now=utc_now())  # type: ignore[arg-type]
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(summary="Why it has its score", responses=ExplanationSerializer)
    @action(detail=True, methods=["get"])
    def explain(self, request: Request, pk: str) -> Response:
        """Return confidence, risk, contents, distribution and the steps to the profit."""
        return Response(ExplanationSerializer(explanation_of(self.get_object())).data)

    @extend_schema(
        summary="Figures over all active opportunities", responses=SummarySerializer, filters=False
    )
    @action(detail=False, methods=["get"], url_path="stats/summary", pagination_class=None)
    def summary(self, request: Request) -> Response:
        """Return counts, profits by currency, averages and the best opportunity."""
        refuse_unknown_parameters(request, set())
        return Response(SummarySerializer(opportunity_summary(now=utc_now())).data)

    @extend_schema(
        summary="Ask for an analysis of all products",
        description="Operators and above. It runs in the background; asking twice in a minute is once.",
        request=None,
        responses={202: AnalysisRequestedSerializer},
        filters=False,
    )
    @action(detail=False, methods=["post"], url_path="analyze-all", pagination_class=None)
    def analyze_all(self, request: Request) -> Response:
        """Queue an analysis."""
        refuse_unknown_parameters(request, set())
        asked = request_analysis(actor=request.user, now=utc_now())  # type: ignore[arg-type]
        return Response(AnalysisRequestedSerializer(asked).data, status=status.HTTP_202_ACCEPTED)
