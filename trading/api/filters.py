"""Query parameters of the trading endpoints."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django_filters import rest_framework as filters

from common.api.filters import ChoiceList, TrueOrFalse
from opportunities.choices import OpportunityKind
from trading.choices import ExecutionState, KillScope, TradingMode
from trading.models import Execution, KillSwitch

ME = "me"


class ExecutionFilter(filters.FilterSet):  # type: ignore[misc]  # untyped
    """Which executions. Times are inclusive below and exclusive above."""

    request: HttpRequest

    kind = filters.ChoiceFilter(
        choices=[(OpportunityKind.SEALED_TO_SINGLES.value, OpportunityKind.SEALED_TO_SINGLES.label)],
        method="keep_all",
        help_text="`cross_venue` has a list of its own.",
    )
    state = ChoiceList(choices=ExecutionState.choices, lookup_expr="in", help_text="One or more, by comma.")
    mode = filters.ChoiceFilter(choices=TradingMode.choices)
    actor = filters.CharFilter(method="filter_actor", max_length=150, help_text="A username, or `me`.")
    product = filters.UUIDFilter(field_name="product_id")
    opportunity = filters.UUIDFilter(field_name="opportunity_id")
    source = filters.CharFilter(method="filter_source", max_length=64, help_text="Bought or sold at.")
    created_after = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_before = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")

    class Meta:
        model = Execution
        fields: tuple[str, ...] = ()

    def keep_all(self, queryset: QuerySet[Execution], name: str, value: str) -> QuerySet[Execution]:
        """Keep everything: there is one kind here."""
        return queryset

    def filter_actor(self, queryset: QuerySet[Execution], name: str, value: str) -> QuerySet[Execution]:
        """Keep what one user did."""
        if value == ME:
            return queryset.filter(actor_id=self.request.user.pk)
        return queryset.filter(actor__username=value)

    def filter_source(self, queryset: QuerySet[Execution], name: str, value: str) -> QuerySet[Execution]:
        """Keep what is bought or sold at a source."""
        return queryset.filter(Q(buy_source__code=value) | Q(sell_source__code=value))


class KillSwitchFilter(filters.FilterSet):  # type: ignore[misc]  # untyped
    """Which kill switches."""

    is_engaged = TrueOrFalse(field_name="released_at", lookup_expr="isnull")
    scope = filters.ChoiceFilter(choices=KillScope.choices)

    class Meta:
        model = KillSwitch
        fields: tuple[str, ...] = ()
