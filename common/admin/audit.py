"""The audit trail for staff: to read, to verify, to take away. Read-only for everybody, superusers too."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import TextFilter
from unfold.decorators import action

from common.audit import event_as_json, verify_chains
from common.clock import utc_now
from common.models import AuditEvent, AuditVerification

from .base import BoundedPaginator, ReadOnlyAdmin
from .filters import DayRangeFilter

SYSTEM: Final = "system"


class VerbFilter(TextFilter):  # type: ignore[misc]  # unfold is untyped
    """Events whose verb begins with some letters; listing all verbs would read the whole trail."""

    title, parameter_name = "verb begins with", "verb"

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        return queryset.filter(verb__startswith=self.value()) if self.value() else queryset


class SubjectFilter(TextFilter):  # type: ignore[misc]  # unfold is untyped
    """Events of one subject, or of one kind of subject (`product:`)."""

    title, parameter_name = "subject begins with", "subject"

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        return queryset.filter(subject__startswith=self.value()) if self.value() else queryset


class ActorFilter(admin.SimpleListFilter):
    """Events of one user, or of none: the schedule, a command, the database."""

    title, parameter_name = "actor", "actor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        users = get_user_model()._default_manager.order_by("username").values_list("pk", "username")
        return [(SYSTEM, SYSTEM), *((str(pk), name) for pk, name in users[:200])]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        chosen = self.value()
        if not chosen:
            return queryset
        try:
            return queryset.filter(actor_id=None if chosen == SYSTEM else UUID(chosen))
        except ValueError:  # an address somebody typed
            return queryset.none()


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """Who did what, when, to which subject; above the list, how the last verification ended."""

    list_display = ("recorded_at", "verb", "subject", "actor", "stream", "seq")
    list_filter = (VerbFilter, SubjectFilter, ActorFilter, ("recorded_at", DayRangeFilter))
    list_filter_submit = True
    list_before_template = "admin/common/audit_status.html"
    paginator = BoundedPaginator
    search_fields = ("subject__startswith", "verb__startswith")
    search_help_text = "Beginning of a subject (product:…) or of a verb (price.…)"
    ordering = ("-recorded_at", "-id")
    readonly_fields = ("actor", "pretty_data", "hash_hex", "previous_hash_hex")
    fields = (
        "recorded_at", "verb", "subject", "actor", "pretty_data", "request_id", "stream", "seq", "hash_hex",
        "previous_hash_hex",
    )  # fmt: skip
    actions = ("export_selected",)
    actions_list = ("verify",)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[Any]:
        return _named_changelist(super().get_changelist(request, **kwargs))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        last = AuditVerification.objects.order_by("-verified_at", "-id").first()
        answer: HttpResponse = super().changelist_view(
            request, {**(extra_context or {}), "verification": last}
        )
        return answer

    @admin.display(description="Actor")
    def actor(self, event: AuditEvent) -> str:
        if event.actor_id is None:
            return SYSTEM
        if not hasattr(event, "actor_name"):
            name_actors([event])
        return str(event.actor_name)  # type: ignore[attr-defined]  # set for a whole page at once

    @admin.display(description="Data")
    def pretty_data(self, event: AuditEvent) -> SafeString:
        text = json.dumps(event.data, indent=2, ensure_ascii=False)
        return format_html('<pre class="whitespace-pre-wrap">{}</pre>', text)

    @admin.display(description="Hash")
    def hash_hex(self, event: AuditEvent) -> str:
        return bytes(event.hash).hex()

    @admin.display(description="Previous hash")
    def previous_hash_hex(self, event: AuditEvent) -> str:
        return bytes(event.previous_hash).hex()

    @admin.action(description="Export selected events as JSON lines")
    def export_selected(self, request: HttpRequest, queryset: QuerySet[AuditEvent]) -> StreamingHttpResponse:
        def lines() -> Iterator[str]:
            for event in queryset.iterator(chunk_size=2_000):
                yield json.dumps(event_as_json(event), ensure_ascii=False) + "\n"

        response = StreamingHttpResponse(lines(), content_type="application/x-ndjson")
        response["Content-Disposition"] = 'attachment; filename="audit.jsonl"'
        return response

    @action(description="Verify now", icon="verified")  # type: ignore[untyped-decorator]  # unfold is untyped
    def verify(self, request: HttpRequest) -> HttpResponse:
        report = verify_chains(now=utc_now())
        if report.is_intact:
            text = f"{report.events:,} events in {report.streams} chains hold ({report.seconds:.2f} s)."
            self.message_user(request, text, messages.SUCCESS)
        else:
            first = report.breaks[0]
            text = f"{len(report.breaks)} breaks; the first: {first.reason} at {first.stream} #{first.seq}."
            self.message_user(request, text, messages.ERROR)
        return redirect("admin:common_auditevent_changelist")


def name_actors(events: Iterable[AuditEvent]) -> None:
    """Put the names of their actors onto some events, with one query."""
    listed = list(events)
    keys = {event.actor_id for event in listed if event.actor_id is not None}
    users = get_user_model()._default_manager.filter(pk__in=keys)
    names = dict(users.values_list("pk", "username"))
    for event in listed:
        key = event.actor_id
        name = SYSTEM if key is None else names.get(key, str(key))
        event.actor_name = name  # type: ignore[attr-defined]  # for the page's column


def _named_changelist(base: type[Any]) -> type[Any]:
    class NamedChangeList(base):  # type: ignore[misc]  # the base is only known at run time
        """Knows the actors of its page."""

        def get_results(self, request: Any) -> None:
            super().get_results(request)
            rows: list[AuditEvent] = list(self.result_list)  # type: ignore[has-type]
            self.result_list = rows
            name_actors(rows)

    return NamedChangeList


@admin.register(AuditVerification)
class AuditVerificationAdmin(ReadOnlyAdmin):
    """Results of past verifications."""

    list_display = (
        "verified_at",
        "break_count",
        "event_count",
        "stream_count",
        "duration_ms",
        "anchor_digest",
    )
    list_filter = ("verified_at",)
    ordering = ("-verified_at", "-id")
