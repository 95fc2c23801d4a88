"""`/contents-findings/`: what the contents audit found odd, and a person's judgement of it."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.bodies import StrictBody
from common.api.filters import refuse_unknown_parameters
from common.clock import utc_now
from opportunities.choices import ContentsCheck, FindingState
from opportunities.contents_audit import finding_list, judge_finding
from opportunities.models import ContentsFinding
from users.acting import acting_user
from users.choices import Role

from .serializers import SealedProductSerializer

_EXAMPLE = {
    "id": "01a1fdd5-522c-71d5-a3b2-7aeb7fd7cb53",
    "check_code": "odd_count",
    "check": "An odd count",
    "reason": "Dark Ascension Booster Box Case (DKA) is said to hold 12 of Dark Ascension Booster Box and the"
    " like; 119 of 126 products of its kind hold 6.",
    "details": {"count": 12, "usual": 6, "siblings": 126, "siblings_with_this_count": 2},
    "state": "open",
    "judged_reason": "",
    "first_seen_at": "2026-11-20T03:00:00Z",
    "last_seen_at": "2026-11-21T03:00:00Z",
    "closed_at": None,
}


class ContentsFindingFilter(filters.FilterSet):  # type: ignore[misc]  # untyped
    """Which doubts."""

    state = filters.ChoiceFilter(choices=FindingState.choices)
    check = filters.ChoiceFilter(field_name="check_code", choices=ContentsCheck.choices)
    product = filters.UUIDFilter(field_name="product_id", help_text="Id of the doubted product.")

    class Meta:
        model = ContentsFinding
        fields: tuple[str, ...] = ()


class ContentsFindingSerializer(serializers.ModelSerializer[ContentsFinding]):
    """One doubt about contents, with its reason in words and figures."""

    product = SealedProductSerializer(read_only=True)
    other_product = SealedProductSerializer(read_only=True, allow_null=True)
    check = serializers.CharField(source="get_check_code_display", read_only=True, help_text="For people.")
    details = serializers.DictField(child=serializers.JSONField(), read_only=True)

    class Meta:
        model = ContentsFinding
        fields = (
            "id", "check_code", "check", "product", "other_product", "reason", "details", "state",
            "judged_reason", "first_seen_at", "last_seen_at", "closed_at",
        )  # fmt: skip
        read_only_fields = fields


class JudgementSerializer(StrictBody):
    """What a person says of a doubt."""

    state = serializers.ChoiceField(choices=[FindingState.ACCEPTED, FindingState.OPEN])
    reason = serializers.CharField(max_length=200, allow_blank=True, default="", help_text="Why.")


@extend_schema_view(
    list=extend_schema(
        operation_id="contents_findings_list",
        summary="Doubts about contents, newest first",
        examples=[OpenApiExample("One of a page", value=_EXAMPLE, response_only=True)],
    ),
    retrieve=extend_schema(
        operation_id="contents_findings_retrieve",
        summary="One doubt about contents",
        examples=[OpenApiExample("A case of twelve", value=_EXAMPLE, response_only=True)],
    ),
)
@extend_schema(tags=["contents"])
class ContentsFindingViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ContentsFinding]
):
    """What the contents audit found odd about what sealed products are said to hold."""

    queryset = ContentsFinding.objects.none()
    serializer_class = ContentsFindingSerializer
    filterset_class = ContentsFindingFilter
    lookup_value_regex = "[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}"
    required_role: ClassVar = {"judge": Role.ANALYST}

    def get_queryset(self) -> QuerySet[ContentsFinding]:
        """Return doubts with their products."""
        return finding_list()

    @extend_schema(
        operation_id="contents_findings_judge",
        summary="Judge a doubt",
        description="Analysts and above. An accepted doubt stays accepted; the audit resolves what it no"
        " longer finds.",
        request=JudgementSerializer,
        responses=ContentsFindingSerializer,
        filters=False,
        examples=[
            OpenApiExample(
                "Accept",
                value={"state": "accepted", "reason": "The case really holds twelve."},
                request_only=True,
            ),
            OpenApiExample("Judged", value={**_EXAMPLE, "state": "accepted"}, response_only=True),
        ],
    )
    @action(detail=True, methods=["post"])
    def judge(self, request: Request, pk: str) -> Response:
        """Accept a doubt as right, or open it again."""
        refuse_unknown_parameters(request, frozenset())
        body = JudgementSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        judged: Any = judge_finding(
            UUID(pk),
            state=body.validated_data["state"],
            reason=body.validated_data["reason"],
            actor=acting_user(request),
            now=utc_now(),
        )
        return Response(ContentsFindingSerializer(finding_list().get(pk=judged.pk)).data)
