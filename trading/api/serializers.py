"""What the trading endpoints read and show. Amounts are decimal strings in the execution's currency."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from catalog.models import Product
from common.api.bodies import StrictBody
from opportunities.api.serializers import SealedProductSerializer
from opportunities.choices import RiskLevel
from trading.choices import KillScope, LimitPeriod, LimitScope, OpeningOrigin
from trading.models import (
    Execution,
    ExposureLimit,
    Fill,
    KillSwitch,
    LedgerEntry,
    LedgerPosting,
    Opening,
    Order,
    PulledCard,
)

MAX_VERSION = 9
_MAX_AMOUNT = Decimal(10**11)


class ExecuteSerializer(StrictBody):
    """An order to act on an opportunity."""

    quantity = serializers.IntegerField(min_value=1, max_value=1000, help_text="Products to buy.")
    quote_version = serializers.RegexField(
        rf"\A[0-9]{{1,{MAX_VERSION}}}\Z", help_text="`quote_version` of the figures you saw."
    )
    max_total_cost = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=Decimal("0.01"), max_value=_MAX_AMOUNT,
        required=False, allow_null=True, help_text="Of one product; a higher cost is refused.",
    )  # fmt: skip
    min_margin_percentage = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=Decimal(-100), max_value=_MAX_AMOUNT,
        required=False, allow_null=True, help_text="A lower margin is refused.",
    )  # fmt: skip
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    opening = serializers.ChoiceField(
        choices=OpeningOrigin.choices, required=False, default=OpeningOrigin.SIMULATED,
        help_text="`simulated`: opened by dice, the cards sold by the broker. `entered`: you open the "
        "products and enter what was pulled and sold; it stays open until you settle it.",
    )  # fmt: skip
    accept_disclaimer = serializers.BooleanField(help_text="Must be true; the text is in `/trading/status/`.")


class NoteSerializer(StrictBody):
    """A change of an execution's note."""

    note = serializers.CharField(max_length=500, allow_blank=True)


class CancelSerializer(StrictBody):
    """Why an execution is cancelled."""

    reason = serializers.CharField(max_length=200)


