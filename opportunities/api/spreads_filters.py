"""Query parameters of the list of cross-venue opportunities."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django_filters import rest_framework as filters

from opportunities.choices import CrossVenueState, LiveMarketKind, OpportunityKind
from opportunities.models import CrossVenueOpportunity
from opportunities.selectors.spreads import RANKING

ORDERINGS = ("net_bps", "last_seen_at", "total_profit")
_KINDS = [(OpportunityKind.CROSS_VENUE.value, OpportunityKind.CROSS_VENUE.label)]


class SpreadOrdering(filters.OrderingFilter):  # type: ignore[misc]  # untyped
    """Orders by the asked columns, what is unknown last, then by width and id: pages never overlap."""

    def filter(self, qs: QuerySet[CrossVenueOpportunity], value: Any) -> QuerySet[CrossVenueOpportunity]:
        """Return the ordered queryset; without a value the widest come first."""
        if not value:
            return qs
        columns = [
            F(name[1:]).desc(nulls_last=True) if name.startswith("-") else F(name).asc(nulls_last=True)
            for name in value
        ]
        return qs.order_by(*columns, *RANKING)


class SpreadFilter(filters.FilterSet):  # type: ignore[misc]  # untyped
    """Which routes. Bounds are inclusive."""

    kind = filters.ChoiceFilter(choices=_KINDS, method="keep_all", help_text="There is one kind here.")
    market = filters.ChoiceFilter(choices=LiveMarketKind.choices)
    state = filters.ChoiceFilter(choices=CrossVenueState.choices, help_text="Default: both.")
    symbol = filters.CharFilter(
        field_name="instrument__symbol", max_length=120, help_text="Such as giftcard:amazon:50:USD:US."
    )
    venue = filters.CharFilter(method="filter_venue", max_length=50, help_text="Bought or sold at.")
    min_net_bps = filters.NumberFilter(field_name="net_bps", lookup_expr="gte")
    ordering = SpreadOrdering(
        fields=[(name, name) for name in ORDERINGS], help_text="Default -net_bps; ties by id."
    )

    class Meta:
        model = CrossVenueOpportunity
        fields: tuple[str, ...] = ()

    def keep_all(
        self, queryset: QuerySet[CrossVenueOpportunity], name: str, value: str
    ) -> QuerySet[CrossVenueOpportunity]:
        """Keep everything."""
        return queryset

    def filter_venue(
        self, queryset: QuerySet[CrossVenueOpportunity], name: str, value: str
    ) -> QuerySet[CrossVenueOpportunity]:
        """Keep what is bought or sold at a venue."""
        return queryset.filter(Q(buy_venue__code=value) | Q(sell_venue__code=value))
