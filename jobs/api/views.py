"""`/jobs/`: list, detail, cancel, retry."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.filters import refuse_body
from common.api.idempotency import HEADER, idempotent
from common.clock import utc_now
from jobs.models import Job
from jobs.services import cancel_job, retry_job
from users.acting import acting_user
from users.choices import Role

from .filters import JobFilter
from .serializers import JobAcceptedSerializer, JobSerializer

IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER, OpenApiTypes.STR, OpenApiParameter.HEADER, required=True,
    description="Your own id of this request; sent again, it is answered again and done once.",
)  # fmt: skip


@extend_schema_view(
    list=extend_schema(summary="Jobs, newest first"), retrieve=extend_schema(summary="One job")
)
@extend_schema(tags=["jobs"])
class JobViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Job]):
    """Long work: what was asked for, how far it is, what went wrong."""

    queryset = Job.objects.none()
    serializer_class = JobSerializer
    filterset_class = JobFilter
    lookup_value_regex = "[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}"
    required_role: ClassVar = {"cancel": Role.ANALYST, "retry": Role.OPERATOR}

    def get_queryset(self) -> QuerySet[Job]:
        """Return jobs with who asked for them."""
        return Job.objects.select_related("requested_by").order_by("-created_at", "id")

    def get_serializer_context(self) -> dict[str, Any]:
        """Return the context with the time that the rest of a job is judged at."""
        return {**super().get_serializer_context(), "now": utc_now()}

    @extend_schema(
        summary="Cancel a job",
        description="Analysts cancel their own jobs, operators any. The worker stops at its next step.",
        request=None,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: JobAcceptedSerializer},
        filters=False,
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def cancel(self, request: Request, pk: str) -> Response:
        """Ask a job to stop."""
        refuse_body(request)
        job = self.get_object()
        user = acting_user(request)
        if job.requested_by_id != user.pk and not user.has_role(Role.OPERATOR):
            raise PermissionDenied
        return self._accepted(cancel_job(job, actor=user, now=utc_now()))

    @extend_schema(
        summary="Run a job again",
        description="Operators. A job that failed, was cancelled or had errors goes on from what is stored.",
        request=None,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: JobAcceptedSerializer},
        filters=False,
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def retry(self, request: Request, pk: str) -> Response:
        """Queue an ended job again."""
        refuse_body(request)
        return self._accepted(retry_job(self.get_object(), actor=acting_user(request), now=utc_now()))

    def _accepted(self, job: Job) -> Response:
        return accepted(job, context=self.get_serializer_context())


def accepted(job: Job, *, context: dict[str, Any]) -> Response:
    """Build the 202 of a call that started or changed a job; `context` holds `request` and `now`."""
    body = JobAcceptedSerializer({"job": job}, context=context).data
    headers = {"Location": f"/api/v1/jobs/{job.pk}/"}
    return Response(body, status=status.HTTP_202_ACCEPTED, headers=headers)