class ChangeLimitSerializer(StrictBody):
    """A change of a limit; give at least one of the two."""

    amount = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=Decimal(0), max_value=_MAX_AMOUNT, required=False
    )
    is_active = serializers.BooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a change of nothing."""
        if not attrs:
            raise serializers.ValidationError("Give amount or is_active.")
        return attrs


class EngageSerializer(StrictBody):
    """What to stop, and why."""

    scope = serializers.ChoiceField(choices=KillScope.choices)
    subject = serializers.CharField(
        max_length=64, required=False, default="", allow_blank=True, help_text="Username or source code."
    )
    reason = serializers.CharField(max_length=200)


class NamedProductSerializer(serializers.ModelSerializer[Product]):
    """A product by name."""

    class Meta:
        model = Product
        fields = ("id", "name")


class CardSerializer(serializers.ModelSerializer[Product]):
    """A single card by name and printing."""

    class Meta:
        model = Product
        fields = ("id", "name", "set_code", "number")


class FillSerializer(serializers.ModelSerializer[Fill]):
    """What an order brought."""

    class Meta:
        model = Fill
        fields = ("id", "quantity", "price", "fees", "postage", "filled_at", "price_recorded_at")


class OrderSerializer(serializers.ModelSerializer[Order]):
    """One instruction of one leg."""

    source = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)  # type: ignore[assignment]
    product = NamedProductSerializer(read_only=True)
    fills = FillSerializer(many=True, read_only=True)

    class Meta:
        model = Order
        fields = (
            "id", "leg", "side", "state", "client_order_id", "source", "product", "finish", "quantity",
            "limit_price", "fills",
        )  # fmt: skip


class EntrySerializer(serializers.ModelSerializer[LedgerEntry]):
    """One side of a posting; debits are positive."""

    class Meta:
        model = LedgerEntry
        fields = ("account", "currency", "amount")


class PostingSerializer(serializers.ModelSerializer[LedgerPosting]):
    """One balanced booking."""

    entries = EntrySerializer(many=True, read_only=True)

    class Meta:
        model = LedgerPosting
        fields = ("key", "description", "posted_at", "entries")


class PulledCardSerializer(serializers.ModelSerializer[PulledCard]):
    """Copies of one card, beside what the model expected of the whole opening."""

    product = CardSerializer(read_only=True)

    class Meta:
        model = PulledCard
        fields = ("product", "finish", "quantity", "model_copies", "model_price")


class OpeningSerializer(serializers.ModelSerializer[Opening]):
    """Products that were opened, and what came out."""

    entered_by = serializers.SlugRelatedField[Any](slug_field="username", read_only=True, allow_null=True)
    lines = PulledCardSerializer(many=True, read_only=True)

    class Meta:
        model = Opening
        fields = ("id", "origin", "quantity", "note", "opened_at", "entered_by", "lines")


class ExecutionSerializer(serializers.ModelSerializer[Execution]):
    """One act on an opportunity."""

    product = SealedProductSerializer(read_only=True)
    buy_source = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    sell_source = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    actor = serializers.SlugRelatedField[Any](slug_field="username", read_only=True)
    risk_level = serializers.ChoiceField(choices=RiskLevel.choices, read_only=True)
    shown = serializers.DictField(
        child=serializers.JSONField(), read_only=True, help_text="Figures the trader saw, of one product."
    )
    checked = serializers.DictField(
        child=serializers.JSONField(),
        read_only=True,
        help_text="The re-validation it was allowed by, and the controls that passed.",
    )

    class Meta:
        model = Execution
        fields: tuple[str, ...] = (
            "id", "opportunity", "product", "buy_source", "sell_source", "actor", "mode", "state", "quantity",
            "currency", "expected_cost", "expected_proceeds", "expected_profit", "expected_margin_percentage",
            "confidence_score", "probability_of_profit", "risk_level", "realised_cost", "realised_proceeds",
            "realised_profit", "quote_version", "shown", "checked", "note", "created_at", "settles_at",
            "settled_at", "closed_reason",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields


class ExecutionDetailSerializer(ExecutionSerializer):
    """An execution with everything that was done for it."""

    orders = OrderSerializer(many=True, read_only=True)
    postings = PostingSerializer(many=True, read_only=True)
    openings = OpeningSerializer(many=True, read_only=True)

    class Meta:
        model = Execution
        fields = (*ExecutionSerializer.Meta.fields, "orders", "postings", "openings")
        read_only_fields = fields


class ExecutedSerializer(serializers.Serializer[Any]):
    """The answer of an execution."""

    execution = ExecutionSerializer()


class LimitSerializer(serializers.ModelSerializer[ExposureLimit]):
    """How much may be at stake within a scope and a period."""

    scope = serializers.ChoiceField(choices=LimitScope.choices, read_only=True)
    period = serializers.ChoiceField(choices=LimitPeriod.choices, read_only=True)
    used = serializers.DecimalField(
        max_digits=14, decimal_places=2, read_only=True,
        help_text="Of a limit on each user: your own; on each source: the largest. Daily ones: today (UTC).",
    )  # fmt: skip

    class Meta:
        model = ExposureLimit
        fields = ("id", "scope", "subject", "period", "currency", "amount", "used", "is_active")


class KillSwitchSerializer(serializers.ModelSerializer[KillSwitch]):
    """One engagement of the kill switch. Names are shown to those who are logged in."""

    scope = serializers.ChoiceField(choices=KillScope.choices, read_only=True)
    subject = serializers.SerializerMethodField(help_text="Username or source code; empty for everything.")
    engaged_by = serializers.SerializerMethodField()
    release_asked_by = serializers.SerializerMethodField()
    released_by = serializers.SerializerMethodField()
    is_engaged = serializers.SerializerMethodField()

    class Meta:
        model = KillSwitch
        fields = (
            "id", "scope", "subject", "reason", "engaged_by", "engaged_at", "release_asked_by",
            "release_asked_at", "released_by", "released_at", "is_engaged",
        )  # fmt: skip

    def get_subject(self, switch: KillSwitch) -> str:
        """Return what it names; a user is not named to strangers."""
        return "" if switch.scope == KillScope.USER and not self._is_known else switch.subject

    def get_engaged_by(self, switch: KillSwitch) -> str | None:
        """Return who engaged it."""
        return self._name(switch.engaged_by)

    def get_release_asked_by(self, switch: KillSwitch) -> str | None:
        """Return who asked for its release."""
        return self._name(switch.release_asked_by)

    def get_released_by(self, switch: KillSwitch) -> str | None:
        """Return who released it."""
        return self._name(switch.released_by)

    def get_is_engaged(self, switch: KillSwitch) -> bool:
        """Return whether it stops something now."""
        return switch.released_at is None

    @property
    def _is_known(self) -> bool:
        request = self.context.get("request")
        return request is not None and request.user.is_authenticated

    def _name(self, user: Any) -> str | None:
        return user.get_username() if user is not None and self._is_known else None


class DisclaimerSerializer(serializers.Serializer[Any]):
    """What is accepted with every execution."""

    version = serializers.CharField()
    text = serializers.CharField()


class TradingStatusSerializer(serializers.Serializer[Any]):
    """Whether anything can be executed now."""

    mode = serializers.CharField(help_text="Always `paper`.")
    is_halted = serializers.BooleanField(help_text="Everything is stopped.")
    switches = KillSwitchSerializer(many=True, help_text="Those engaged now.")
    disclaimer = DisclaimerSerializer()
