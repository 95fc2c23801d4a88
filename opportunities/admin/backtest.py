"""Back-tests for staff: what was asked, how it ended, its totals; read-only."""

import json
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display

from common.admin.base import BoundedRoleAdmin, RoleReadOnlyAdmin
from opportunities.backtest import backtest_list
from opportunities.choices import BacktestState
from opportunities.models import Backtest

STATE_COLOURS = {
    BacktestState.SUCCEEDED.label: "success",
    BacktestState.FAILED.label: "danger",
    BacktestState.RUNNING.label: "info",
    BacktestState.CANCELLED.label: "warning",
}


@admin.register(Backtest)
class BacktestAdmin(RoleReadOnlyAdmin, BoundedRoleAdmin):
    """Back-tests, newest first. They are started through the API or `manage.py backtest`."""

    list_display = (
        "created_at", "period", "horizon_days", "terms", "state_badge", "signal_count", "hit_rates",
        "asked_by",
    )  # fmt: skip
    list_display_links = ("period",)
    list_filter = ("state", "algorithm_version")
    list_select_related = ("job", "requested_by")
    ordering = ("-created_at", "-id")
    fieldsets = (
        (None, {"fields": ("period", "horizon_days", "terms", "state_badge", "error", "job")}),
        ("Result", {"fields": ("signal_count", "totals", "brier_score")}),
        ("Request", {"fields": ("asked_by", "algorithm_version", "created_at", "finished_at")}),
        ("Everything", {"fields": ("pretty_summary",), "classes": ("collapse",)}),
    )
    readonly_fields = (
        "period",
        "terms",
        "state_badge",
        "totals",
        "brier_score",
        "asked_by",
        "pretty_summary",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Backtest]:
        """Return back-tests with the state people are shown."""
        return backtest_list()

    @admin.display(description="Period", ordering="from_day")
    def period(self, backtest: Backtest) -> str:
        return f"{backtest.from_day} to {backtest.to_day}"

    @admin.display(description="Assumed")
    def terms(self, backtest: Backtest) -> str:
        stated = (f"{name.replace('_', ' ')} {value}" for name, value in backtest.parameters.items())
        return ", ".join(stated) or "–"

    @display(description="State", ordering="state", label=STATE_COLOURS)  # type: ignore[untyped-decorator]
    def state_badge(self, backtest: Backtest) -> str:
        return BacktestState(getattr(backtest, "shown_state", backtest.state)).label

    @admin.display(description="With a profit")
    def hit_rates(self, backtest: Backtest) -> str:
        rates = (f"{currency} {_percent(row['hit_rate'])}" for currency, row in _currencies(backtest).items())
        return ", ".join(rates) or "–"

    @admin.display(description="Asked by")
    def asked_by(self, backtest: Backtest) -> str:
        return backtest.requested_by.get_username() if backtest.requested_by else "command"

    @admin.display(description="Totals")
    def totals(self, backtest: Backtest) -> SafeString | str:
        lines = (
            (
                currency, row["signals"], row["first_signals"], row["judged"], _percent(row["hit_rate"]),
                row["profit_per_signal"] or "–", row["median_profit"] or "–", row["total_profit"] or "–",
            )
            for currency, row in _currencies(backtest).items()
        )  # fmt: skip
        text = (
            "<p>{}: {} signals, {} new, {} judged, {} with a profit; {} per signal, median {}, total {}</p>"
        )
        return format_html_join("", text, lines) or "–"

    @admin.display(description="Brier score of the chance of profit")
    def brier_score(self, backtest: Backtest) -> str:
        return backtest.summary.get("brier") or "–"

    @admin.display(description="Summary")
    def pretty_summary(self, backtest: Backtest) -> SafeString:
        text = json.dumps(backtest.summary, indent=2, ensure_ascii=False)
        return format_html('<pre class="whitespace-pre-wrap">{}</pre>', text)


def _currencies(backtest: Backtest) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = backtest.summary.get("currencies", {})
    return found


def _percent(share: str | None) -> str:
    return "–" if share is None else f"{Decimal(share) * 100:.1f} %"
