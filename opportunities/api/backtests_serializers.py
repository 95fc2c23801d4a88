"""Back-tests as JSON. Amounts and shares are decimal strings; currencies are never added up."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.choices import Category
from common.api.bodies import StrictBody
from jobs.api.serializers import JobSerializer
from opportunities.choices import BacktestState
from opportunities.models import Backtest, BacktestSignal

from .serializers import SealedProductSerializer


class BacktestRequestSerializer(StrictBody):
    """A period and assumptions; what is absent is as the settings and the venues' fee schedules say."""

    from_day = serializers.DateField(help_text="First day.")
    to_day = serializers.DateField(help_text="Day after the last; at most today (UTC).")
    horizon_days = serializers.IntegerField(
        default=7, min_value=1, max_value=90, help_text="Singles are sold so many days later."
    )
    source = serializers.CharField(  # type: ignore[assignment]  # named like an attribute of fields
        required=False, max_length=50, help_text="Code of the source to buy at."
    )
    category = serializers.ChoiceField(required=False, choices=Category.choices)
    floor = serializers.DecimalField(
        required=False, max_digits=12, decimal_places=2, min_value=0, help_text="Cheaper singles are bulk."
    )
    fee_rate = serializers.DecimalField(
        required=False, max_digits=5, decimal_places=4, min_value=0, max_value=1,
        help_text="Flat fraction of every sale instead of the fee schedule of the day.",
    )  # fmt: skip


class TotalsSerializer(serializers.Serializer[Any]):
    """Figures of many signals of one currency. `judged` ones had enough prices at the end of the horizon."""

    signals = serializers.IntegerField()
    first_signals = serializers.IntegerField(help_text="First days of unbroken runs of signals.")
    judged = serializers.IntegerField()
    hits = serializers.IntegerField(help_text="Judged signals that brought a profit.")
    hit_rate = serializers.CharField(allow_null=True, help_text="0..1.")
    profit_per_signal = serializers.CharField(allow_null=True)
    median_profit = serializers.CharField(allow_null=True)
    total_profit = serializers.CharField(allow_null=True)
    expected_profit = serializers.CharField(allow_null=True, help_text="Of the judged signals.")
    cost = serializers.CharField(allow_null=True, help_text="Of the judged signals.")
    return_on_cost = serializers.CharField(allow_null=True)
    first_judged = serializers.IntegerField()
    first_hits = serializers.IntegerField()
    first_profit = serializers.CharField(allow_null=True)
    first_hit_rate = serializers.CharField(allow_null=True)
    profit_per_first_signal = serializers.CharField(allow_null=True)


class RiskTotalsSerializer(TotalsSerializer):
    """Totals of one risk level."""

    currency = serializers.CharField()
    risk_level = serializers.CharField()


class CategoryTotalsSerializer(TotalsSerializer):
    """Totals of one game."""

    currency = serializers.CharField()
    category = serializers.CharField()


class SourceTotalsSerializer(TotalsSerializer):
    """Totals of one source."""

    currency = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # named like an attribute of fields


class CalibrationBinSerializer(serializers.Serializer[Any]):
    """Forecasts within [low, high) and how many came true; the last bin includes its end."""

    low = serializers.CharField()
    high = serializers.CharField()
    count = serializers.IntegerField()
    hits = serializers.IntegerField()
    expected = serializers.CharField(help_text="Mean of the stated chances, 0..1.")
    realised = serializers.CharField(help_text="Share that came true, 0..1.")
    share_profitable = serializers.CharField(help_text="The same as `realised`.")
    wilson_low = serializers.CharField(help_text="95 % interval of the true share.")
    wilson_high = serializers.CharField()


class BacktestDaySerializer(serializers.Serializer[Any]):
    """One day in one currency; `profit` is what the judged signals of that day brought."""

    day = serializers.DateField()
    currency = serializers.CharField()
    signals = serializers.IntegerField()
    first_signals = serializers.IntegerField()
    judged = serializers.IntegerField()
    profit = serializers.CharField(allow_null=True)


