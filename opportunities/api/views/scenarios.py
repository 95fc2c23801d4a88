"""`/scenarios/`: a user's own kept calculations."""

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.filters import StrictFilterBackend, refuse_body, refuse_unknown_parameters
from common.api.owned import OwnedViewSet
from common.api.pagination import PageNumber
from common.clock import utc_now
from opportunities.api import examples_course
from opportunities.api.serializers import ScenarioSerializer
from opportunities.models import Scenario
from opportunities.services.simulation import remove_scenario
from users.acting import acting_user


class ScenarioFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped
    """Which scenarios."""

    opportunity = django_filters.UUIDFilter(field_name="opportunity_id", help_text="Id of an opportunity.")

    class Meta:
        model = Scenario
        fields: tuple[str, ...] = ()


@extend_schema(tags=["opportunities"])
@extend_schema_view(
    list=extend_schema(
        operation_id="scenarios_list", summary="Your kept calculations", examples=examples_course.SCENARIOS
    )
)
class ScenarioViewSet(mixins.ListModelMixin, OwnedViewSet):
    """Calculations kept by `simulate` with `save_as`, newest first."""

    queryset = Scenario.objects.order_by("-created_at", "-id")
    serializer_class = ScenarioSerializer
    filter_backends = (StrictFilterBackend,)
    filterset_class = ScenarioFilter
    pagination_class = PageNumber
    lookup_value_regex = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

    @extend_schema(operation_id="scenarios_destroy", summary="Forget a calculation", responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Delete one of one's own scenarios."""
        refuse_unknown_parameters(request, set())
        refuse_body(request)
        remove_scenario(self.get_object(), actor=acting_user(request), now=utc_now())
        return Response(status=status.HTTP_204_NO_CONTENT)
