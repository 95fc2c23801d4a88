"""Long work for staff: how far it is, what it counted, what went wrong; cancel and retry."""

import json
from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display

from common.admin.base import BoundedRoleAdmin, RoleReadOnlyAdmin
from common.clock import utc_now
from common.errors import DomainError
from jobs.choices import FINAL_STATES, OPEN_STATES, JobState
from jobs.models import Job
from jobs.services import cancel_job, retry_job
from users.acting import acting_user

STATE_COLOURS = {
    JobState.SUCCEEDED.label: "success",
    JobState.PARTLY.label: "warning",
    JobState.FAILED.label: "danger",
    JobState.RUNNING.label: "info",
    JobState.CANCELLING.label: "warning",
}


class OpenFilter(admin.SimpleListFilter):
    """Jobs that have not ended, or have."""

    title, parameter_name = "open", "open"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("yes", "Open"), ("no", "Ended")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        states = {"yes": OPEN_STATES, "no": FINAL_STATES}.get(self.value() or "")
        return queryset.filter(state__in=states) if states else queryset


@admin.register(Job)
class JobAdmin(RoleReadOnlyAdmin, BoundedRoleAdmin):
    """Jobs, newest first. They are only written by what does the work."""

    list_display = (
        "created_at", "label", "state_badge", "progress", "counted", "error_count", "asked_by",
    )  # fmt: skip
    list_display_links = ("label",)
    list_filter = (OpenFilter, "state", "kind", "is_demo")
    list_select_related = ("requested_by",)
    search_fields = ("label__icontains", "subject__startswith", "kind__startswith")
    ordering = ("-created_at", "id")
    actions = ("cancel_selected", "retry_selected")
    fieldsets = (
        (None, {"fields": ("label", "kind", "subject", "state_badge", "progress", "note", "is_demo")}),
        ("Result", {"fields": ("count_list", "error_count", "error_list")}),
        (
            "Request",
            {"fields": ("asked_by", "queue", "attempts", "worker", "pretty_parameters", "request_id")},
        ),
        ("Times", {"fields": (("created_at", "started_at"), ("heartbeat_at", "finished_at"))}),
    )
    readonly_fields = (
        "state_badge", "progress", "count_list", "error_list", "asked_by", "pretty_parameters", "is_demo",
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

    @admin.action(description="Cancel", permissions=["write"])
    def cancel_selected(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """Tell every selected job to stop."""
        self._change(request, queryset, cancel_job, "cancelled")

    @admin.action(description="Run again", permissions=["write"])
    def retry_selected(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """Queue every selected job that ended without success once more."""
        self._change(request, queryset, retry_job, "queued again")

    def _change(
        self, request: HttpRequest, queryset: QuerySet[Job], change: Callable[..., Job], word: str
    ) -> None:
        done, now = 0, utc_now()
        for job in queryset.order_by("created_at", "id"):
            try:
                change(job, actor=acting_user(request), now=now)
            except DomainError as error:
                self.message_user(request, f"{job.label}: {error.detail}", messages.WARNING)
            else:
                done += 1
        if done:
            self.message_user(request, f"{done} jobs {word}.", messages.SUCCESS)
