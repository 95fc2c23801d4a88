"""Long work for staff: how far it is, what it counted, what went wrong; cancel and retry."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import action, display

from common.admin.base import BoundedRoleAdmin, RoleReadOnlyAdmin
from common.admin.confirming import Question, ask, chosen, decide, is_confirmed
from common.clock import utc_now
from jobs.choices import FINAL_STATES, OPEN_STATES, JobState
from jobs.models import Job
from jobs.services import cancel_job, retry_job
from jobs.services.upkeep import STALE_AFTER
from users.acting import acting_user

STATE_COLOURS = {
    JobState.SUCCEEDED.label: "success",
    JobState.PARTLY.label: "warning",
    JobState.FAILED.label: "danger",
    JobState.RUNNING.label: "info",
    JobState.CANCELLING.label: "warning",
}


@dataclass(frozen=True, slots=True)
class _Change:
    """What staff may do to jobs: how it is asked for and what does it."""

    button: str
    line: str
    done: str
    change: Callable[..., Job]


CANCEL: Final = _Change(
    "Cancel the jobs",
    "A job that waits ends now; one that runs stops at its next check. What it stored stays.",
    "{count} jobs cancelled.",
    cancel_job,
)
RETRY: Final = _Change(
    "Run again",
    "A job that ended without success is queued once more and goes on from what it stored.",
    "{count} jobs queued again.",
    retry_job,
)


class OpenFilter(admin.SimpleListFilter):
    """Jobs that have not ended, or have."""

    title, parameter_name = "open", "open"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("yes", "Open"), ("no", "Ended")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        states = {"yes": OPEN_STATES, "no": FINAL_STATES}.get(self.value() or "")
        return queryset.filter(state__in=states) if states else queryset


class EndedFilter(admin.SimpleListFilter):
    """Jobs by how they ended; badly is failed, or done with errors."""

    title, parameter_name = "ended", "ended"
    states: Mapping[str, tuple[JobState, ...]] = {
        "badly": (JobState.FAILED, JobState.PARTLY),
        "well": (JobState.SUCCEEDED,),
    }

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("badly", "Badly"), ("well", "Well")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        states = self.states.get(self.value() or "")
        return queryset.filter(state__in=states) if states else queryset


class SilentFilter(admin.SimpleListFilter):
    """Running jobs whose worker has not been heard of for a while."""

    title, parameter_name = "heartbeat", "heartbeat"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("stale", f"Silent for {STALE_AFTER // timedelta(minutes=1)} minutes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        if self.value() != "stale":
            return queryset
        return queryset.filter(state__in=OPEN_STATES, heartbeat_at__lt=utc_now() - STALE_AFTER)


@admin.register(Job)
class JobAdmin(RoleReadOnlyAdmin, BoundedRoleAdmin):
    """Jobs, newest first. They are only written by what does the work."""

    list_display = (
        "label", "state_badge", "progress", "counted", "error_count", "duration", "asked_by", "created_at",
    )  # fmt: skip
    list_display_links = ("label",)
    list_filter = (OpenFilter, EndedFilter, SilentFilter, "state", "kind", "queue", "is_demo")
    list_select_related = ("requested_by",)
    search_fields = ("label__icontains", "subject__startswith", "kind__startswith")
    ordering = ("-created_at", "id")
    actions = ("cancel_selected", "retry_selected")
    actions_detail = ("cancel_one", "retry_one")
    fieldsets = (
        (None, {"fields": ("label", "kind", "subject", "state_badge", "progress", "note", "is_demo")}),
        ("Result", {"fields": ("count_list", "error_count", "error_list")}),
        (
            "Request",
            {"fields": ("asked_by", "queue", "attempts", "worker", "pretty_parameters", "request_id")},
        ),
        ("Times", {"fields": (("created_at", "started_at"), ("heartbeat_at", "finished_at"), "duration")}),
    )
    readonly_fields = (
        "state_badge", "progress", "count_list", "error_list", "asked_by", "pretty_parameters", "is_demo",
        "duration",
    )  # fmt: skip

    @display(description="State", ordering="state", label=STATE_COLOURS)  # type: ignore[untyped-decorator]
    def state_badge(self, job: Job) -> str:
        return job.get_state_display()

    @admin.display(description="Progress")
    def progress(self, job: Job) -> str:
        if job.progress_total:
            share = min(100, 100 * job.progress_done // job.progress_total)
            return f"{job.progress_done:,} of {job.progress_total:,} ({share} %)"
        return f"{job.progress_done:,}" if job.progress_done else "–"

    @admin.display(description="Counts")
    def counted(self, job: Job) -> str:
        return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in job.counts.items()) or "–"

    @admin.display(description="Took")
    def duration(self, job: Job) -> str:
        if job.started_at is None:
            return "–"
        seconds = round(((job.finished_at or utc_now()) - job.started_at).total_seconds())
        return str(timedelta(seconds=max(0, seconds)))

    @admin.display(description="Asked by")
    def asked_by(self, job: Job) -> str:
        return job.requested_by.get_username() if job.requested_by else "schedule"

    @admin.display(description="Counts")
    def count_list(self, job: Job) -> SafeString | str:
        lines = ((f"{count:,}", name.replace("_", " ")) for name, count in job.counts.items())
        return format_html_join("", "<p>{} {}</p>", lines) or "–"

    @admin.display(description="Errors")
    def error_list(self, job: Job) -> SafeString | str:
        lines = (
            (error.get("count", 1), error.get("code", ""), error.get("subject", ""), error.get("detail", ""))
            for error in job.errors
        )
        return format_html_join("", "<p>{} × <code>{}</code> {} {}</p>", lines) or "–"

    @admin.display(description="Parameters")
    def pretty_parameters(self, job: Job) -> SafeString:
        text = json.dumps(job.parameters, indent=2, ensure_ascii=False)
        return format_html('<pre class="whitespace-pre-wrap">{}</pre>', text)

    @admin.action(description="Cancel…", permissions=["write"])
    def cancel_selected(self, request: HttpRequest, queryset: QuerySet[Job]) -> HttpResponse | None:
        """Tell every selected job to stop."""
        return self._change(request, chosen(self, request, queryset), CANCEL)

    @admin.action(description="Run again…", permissions=["write"])
    def retry_selected(self, request: HttpRequest, queryset: QuerySet[Job]) -> HttpResponse | None:
        """Queue every selected job that ended without success once more."""
        return self._change(request, chosen(self, request, queryset), RETRY)

    @action(description="Cancel", permissions=["write"], icon="cancel")  # type: ignore[untyped-decorator]
    def cancel_one(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """Tell this job to stop."""
        return self._change_one(request, object_id, CANCEL)

    @action(description="Run again", permissions=["write"], icon="replay")  # type: ignore[untyped-decorator]
    def retry_one(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """Queue this job once more."""
        return self._change_one(request, object_id, RETRY)

    def _change_one(self, request: HttpRequest, object_id: UUID, how: _Change) -> HttpResponse:
        job = get_object_or_404(Job, pk=object_id)
        page = reverse("admin:jobs_job_change", args=[job.pk])
        return self._change(request, [job], how, back=page) or redirect(page)

    def _change(
        self, request: HttpRequest, jobs: list[Job], how: _Change, *, back: str = ""
    ) -> HttpResponse | None:
        if not jobs:
            return None
        if not is_confirmed(request):
            rows = [(job.label, job.get_state_display(), self.progress(job), job.created_at) for job in jobs]
            question = Question(
                title=how.button,
                button=how.button,
                lines=[how.line],
                headers=("Job", "State", "Progress", "Asked for"),
                rows=rows,
                back=back,
                keys=[job.pk for job in jobs],
            )
            return ask(self, request, question)
        actor, now = acting_user(request), utc_now()
        decide(self, request, jobs, lambda job: how.change(job, actor=actor, now=now), done=how.done)
        return None
