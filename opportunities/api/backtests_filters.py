"""Query parameters of the back-test endpoints."""

from django_filters import rest_framework as filters

from catalog.choices import Category
from common.api.filters import TrueOrFalse
from opportunities.choices import BacktestState, RiskLevel
from opportunities.models import Backtest, BacktestSignal


class BacktestFilter(filters.FilterSet):  # type: ignore[misc]  # untyped
    """Which back-tests."""

    state = filters.ChoiceFilter(field_name="shown_state", choices=BacktestState.choices)

    class Meta:
        model = Backtest
        fields: tuple[str, ...] = ()


class BacktestSignalFilter(filters.FilterSet):  # type: ignore[misc]  # untyped
    """Which signals of a back-test."""

    day = filters.DateFilter(help_text="Of this day only.")
    product = filters.UUIDFilter(field_name="product_id")
    source = filters.CharFilter(field_name="source__code", help_text="Code of the source bought from.")
    currency = filters.CharFilter(max_length=3)
    category = filters.ChoiceFilter(choices=Category.choices)
    risk_level = filters.ChoiceFilter(choices=RiskLevel.choices)
    is_first = TrueOrFalse(help_text="Only the first days of runs, or only the others.")
    is_judged = TrueOrFalse(
        field_name="realised_profit", lookup_expr="isnull", exclude=True, help_text="Whether it was judged."
    )

    class Meta:
        model = BacktestSignal
        fields: tuple[str, ...] = ()
