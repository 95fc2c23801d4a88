"""Live markets: what the environment declares is shown, what staff declare is changed after a look."""

from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.decorators import display

from common.admin.base import RoleAdmin
from common.admin.confirming import Question, ask, chosen, decide, is_confirmed
from common.clock import utc_now
from common.errors import DomainError
from common.secrets import Secret, SecretError, decrypt, encrypt
from scrapers.choices import MarketOrigin
from scrapers.models import LiveMarket
from scrapers.selectors.markets import MarketItem, market_item, read_health
from scrapers.services.live_markets import save_market, switch_market
from users.acting import acting_user

from .live_market_form import LiveMarketForm

LIST: Final = "admin:scrapers_livemarket_changelist"
COLOURS: Final = {
    "live": "success", "connecting": "info", "syncing": "info", "stale": "warning", "down": "danger",
    "disabled": "info", "gated": "warning", "unknown": "warning",
}  # fmt: skip
_SEALED: Final = "sealed_token"
_UNREADABLE: Final = "\x7f"
"""No token has this sign, so that the form refuses it."""


@admin.register(LiveMarket)
class LiveMarketAdmin(RoleAdmin):
    """Declared markets with how they do now."""

    form = LiveMarketForm
    list_display = ("code", "kind", "adapter", "side", "origin", "state", "why", "region", "currency",
                    "fee_bps", "is_enabled")  # fmt: skip
    list_filter = ("kind", "adapter", "origin", "is_enabled")
    search_fields = ("code", "venue__name")
    ordering = ("code",)
    list_select_related = ("venue",)
    actions = ("switch_on", "switch_off")
    fieldsets = (
        (None, {"fields": ("code", "adapter", "side", "is_enabled")}),
        ("Addresses", {"fields": ("url", "order_url", ("new_token", "remove_token"), "token_header")}),
        ("Costs", {"fields": (("fee_bps", "slippage_bps", "fixed_fee"),)}),
        ("Cards", {"fields": (("currency", "region"), "brands", "network")}),
        ("Asking", {"fields": (("poll_ms", "timeout_ms"),)}),
        ("Format", {"fields": ("items_path", "field_map")}),
    )

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse what is declared elsewhere: a change here would last until the next start."""
        if isinstance(obj, LiveMarket) and obj.origin == MarketOrigin.ENVIRONMENT:
            return False
        return super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: LiveMarket | None = None) -> tuple[str, ...]:
        """Return the name of a market that exists: history knows it by that."""
        return () if obj is None else ("code",)

    def get_fieldsets(self, request: HttpRequest, obj: LiveMarket | None = None) -> Any:
        """Leave out the fields for a token where nothing can be written."""
        found = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj) if obj else self.has_add_permission(request):
            return found
        shown = ("url", "order_url", "token_header")
        return [(title, {"fields": shown} if title == "Addresses" else part) for title, part in found]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[Any]:
        """Read the health of all markets once for a list."""
        base: Any = super().get_changelist(request, **kwargs)

        class HealthChangeList(base):  # type: ignore[misc]  # the base is only known at run time
            def get_results(self, request: Any) -> None:
                super().get_results(request)
                health, now_ms = read_health(), int(utc_now().timestamp() * 1_000)
                for row in self.result_list:
                    row.item = market_item(row, health=health, now_ms=now_ms)

        return HealthChangeList

    @display(description="State", label=COLOURS)  # type: ignore[untyped-decorator]
    def state(self, row: LiveMarket) -> str:
        return _item(row).state

    @admin.display(description="Why")
    def why(self, row: LiveMarket) -> str:
        item = _item(row)
        return item.gated_reason or item.last_error or "–"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Say what will change before it does; mistakes come back with the form."""
        row = self.get_object(request, object_id) if object_id else None
        is_allowed = (
            self.has_add_permission(request)
            if object_id is None
            else self.has_change_permission(request, row)
        )
        if request.method == "POST" and is_allowed and (row is not None or object_id is None):
            form = self.get_form(request, row)(_unsealed(request), instance=row)
            if form.is_valid():
                return self._decided(request, row, form)
            if is_confirmed(request):
                self.message_user(request, "It cannot be saved like this any more.", messages.ERROR)
                return redirect(LIST)
        answer: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        return answer

    def save_model(self, request: HttpRequest, obj: LiveMarket, form: Any, change: bool) -> None:
        """Refuse: a market is saved by its service, after the confirm page."""
        raise PermissionDenied

    def _decided(self, request: HttpRequest, row: LiveMarket | None, form: LiveMarketForm) -> HttpResponse:
        if not is_confirmed(request):
            return self._ask(request, row, form)
        facts = form.facts()
        stored = None if row is None else LiveMarket.objects.get(pk=row.pk)
        try:
            saved = save_market(
                stored, facts, is_enabled=form.cleaned_data["is_enabled"], keep_token=form.keeps_token,
                actor=acting_user(request), now=utc_now(),
            )  # fmt: skip
        except DomainError as error:
            self.message_user(request, error.detail, messages.ERROR)
            return redirect(LIST)
        self.message_user(request, f"{saved.code} is saved; it is asked like this within seconds.")
        return redirect("admin:scrapers_livemarket_change", saved.pk)

    def _ask(self, request: HttpRequest, row: LiveMarket | None, form: LiveMarketForm) -> HttpResponse:
        name = form.cleaned_data.get("code") or (row.code if row else "")
        changes = form.changes()
        if not changes:
            self.message_user(request, "Nothing was changed.", messages.INFO)
            return redirect(LIST)
        question = Question(
            title=f"Change {name}" if row else f"Declare {name}",
            button="Save",
            lines=["Its quotes are asked for, compared and offered for execution like this within seconds."],
            headers=("Field", "Before", "After"),
            rows=changes,
            back=reverse("admin:scrapers_livemarket_change", args=[row.pk]) if row else reverse(LIST),
            context={"kept": _kept(request)},
        )
        answer: HttpResponse = ask(self, request, question)
        return answer

    @admin.action(description="Switch on…", permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[LiveMarket]) -> HttpResponse | None:
        """Ask markets again."""
        return self._switch(request, queryset, is_enabled=True)

    @admin.action(description="Switch off…", permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[LiveMarket]) -> HttpResponse | None:
        """Stop asking markets; their quotes leave every comparison."""
        return self._switch(request, queryset, is_enabled=False)

    def _switch(
        self, request: HttpRequest, queryset: QuerySet[LiveMarket], *, is_enabled: bool
    ) -> HttpResponse | None:
        rows = chosen(self, request, queryset.exclude(is_enabled=is_enabled))
        word = "on" if is_enabled else "off"
        if rows and not is_confirmed(request):
            line = "They are asked within seconds." if is_enabled else "Their routes close within seconds."
            question = Question(
                title=f"Switch {word}: {len(rows)} market{'s' if len(rows) > 1 else ''}",
                button=f"Switch {word}",
                lines=[line],
                headers=("Market", "Adapter", "Declared by"),
                rows=[(row.code, row.get_adapter_display(), row.get_origin_display()) for row in rows],
                keys=[row.pk for row in rows],
            )
            answer: HttpResponse = ask(self, request, question)
            return answer
        actor, now = acting_user(request), utc_now()
        decide(
            self,
            request,
            rows,
            lambda row: switch_market(row, is_enabled=is_enabled, actor=actor, now=now),
            done=f"{{count}} switched {word}.",
        )
        return None


def _item(row: LiveMarket) -> MarketItem:
    """Return what the list read for its rows, or read it for the one row of a page."""
    found: MarketItem | None = getattr(row, "item", None)
    if found is None:
        found = market_item(row, health=read_health(), now_ms=int(utc_now().timestamp() * 1_000))
    return found


def _context(request: HttpRequest) -> str:
    return f"admin.live_market.token:{request.user.pk}"


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what the confirm page sends again; a token travels encrypted, for this user only."""
    kept = [("confirmed", "yes")]
    for name in request.POST:
        if name in ("csrfmiddlewaretoken", _SEALED):
            continue
        for value in request.POST.getlist(name):
            if name != "new_token":
                kept.append((name, value))
            elif value:
                kept.append((_SEALED, encrypt(Secret(value), context=_context(request))))
    return kept


def _unsealed(request: HttpRequest) -> Any:
    """Return the form's data with the token that the confirm page carried."""
    data = request.POST.copy()
    sealed = data.pop(_SEALED, [""])[0]
    if sealed and is_confirmed(request):
        try:
            data["new_token"] = decrypt(str(sealed), context=_context(request)).reveal()
        except SecretError:
            data["new_token"] = _UNREADABLE
    return data
