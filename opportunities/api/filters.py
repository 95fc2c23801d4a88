"""Query parameters of the opportunity list."""

from typing import Any

from django.db.models import Q, QuerySet
from django_filters import rest_framework as filters
from rest_framework.exceptions import NotAuthenticated, ValidationError

from catalog.choices import Category
from common.api.filters import ChoiceList, TrueOrFalse
from opportunities.choices import OpportunityKind, OpportunityStatus, RiskLevel
from opportunities.models import Opportunity, Watch
from opportunities.selectors.lists import RANKING

ORDERINGS = (
    "rank_score", "margin_percentage", "net_profit", "confidence_score", "total_cost", "updated_at",
    "expires_at",
)  # fmt: skip
REVIEW_CHOICES = (("true", "Only these"), ("false", "None of these"), ("any", "Both"))
MAX_IDS = 200
_MAX_WORDS = 8


class StableOrdering(filters.OrderingFilter):  # type: ignore[misc]  # untyped
    """Orders by the asked columns, then by rank and id, so that pages never overlap."""

    def filter(self, qs: QuerySet[Opportunity], value: Any) -> QuerySet[Opportunity]:
        """Return the ordered queryset; without a value the ranking stays."""
        if not value:
            return qs
        return qs.order_by(*(self.get_ordering_value(name) for name in value), *RANKING)


class IdListFilter(filters.BaseCSVFilter, filters.UUIDFilter):  # type: ignore[misc]  # untyped
    """A comma list of ids, at most `MAX_IDS`."""

    def filter(self, qs: QuerySet[Opportunity], value: Any) -> QuerySet[Opportunity]:
        """Keep the named ones.

        Raises:
            ValidationError: for too many ids, or something between commas that is none.
        """
        if value is None:
            return qs
        if len(value) > MAX_IDS or None in value:
            raise ValidationError({"ids": [f"Give 1 to {MAX_IDS} ids, by comma."]})
        return qs.filter(pk__in=value)


class OpportunityFilter(filters.FilterSet):  # type: ignore[misc]  # untyped
    """Which opportunities. Bounds are inclusive."""

    kind = filters.ChoiceFilter(
        choices=[(OpportunityKind.SEALED_TO_SINGLES.value, OpportunityKind.SEALED_TO_SINGLES.label)],
        help_text="`cross_venue` has a list of its own.",
    )
    status = filters.ChoiceFilter(choices=OpportunityStatus.choices, help_text="Default active.")
    category = ChoiceList(
        field_name="sealed_product__category",
        choices=Category.choices,
        lookup_expr="in",
        help_text="One or more games, by comma.",
    )
    sealed_kind = filters.CharFilter(
        field_name="sealed_product__sealed_kind", help_text="booster_box, deck, …"
    )
    sealed_product = filters.UUIDFilter(field_name="sealed_product_id", help_text="Id of a product.")
    risk_level = ChoiceList(
        choices=RiskLevel.choices, lookup_expr="in", help_text="One or more of low, medium, high, by comma."
    )
    margin_min = filters.NumberFilter(field_name="margin_percentage", lookup_expr="gte", help_text="Percent.")
    margin_max = filters.NumberFilter(field_name="margin_percentage", lookup_expr="lte", help_text="Percent.")
    profit_min = filters.NumberFilter(field_name="net_profit", lookup_expr="gte")
    profit_max = filters.NumberFilter(field_name="net_profit", lookup_expr="lte")
    confidence_min = filters.NumberFilter(
        field_name="confidence_score", lookup_expr="gte", min_value=0, max_value=1
    )
    confidence_max = filters.NumberFilter(
        field_name="confidence_score", lookup_expr="lte", min_value=0, max_value=1
    )
    oldest_price_after = filters.IsoDateTimeFilter(
        field_name="oldest_price_at", lookup_expr="gte", help_text="No price used is older than this."
    )
    created_after = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    updated_after = filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")
    ids = IdListFilter(help_text="Ids, by comma, at most 200; status and needs_review still apply.")
    watched = TrueOrFalse(method="filter_watched", help_text="Whether you watch the product; needs a login.")
    source = filters.CharFilter(method="filter_source", help_text="Bought or sold at, e.g. cardmarket.")
    needs_review = filters.ChoiceFilter(
        choices=REVIEW_CHOICES,
        method="filter_needs_review",
        help_text="Default false: what is too good to be true is hidden; `any` shows all.",
    )
    is_demo = TrueOrFalse(field_name="sealed_product__is_demo")
    search = filters.CharFilter(
        method="filter_search",
        max_length=200,
        help_text="Words of the product's or its set's name, or a set code.",
    )
    ordering = StableOrdering(
        fields=[(name, name) for name in ORDERINGS], help_text="Default -rank_score; ties by rank and id."
    )

    class Meta:
        model = Opportunity
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        given = data.copy() if data is not None else {}
        for name, default in (("status", OpportunityStatus.ACTIVE.value), ("needs_review", "false")):
            if not given.get(name):
                given[name] = default
        super().__init__(given, *args, **kwargs)

    def filter_source(self, queryset: QuerySet[Opportunity], name: str, value: str) -> QuerySet[Opportunity]:
        """Keep what is bought or sold at a source."""
        return queryset.filter(Q(buy_source__code=value) | Q(sell_source__code=value))

    def filter_watched(
        self,
        queryset: QuerySet[Opportunity],
        name: str,
        value: bool,
    ) -> QuerySet[Opportunity]:
        """Keep what the caller watches, or all the rest.

        Raises:
            NotAuthenticated: for a caller nobody knows.
        """
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            raise NotAuthenticated
        watched = Watch.objects.filter(user=user.pk).values("product_id")
        if value:
            return queryset.filter(sealed_product__in=watched)
        return queryset.exclude(sealed_product__in=watched)

    def filter_needs_review(
        self, queryset: QuerySet[Opportunity], name: str, value: str
    ) -> QuerySet[Opportunity]:
        """Keep one side or both."""
        return queryset if value == "any" else queryset.filter(needs_review=value == "true")

    def filter_search(self, queryset: QuerySet[Opportunity], name: str, value: str) -> QuerySet[Opportunity]:
        """Keep what has every word in the name, the set's name or as set code."""
        for word in value.split()[:_MAX_WORDS]:
            queryset = queryset.filter(
                Q(sealed_product__name__icontains=word)
                | Q(sealed_product__set_name__icontains=word)
                | Q(sealed_product__set_code__iexact=word)
            )
        return queryset
