"""Doubts about contents for staff: what the audit found odd, and the judgement of it."""

import json

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from common.admin.base import BoundedRoleAdmin, RoleReadOnlyAdmin
from common.admin.confirming import Question, ReasonForm, ask, chosen, decide, is_confirmed
from common.clock import utc_now
from opportunities.choices import FindingState
from opportunities.contents_audit import judge_finding
from opportunities.models import ContentsFinding
from users.acting import acting_user
from users.choices import Role

STATE_COLOURS = {
    FindingState.OPEN.label: "warning",
    FindingState.ACCEPTED.label: "success",
    FindingState.RESOLVED.label: "info",
}


@admin.register(ContentsFinding)
class ContentsFindingAdmin(RoleReadOnlyAdmin, BoundedRoleAdmin):
    """What the contents audit found, open ones first when filtered; nothing is entered here."""

    write_role = Role.ANALYST
    list_display = ("last_seen_at", "check_code", "product", "reason", "state_badge", "judged_reason")
    list_display_links = ("reason",)
    list_filter = ("state", "check_code", "product__category", "product__is_demo")
    list_select_related = ("product", "other_product")
    search_fields = ("product__name__icontains", "reason__icontains")
    search_help_text = "A product's name, or words of the reason."
    ordering = ("-last_seen_at", "id")
    actions = ("accept_selected", "reopen_selected")
    fieldsets = (
        (None, {"fields": ("check_code", "product", "other_product", "reason", "state_badge")}),
        ("Figures", {"fields": ("figures",)}),
        ("Judgement", {"fields": ("judged_reason",)}),
        ("Times", {"fields": ("first_seen_at", "last_seen_at", "closed_at")}),
    )
    readonly_fields = ("state_badge", "figures")

    @display(description="State", ordering="state", label=STATE_COLOURS)  # type: ignore[untyped-decorator]
    def state_badge(self, finding: ContentsFinding) -> str:
        return finding.get_state_display()

    @admin.display(description="Figures")
    def figures(self, finding: ContentsFinding) -> SafeString:
        text = json.dumps(finding.details, indent=2, ensure_ascii=False)
        return format_html('<pre class="whitespace-pre-wrap">{}</pre>', text)

    @admin.action(description="Accept as right", permissions=["write"])
    def accept_selected(
        self, request: HttpRequest, queryset: QuerySet[ContentsFinding]
    ) -> TemplateResponse | None:
        """Say of the selected doubts that the data is right, with a reason."""
        return self._judge(request, queryset, FindingState.ACCEPTED)

    @admin.action(description="Open again", permissions=["write"])
    def reopen_selected(
        self, request: HttpRequest, queryset: QuerySet[ContentsFinding]
    ) -> TemplateResponse | None:
        """Doubt accepted ones again, with a reason."""
        return self._judge(request, queryset, FindingState.OPEN)

    def _judge(
        self, request: HttpRequest, queryset: QuerySet[ContentsFinding], state: FindingState
    ) -> TemplateResponse | None:
        findings = chosen(self, request, queryset.select_related("product"))
        if not findings:
            return None
        form = ReasonForm(request.POST if is_confirmed(request) else None)
        if is_confirmed(request) and form.is_valid():
            now, actor, reason = utc_now(), acting_user(request), form.cleaned_data["reason"]
            decide(
                self, request, findings,
                lambda finding: judge_finding(finding.pk, state=state, reason=reason, actor=actor, now=now),
                done="{count} doubts judged.",
            )  # fmt: skip
            return None
        is_accepting = state == FindingState.ACCEPTED
        return ask(
            self,
            request,
            Question(
                title="Accept as right" if is_accepting else "Open again",
                button="Accept" if is_accepting else "Open again",
                lines=[
                    "Accepted doubts stay accepted when the audit finds them again."
                    if is_accepting
                    else "The doubts are listed as open until the audit no longer finds them."
                ],
                headers=("Product", "Reason", "State"),
                rows=[(item.product, item.reason, item.get_state_display()) for item in findings],
                form=form,
            ),
        )