class BacktestContentsSerializer(serializers.Serializer[Any]):
    """Whose contents were valued: those known today, and how many were corrected since the first day."""

    basis = serializers.CharField()
    changed_since = serializers.IntegerField()


class BacktestSummarySerializer(serializers.Serializer[Any]):
    """The result of a finished back-test."""

    currencies = serializers.DictField(child=TotalsSerializer(), help_text="Totals by currency.")
    by_risk = RiskTotalsSerializer(many=True)
    by_category = CategoryTotalsSerializer(many=True)
    by_source = SourceTotalsSerializer(many=True)
    calibration = CalibrationBinSerializer(many=True, help_text="Of the stated chance of profit.")
    brier = serializers.CharField(allow_null=True)
    confidence_calibration = CalibrationBinSerializer(many=True, help_text="Of the confidence score.")
    confidence_brier = serializers.CharField(allow_null=True)
    days = BacktestDaySerializer(many=True)
    left_out = serializers.DictField(child=serializers.IntegerField(), help_text="Reason -> signals.")
    contents = BacktestContentsSerializer()
    notes = serializers.ListField(child=serializers.CharField())


class BacktestSerializer(serializers.ModelSerializer[Backtest]):
    """A back-test without its result."""

    state = serializers.ChoiceField(source="shown_state", choices=BacktestState.choices, read_only=True)
    requested_by = serializers.SerializerMethodField(help_text="User name; null for a command.")
    parameters = serializers.DictField(
        child=serializers.CharField(), read_only=True, help_text="What is assumed instead of the usual terms."
    )

    class Meta:
        model = Backtest
        fields: tuple[str, ...] = (
            "id", "state", "job", "requested_by", "from_day", "to_day", "horizon_days", "parameters",
            "algorithm_version", "signal_count", "error", "created_at", "finished_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_requested_by(self, backtest: Backtest) -> str | None:
        """Return who asked for it; people's names are for those who are logged in."""
        request = self.context.get("request")
        if backtest.requested_by is None or (request is not None and not request.user.is_authenticated):
            return None
        return backtest.requested_by.get_username()


class BacktestDetailSerializer(BacktestSerializer):
    """A back-test with its result, and how far it is before that."""

    summary = serializers.SerializerMethodField(help_text="Null until it has succeeded.")
    progress_done = serializers.IntegerField(source="job.progress_done", default=None, read_only=True)
    progress_total = serializers.IntegerField(source="job.progress_total", default=None, read_only=True)

    class Meta(BacktestSerializer.Meta):
        fields = (*BacktestSerializer.Meta.fields, "progress_done", "progress_total", "summary")
        read_only_fields = fields

    @extend_schema_field(BacktestSummarySerializer(allow_null=True))
    def get_summary(self, backtest: Backtest) -> dict[str, Any] | None:
        """Return the result."""
        if backtest.state != BacktestState.SUCCEEDED:
            return None
        summary: dict[str, Any] = backtest.summary
        return summary


class BacktestAcceptedSerializer(serializers.Serializer[Any]):
    """The answer of a call that started a back-test."""

    job = JobSerializer()
    backtest = BacktestSerializer()


class BacktestSignalSerializer(serializers.ModelSerializer[BacktestSignal]):
    """One signal of one day; what is realised is null while it could not be judged."""

    product = SealedProductSerializer(read_only=True)
    source = serializers.SlugRelatedField[Any](  # type: ignore[assignment]  # named like an attribute of fields
        slug_field="code", read_only=True
    )

    class Meta:
        model = BacktestSignal
        fields = (
            "day", "product", "source", "currency", "category", "total_cost", "expected_value",
            "expected_profit", "margin_percentage", "confidence_score", "probability_of_profit", "risk_level",
            "is_first", "realised_value", "realised_profit", "realised_coverage",
        )  # fmt: skip
        read_only_fields = fields
