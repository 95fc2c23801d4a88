"""What became of one opportunity, and what it would be under other assumptions."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import conditional
from common.api.filters import refuse_body, refuse_unknown_parameters
from common.clock import utc_now
from opportunities.api import examples, examples_course
from opportunities.api.serializers import (
    ExplanationSerializer,
    RevalidationSerializer,
    RevisionsSerializer,
    SimulationRequestSerializer,
    SimulationSerializer,
    TimelineSerializer,
)
from opportunities.selectors import explanation_of, revisions_of, timeline_of
from opportunities.services import revalidate_opportunity
from opportunities.services.simulating import Assumptions
from opportunities.services.simulation import DEFAULT_SEED, Trials, save_scenario, simulate_opportunity
from users.acting import acting_user

if TYPE_CHECKING:
    from rest_framework.viewsets import GenericViewSet

    _Base = GenericViewSet[Any]
else:
    _Base = object


class CourseActions(_Base):
    """Explanation, revisions, events, the market of this moment, and the calculator."""

    @extend_schema(
        operation_id="opportunities_explain_retrieve",
        summary="Why it has its score",
        responses=ExplanationSerializer,
        examples=examples.EXPLAIN,
    )
    @action(detail=True, methods=["get"])
    def explain(self, request: Request, pk: str) -> Response:
        """Return confidence, risk, contents, distribution and the steps to the profit."""
        data = ExplanationSerializer(explanation_of(self.get_object())).data
        return conditional.answer(request, data, version="e")

    @extend_schema(
        operation_id="opportunities_history_retrieve",
        summary="How its figures moved",
        responses=RevisionsSerializer,
        examples=examples_course.REVISIONS,
    )
    @action(detail=True, methods=["get"])
    def history(self, request: Request, pk: str) -> Response:
        """Return the figures of each revision."""
        data = RevisionsSerializer(revisions_of(self.get_object())).data
        return conditional.answer(request, data, version="h")

    @extend_schema(
        operation_id="opportunities_timeline_retrieve",
        summary="What happened to it",
        responses=TimelineSerializer,
        examples=examples_course.TIMELINE,
    )
    @action(detail=True, methods=["get"])
    def timeline(self, request: Request, pk: str) -> Response:
        """Return the audit events of the opportunity and its executions."""
        reader = acting_user(request) if request.user.is_authenticated else None
        data = TimelineSerializer(timeline_of(self.get_object(), reader=reader)).data
        return conditional.answer(request, data, version="t")

    @extend_schema(
        operation_id="opportunities_revalidate_create",
        summary="Hold it against the market of this moment",
        description="Computes its figures from current prices. It changes nothing.",
        request=None,
        responses=RevalidationSerializer,
        examples=examples_course.REVALIDATE,
    )
    @action(detail=True, methods=["post"])
    def revalidate(self, request: Request, pk: str) -> Response:
        """Return the stored figures beside those of now."""
        refuse_unknown_parameters(request, set())
        refuse_body(request)
        found = revalidate_opportunity(opportunity_id=UUID(pk), now=utc_now())
        return Response(RevalidationSerializer(found).data)

    @extend_schema(
        operation_id="opportunities_simulate_create",
        summary="Calculate it under other assumptions",
        description=(
            "From the prices it was made from; an empty body repeats the stored figures exactly. With "
            "`trials` the products are opened by dice, with `save_as` the calculation is kept."
        ),
        request=SimulationRequestSerializer,
        responses=SimulationSerializer,
        examples=examples_course.SIMULATE,
    )
    @action(detail=True, methods=["post"])
    def simulate(self, request: Request, pk: str) -> Response:
        """Return the figures under the assumptions, and how they differ from the stored ones."""
        refuse_unknown_parameters(request, set())
        body = SimulationRequestSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        name, trials = given.pop("save_as", None), given.pop("trials", None)
        dice = Trials(trials, given.pop("seed", DEFAULT_SEED)) if trials else None
        given.pop("seed", None)
        answer = simulate_opportunity(opportunity_id=UUID(pk), assumptions=Assumptions(**given), trials=dice)
        scenario = None
        if name is not None:
            scenario = save_scenario(
                opportunity_id=UUID(pk), name=name, answer=answer, actor=acting_user(request), now=utc_now()
            )
        kept = None if scenario is None else {"id": scenario.pk, "name": scenario.name}
        return Response(SimulationSerializer({"scenario": kept, **answer}).data, status=status.HTTP_200_OK)
