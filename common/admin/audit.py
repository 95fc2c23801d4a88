"""The audit trail for staff: to read, to verify, to take away. Read-only for everybody, superusers too."""

import json
from collections.abc import Iterator

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import action

from common.audit import event_as_json, verify_chains
from common.clock import utc_now
from common.models import AuditEvent, AuditVerification

from .base import ReadOnlyAdmin


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """Who did what, when, to which subject."""

    list_display = ("recorded_at", "verb", "subject", "actor", "stream", "seq")
    list_filter = ("verb", "recorded_at")
    search_fields = ("subject__startswith", "verb__startswith")
    search_help_text = "Beginning of a subject (product:…) or of a verb (price.…)"
    date_hierarchy = "recorded_at"
    ordering = ("-recorded_at", "-id")
    readonly_fields = ("actor", "pretty_data", "hash_hex", "previous_hash_hex")
    fields = (
        "recorded_at", "verb", "subject", "actor", "pretty_data", "request_id", "stream", "seq", "hash_hex",
        "previous_hash_hex",
    )  # fmt: skip
    actions = ("export_selected",)
    actions_list = ("verify",)

    @admin.display(description="Actor")
    def actor(self, event: AuditEvent) -> str:
        if event.actor_id is None:
            return "system"
        names: dict[object, str] = self._actor_names()
        return names.get(event.actor_id, str(event.actor_id))

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

    @action(description="Verify all chains")  # type: ignore[untyped-decorator]  # unfold is untyped
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

    def _actor_names(self) -> dict[object, str]:
        return dict(get_user_model()._default_manager.values_list("pk", "username"))


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
