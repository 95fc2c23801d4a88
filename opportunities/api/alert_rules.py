"""`/alert-rules/`: when a user wants to be told."""

from typing import Any, Final

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.filters import refuse_body, refuse_unknown_parameters
from common.api.owned import OwnedViewSet
from common.clock import utc_now
from opportunities.alerts.fields import alertable, field_documents
from opportunities.alerts.matching import matching_opportunities, rule_query
from opportunities.models import AlertRule
from opportunities.selectors import opportunity_list
from opportunities.services.alerts_rules import create_rule, delete_rule, snooze_rule, update_rule
from users.acting import acting_user

from .alert_rules_serializers import (
    FIELDS_RESPONSE,
    PREVIEW_RESPONSE,
    RULE_REQUEST,
    RULE_RESPONSE,
    SNOOZE_REQUEST,
    AlertRuleChangeSerializer,
    AlertRuleSerializer,
    AlertRuleWriteSerializer,
    RuleFieldSerializer,
    RulePreviewSerializer,
    SnoozeSerializer,
)

UUID_PATTERN: Final = "[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}"
EXAMPLES_SHOWN: Final = 5


@extend_schema_view(
    list=extend_schema(
        operation_id="alert_rules_list", summary="Own rules, by name", examples=[RULE_RESPONSE]
    ),
    retrieve=extend_schema(operation_id="alert_rules_get", summary="One rule", examples=[RULE_RESPONSE]),
    destroy=extend_schema(operation_id="alert_rules_delete", summary="Delete a rule"),
)
@extend_schema(tags=["alerts"])
class AlertRuleViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.DestroyModelMixin, OwnedViewSet
):
    """Rules of the caller; at most 50. A rule speaks about what starts to match after it was saved."""

    queryset = AlertRule.objects.none()
    serializer_class = AlertRuleSerializer
    lookup_value_regex = UUID_PATTERN
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]

    def get_queryset(self) -> QuerySet[AlertRule]:
        """Return the caller's rules with their channels."""
        self.queryset = AlertRule.objects.select_related("user").prefetch_related("channels")
        rows: QuerySet[AlertRule] = super().get_queryset()
        return rows.order_by("name", "id")

    @extend_schema(
        operation_id="alert_rules_create",
        summary="Make a rule",
        request=AlertRuleWriteSerializer,
        responses={201: AlertRuleSerializer},
        examples=[RULE_REQUEST, RULE_RESPONSE],
    )
    def create(self, request: Request) -> Response:
        """Keep a rule."""
        facts = self._read(AlertRuleWriteSerializer, request)
        rule = create_rule(acting_user(request), facts=facts, now=utc_now())
        location = {"Location": f"{request.path.rstrip('/')}/{rule.pk}/"}
        return Response(AlertRuleSerializer(rule).data, status=status.HTTP_201_CREATED, headers=location)

    @extend_schema(
        operation_id="alert_rules_update",
        summary="Change a rule",
        request=AlertRuleChangeSerializer,
        responses=AlertRuleSerializer,
        examples=[RULE_REQUEST, RULE_RESPONSE],
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is given."""
        rule = self.get_object()
        facts = self._read(AlertRuleChangeSerializer, request, rule)
        changed = update_rule(rule, facts=facts, actor=acting_user(request), now=utc_now())
        return Response(AlertRuleSerializer(changed).data)

    def perform_destroy(self, instance: AlertRule) -> None:
        """Forget it."""
        delete_rule(instance, actor=acting_user(self.request), now=utc_now())

    @extend_schema(
        operation_id="alert_rules_snooze",
        summary="Keep a rule silent for a while",
        description="What starts to match meanwhile is not told later. 0 minutes end it.",
        request=SnoozeSerializer,
        responses=AlertRuleSerializer,
        examples=[SNOOZE_REQUEST, RULE_RESPONSE],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def snooze(self, request: Request, pk: str) -> Response:
        """Snooze a rule."""
        rule = self.get_object()
        body = SnoozeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        minutes = body.validated_data["minutes"]
        changed = snooze_rule(rule, minutes=minutes, actor=acting_user(request), now=utc_now())
        return Response(AlertRuleSerializer(changed).data)

    @extend_schema(
        operation_id="alert_rules_preview",
        summary="What a rule matches now",
        description="Changes nothing and tells nobody.",
        request=None,
        responses=RulePreviewSerializer,
        examples=[PREVIEW_RESPONSE],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def preview(self, request: Request, pk: str) -> Response:
        """Count the matching opportunities and show the best."""
        rule = self.get_object()
        refuse_body(request)
        now = utc_now()
        matching = opportunity_list(now=now).filter(alertable(now=now), rule_query(rule, now=now))
        facts = {
            "matching": matching_opportunities(rule, now=now).count(),
            "examples": matching[:EXAMPLES_SHOWN],
        }
        return Response(RulePreviewSerializer(facts, context=self.get_serializer_context()).data)

    @extend_schema(
        operation_id="alert_rules_fields",
        summary="What conditions can be about",
        responses=RuleFieldSerializer(many=True),
        examples=[FIELDS_RESPONSE],
        filters=False,
    )
    @action(detail=False, methods=["get"], pagination_class=None)
    def fields(self, request: Request) -> Response:
        """List the fields with their operators and choices."""
        refuse_unknown_parameters(request, set())
        return Response(RuleFieldSerializer(field_documents(), many=True).data)

    def _read(self, body: type[AlertRuleWriteSerializer], request: Request, rule: Any = None) -> Any:
        context = {**self.get_serializer_context(), "user": request.user, "rule": rule}
        serializer = body(data=request.data, context=context)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data
