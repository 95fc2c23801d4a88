"""The terms register: which route may start, on what grounds, and who decided it."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from common.admin.base import RoleAdmin
from common.admin.confirming import Question, ask
from common.audit import record_event
from common.clock import utc_now
from common.errors import DomainError
from scrapers.models import SourceRoute
from scrapers.selectors import REVIEW_LASTS, Readiness, review_due_on
from scrapers.services import acknowledge_route, review_route, switch_route, withdraw_acknowledgement
from users.acting import acting_user

from .confirming import confirm_page, is_confirmed
from .forms import ReviewForm, field_name
from .judging import judged_changelist, judgement_of
from .market import MarketPages

LIST: Final = "admin:scrapers_sourceroute_changelist"
STATE_COLOURS: Final = {"Ready": "success", "Off": "info", "Needs review": "warning", "Not ready": "danger"}
_OFF: Final = ("switched_off", "not_acknowledged")
_REVIEW: Final = ("terms_not_reviewed", "terms_review_expired")


def state_name(found: Readiness) -> str:
    """Return readiness in one or two words."""
    if found.is_ready:
        return "Ready"
    if found.code in _OFF:
        return "Off"
    return "Needs review" if found.code in _REVIEW else "Not ready"


@admin.register(SourceRoute)
class SourceRouteAdmin(MarketPages, RoleAdmin):
    """Every route of every source. Decisions are actions; only delay and contact are typed in."""

    list_display = (
        "name", "route", "state", "reason", "reviewed_on", "review_due", "acknowledged_at", "last_success_at",
        "last_failure_at",
    )  # fmt: skip
    list_display_links = ("name",)
    list_filter = ("source", "route", "is_enabled", "is_opt_in")
    search_fields = ("source", "code")
    ordering = ("source", "position")
    actions = ("review_selected", "acknowledge_selected", "switch_on", "switch_off", "withdraw_selected")
    fieldsets = (
        (None, {"fields": ("name", "route", "position", "state", "reason")}),
        ("Terms", {"fields": ("terms_link", "allowed_use", ("reviewed_on", "reviewed_by", "review_due"),
                              "robots_policy", "attribution")}),
        ("Permission", {"fields": ("is_enabled", "is_opt_in", ("acknowledged_at", "acknowledged_by"))}),
        ("Politeness", {"fields": ("min_delay_seconds", "contact")}),
        ("Runs", {"fields": (("last_started_at", "last_success_at"), ("last_failure_at", "last_error"))}),
    )  # fmt: skip
    _typed = ("min_delay_seconds", "contact")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: the registry says which routes there are."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: SourceRoute | None = None) -> tuple[str, ...]:
        """Return every field that is not typed in."""
        names = [name for _, part in self.fieldsets for name in part["fields"]]
        flat = [one for name in names for one in (name if isinstance(name, tuple) else (name,))]
        return tuple(name for name in flat if name not in self._typed)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[Any]:
        return judged_changelist(super().get_changelist(request, **kwargs))

    def get_queryset(self, request: HttpRequest) -> QuerySet[SourceRoute]:
        rows: QuerySet[SourceRoute] = super().get_queryset(request)
        return rows.select_related("reviewed_by", "acknowledged_by")

    @admin.display(description="Source and route", ordering="source")
    def name(self, row: SourceRoute) -> str:
        return str(row)

    @display(description="State", label=STATE_COLOURS)  # type: ignore[untyped-decorator]
    def state(self, row: SourceRoute) -> str:
        return state_name(judgement_of(row))

    @admin.display(description="Why")
    def reason(self, row: SourceRoute) -> str:
        return judgement_of(row).reason or "–"

    @admin.display(description="Review due")
    def review_due(self, row: SourceRoute) -> str:
        due = review_due_on(row)
        return due.isoformat() if due else "now"

    @admin.display(description="Terms")
    def terms_link(self, row: SourceRoute) -> SafeString | str:
        if not row.terms_url.startswith("https://"):
            return row.terms_url or "–"
        return format_html(
            '<a href="{0}" target="_blank" rel="noreferrer" class="underline">{0}</a>', row.terms_url
        )

    def save_model(self, request: HttpRequest, obj: SourceRoute, form: Any, change: bool) -> None:
        """Store what was typed in, and who typed it."""
        super().save_model(request, obj, form, change)
        if form.changed_data:
            record_event(
                actor=acting_user(request),
                verb="source_route.changed",
                subject=f"source_route:{obj.pk}",
                data={name: str(getattr(obj, name)) for name in form.changed_data},
                now=utc_now(),
            )

    @admin.action(description="Record a terms review…", permissions=["change"])
    def review_selected(self, request: HttpRequest, queryset: QuerySet[SourceRoute]) -> HttpResponse | None:
        """Ask what the terms were found to allow, then record it."""
        rows, now = list(queryset), utc_now()
        form = ReviewForm(request.POST if is_confirmed(request) else None, routes=rows, now=now)
        if not (is_confirmed(request) and form.is_valid()):
            context = {
                "form": form,
                "days": REVIEW_LASTS.days,
                "button": "Record the review",
                "back": reverse(LIST),
            }
            return confirm_page(self, request, "review.html", title="Record a terms review", context=context)
        given = form.cleaned_data
        self._decide(
            request,
            rows,
            "reviewed",
            lambda row: review_route(
                row,
                reviewed_on=given["reviewed_on"],
                allowed_use=given[field_name(row)],
                actor=acting_user(request),
                now=now,
            ),
        )
        return None

    @admin.action(description="Acknowledge terms and switch on…", permissions=["change"])
    def acknowledge_selected(
        self, request: HttpRequest, queryset: QuerySet[SourceRoute]
    ) -> HttpResponse | None:
        """Show the warnings of opt-in routes, then switch them on."""
        rows = list(queryset.filter(is_opt_in=True))
        if not rows:
            self.message_user(request, "None of these routes needs an acknowledgement.", messages.WARNING)
            return None
        if not is_confirmed(request) or request.POST.get("acknowledged") != "yes":
            context = {"routes": rows, "button": "Acknowledge and switch on", "back": reverse(LIST)}
            title = "Acknowledge terms and switch on"
            return confirm_page(self, request, "acknowledge.html", title=title, context=context)
        actor, now = acting_user(request), utc_now()

        def switch(row: SourceRoute) -> None:
            acknowledge_route(row, actor=actor, now=now)
            switch_route(row, is_enabled=True, actor=actor, now=now)

        self._decide(request, rows, "acknowledged and switched on", switch)
        return None

    @admin.action(description="Switch on…", permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[SourceRoute]) -> HttpResponse | None:
        """Switch routes on; those that need an acknowledgement wait for it."""
        actor, now = acting_user(request), utc_now()
        waiting = [str(row) for row in queryset.filter(is_opt_in=True, acknowledged_at=None)]
        if waiting:
            text = f"Acknowledge the terms first: {', '.join(waiting)}."
            self.message_user(request, text, messages.WARNING)
        rows = list(queryset.exclude(is_opt_in=True, acknowledged_at=None))
        if page := self._ask(request, rows, "Switch on", "They start with the next run that wants them."):
            return page
        self._decide(
            request, rows, "switched on", lambda row: switch_route(row, is_enabled=True, actor=actor, now=now)
        )
        return None

    @admin.action(description="Switch off…", permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[SourceRoute]) -> HttpResponse | None:
        """Switch routes off; a run that uses one ends at its next step."""
        actor, now, rows = acting_user(request), utc_now(), list(queryset)
        if page := self._ask(request, rows, "Switch off", "A run that uses one ends at its next step."):
            return page
        self._decide(
            request,
            rows,
            "switched off",
            lambda row: switch_route(row, is_enabled=False, actor=actor, now=now),
        )
        return None

    @admin.action(description="Withdraw the acknowledgement…", permissions=["change"])
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet[SourceRoute]) -> HttpResponse | None:
        """Take acknowledgements back; the routes do not start any more."""
        actor, now = acting_user(request), utc_now()
        rows = list(queryset.exclude(acknowledged_at=None))
        if page := self._ask(
            request, rows, "Withdraw", "They do not start until somebody acknowledges again."
        ):
            return page
        self._decide(
            request, rows, "withdrawn", lambda row: withdraw_acknowledgement(row, actor=actor, now=now)
        )
        return None

    def _ask(
        self, request: HttpRequest, rows: list[SourceRoute], button: str, line: str
    ) -> HttpResponse | None:
        """Return the confirm page of a decision on routes, or None once it was answered."""
        if not rows or is_confirmed(request):
            return None
        question = Question(
            title=f"{button}: {len(rows)} route{'s' if len(rows) > 1 else ''}",
            button=button,
            lines=[line],
            headers=("Route", "Now", "Why"),
            rows=[(str(row), "on" if row.is_enabled else "off", self.reason(row)) for row in rows],
            keys=[row.pk for row in rows],
        )
        return ask(self, request, question)

    def _decide(
        self, request: HttpRequest, rows: list[SourceRoute], word: str, decide: Callable[[SourceRoute], Any]
    ) -> None:
        done = []
        for row in rows:
            try:
                decide(row)
            except DomainError as error:
                self.message_user(request, f"{row}: {error.detail}", messages.ERROR)
            else:
                done.append(str(row))
        if done:
            self.message_user(request, f"{', '.join(done)}: {word}.", messages.SUCCESS)

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)
