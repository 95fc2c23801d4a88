"""Query parameters of the price endpoints; values outside the closed lists are refused."""

from django_filters import rest_framework as filters

from catalog.choices import Finish
from pricing.choices import Condition, PriceType
from pricing.models import CurrentPrice, PriceHistory


class PriceHistoryFilter(filters.FilterSet):  # type: ignore[misc] # django-filter is untyped
    """Which observations of a product."""

    source = filters.CharFilter(help_text="Code of a price source, e.g. cardmarket.")
    price_type = filters.ChoiceFilter(choices=PriceType.choices)
    finish = filters.ChoiceFilter(choices=Finish.choices)
    condition = filters.ChoiceFilter(choices=Condition.choices)
    recorded_after = filters.IsoDateTimeFilter(
        field_name="recorded_at", lookup_expr="gte", help_text="Inclusive."
    )
    recorded_before = filters.IsoDateTimeFilter(
        field_name="recorded_at", lookup_expr="lt", help_text="Exclusive."
    )

    class Meta:
        model = PriceHistory
        fields: tuple[str, ...] = ()


class CurrentPriceFilter(filters.FilterSet):  # type: ignore[misc] # django-filter is untyped
    """Which current prices of a product."""

    source = filters.CharFilter(
        field_name="source__code", help_text="Code of a price source, e.g. cardmarket."
    )
    price_type = filters.ChoiceFilter(field_name="variant__price_type", choices=PriceType.choices)
    finish = filters.ChoiceFilter(field_name="variant__finish", choices=Finish.choices)
    condition = filters.ChoiceFilter(field_name="variant__condition", choices=Condition.choices)

    class Meta:
        model = CurrentPrice
        fields: tuple[str, ...] = ()
