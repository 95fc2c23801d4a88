"""Query parameters of the log of executions across venues."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django_filters import rest_framework as filters

from common.api.filters import ChoiceList
from opportunities.choices import LiveMarketKind, OpportunityKind
from trading.choices import SpreadState
from trading.models import SpreadExecution

from .filters import ME

_KINDS = [(OpportunityKind.CROSS_VENUE.value, OpportunityKind.CROSS_VENUE.label)]


class SpreadExecutionFilter(filters.FilterSet):  # type: ignore[misc]  # untyped
    """Which executions. Times are inclusive below and exclusive above."""

    request: HttpRequest

    kind = filters.ChoiceFilter(choices=_KINDS, method="keep_all", help_text="There is one kind here.")
    state = ChoiceList(choices=SpreadState.choices, lookup_expr="in", help_text="One or more, by comma.")
    market = filters.ChoiceFilter(field_name="opportunity__market", choices=LiveMarketKind.choices)
    actor = filters.CharFilter(method="filter_actor", max_length=150, help_text="A username, or `me`.")
    opportunity = filters.UUIDFilter(field_name="opportunity_id")
    venue = filters.CharFilter(method="filter_venue", max_length=50, help_text="Bought or sold at.")
    created_after = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_before = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")

    class Meta:
        model = SpreadExecution
        fields: tuple[str, ...] = ()

    def keep_all(
        self, queryset: QuerySet[SpreadExecution], name: str, value: str
    ) -> QuerySet[SpreadExecution]:
        """Keep everything."""
        return queryset

    def filter_actor(
        self, queryset: QuerySet[SpreadExecution], name: str, value: str
    ) -> QuerySet[SpreadExecution]:
        """Keep what one user did."""
        if value == ME:
            return queryset.filter(actor_id=self.request.user.pk)
        return queryset.filter(actor__username=value)

    def filter_venue(
        self, queryset: QuerySet[SpreadExecution], name: str, value: str
    ) -> QuerySet[SpreadExecution]:
        """Keep what was meant to be bought or sold at a venue."""
        return queryset.filter(Q(opportunity__buy_venue__code=value) | Q(opportunity__sell_venue__code=value))
