"""`/trading/…`: limits, kill switches and the state of the desk."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.filters import refuse_body, refuse_unknown_parameters
from common.api.permissions import LoginRequired
from common.clock import utc_now
from trading import disclaimer
from trading.choices import KillScope, TradingMode
from trading.models import ExposureLimit, KillSwitch
from trading.selectors.limits import limit_list
from trading.services import change_limit, engage_kill_switch, release_kill_switch
from trading.services.kill_switch import engaged_switches
from users.acting import acting_user
from users.choices import Role

from . import examples
from .executions import UUID_PATTERN
from .filters import KillSwitchFilter
from .serializers import (
    ChangeLimitSerializer,
    EngageSerializer,
    KillSwitchSerializer,
    LimitSerializer,
    TradingStatusSerializer,
)

_PEOPLE = ("engaged_by", "release_asked_by", "released_by")


@extend_schema_view(
    list=extend_schema(
        operation_id="trading_limits_list",
        summary="Exposure limits and their use",
        examples=[examples.LIMIT],
    )
)
@extend_schema(tags=["executions"])
class LimitViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[ExposureLimit]):
    """How much may be at stake at once."""

    queryset = ExposureLimit.objects.none()
    serializer_class = LimitSerializer
    lookup_value_regex = UUID_PATTERN
    permission_classes = [LoginRequired]
    required_role: ClassVar = {"list": Role.VIEWER, "partial_update": Role.OPERATOR}

    def get_queryset(self) -> QuerySet[ExposureLimit]:
        """Return the limits with the caller's use."""
        return limit_list(username=self.request.user.get_username(), day=utc_now().date())

    @extend_schema(
        operation_id="trading_limits_partial_update",
        summary="Change a limit",
        description="Operators and above. What is at stake already stays.",
        request=ChangeLimitSerializer,
        responses=LimitSerializer,
        examples=[examples.CHANGE_LIMIT, examples.LIMIT],
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change amount or activity."""
        refuse_unknown_parameters(request, set())
        body = ChangeLimitSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        change_limit(limit_id=UUID(pk), actor=acting_user(request), now=utc_now(), **body.validated_data)
        return Response(LimitSerializer(self.get_queryset().get(pk=pk)).data)


@extend_schema_view(
    list=extend_schema(
        operation_id="trading_kill_switches_list",
        summary="Kill switches, engaged and released, newest first",
        examples=[examples.SWITCH],
    )
)
@extend_schema(tags=["executions"])
class KillSwitchViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[KillSwitch]):
    """What stops new executions."""

    queryset = KillSwitch.objects.none()
    serializer_class = KillSwitchSerializer
    filterset_class = KillSwitchFilter
    lookup_value_regex = UUID_PATTERN
    permission_classes = [LoginRequired]
    required_role: ClassVar = {"list": Role.VIEWER, "create": Role.TRADER, "release": Role.OPERATOR}

    def get_queryset(self) -> QuerySet[KillSwitch]:
        """Return switches with the people behind them."""
        return KillSwitch.objects.select_related(*_PEOPLE).order_by("-engaged_at", "-id")

    @extend_schema(
        operation_id="trading_kill_switches_create",
        summary="Stop new executions at once",
        description="Traders and above. When this is answered, nothing it stops commits any more.",
        request=EngageSerializer,
        responses={201: KillSwitchSerializer},
        examples=[examples.ENGAGE, examples.SWITCH],
        filters=False,
    )
    def create(self, request: Request) -> Response:
        """Engage a switch."""
        refuse_unknown_parameters(request, set())
        body = EngageSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        switch = engage_kill_switch(actor=acting_user(request), now=utc_now(), **body.validated_data)
        return self._shown(switch, status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="trading_kill_switches_release",
        summary="Ask for a release, or confirm somebody else's request",
        description="Operators and above. It takes two different people.",
        request=None,
        responses=KillSwitchSerializer,
        examples=[examples.SWITCH],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str) -> Response:
        """Take one of the two steps."""
        refuse_unknown_parameters(request, set())
        refuse_body(request)
        switch = release_kill_switch(switch_id=UUID(pk), actor=acting_user(request), now=utc_now())
        return self._shown(switch, status.HTTP_200_OK)

    def _shown(self, switch: KillSwitch, code: int) -> Response:
        shown: Any = KillSwitchSerializer(switch, context=self.get_serializer_context()).data
        return Response(shown, status=code)


class TradingStatusView(APIView):
    """Whether anything can be executed now."""

    @extend_schema(
        tags=["executions"],
        operation_id="trading_status_retrieve",
        summary="Mode, engaged kill switches, disclaimer",
        responses=TradingStatusSerializer,
        examples=[examples.STATUS],
    )
    def get(self, request: Request) -> Response:
        """Return the state of the desk."""
        refuse_unknown_parameters(request, set())
        switches = list(engaged_switches().select_related(*_PEOPLE))
        facts = {
            "mode": TradingMode.PAPER.value,
            "is_halted": any(switch.scope == KillScope.GLOBAL for switch in switches),
            "switches": switches,
            "disclaimer": {"version": disclaimer.VERSION, "text": disclaimer.TEXT},
        }
        return Response(TradingStatusSerializer(facts, context={"request": request}).data)
