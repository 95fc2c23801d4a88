"""An attempt to act on an opportunity: the execution, its orders per leg, and their fills."""

from decimal import Decimal

from django.conf import settings
from django.db import models

from common.ids import uuid7
from trading.choices import ExecutionState, OrderSide, OrderState, TradingMode


def money() -> "models.DecimalField[Decimal | int | str, Decimal]":
    """An amount of money in the execution's currency."""
    return models.DecimalField(max_digits=14, decimal_places=2)


class Execution(models.Model):
    """One act on an opportunity, in the opportunity's currency, for `quantity` products.

    Expected figures are what the model said at the moment of the act, for the whole quantity; realised ones
    are summed from fills and stay empty until the execution is settled. `shown` and `checked` keep the
    figures the trader saw and those found at re-validation.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    opportunity = models.ForeignKey(
        "opportunities.Opportunity", on_delete=models.PROTECT, related_name="executions"
    )
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="executions")
    buy_source = models.ForeignKey("pricing.PriceSource", on_delete=models.PROTECT, related_name="+")
    sell_source = models.ForeignKey("pricing.PriceSource", on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="executions")
    mode = models.CharField(max_length=10, choices=TradingMode, default=TradingMode.PAPER)
    state = models.CharField(max_length=20, choices=ExecutionState, default=ExecutionState.BOUGHT)
    quantity = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    expected_cost = money()
    expected_proceeds = money()
    expected_profit = money()
    expected_margin_percentage = money()
    confidence_score = models.DecimalField(max_digits=3, decimal_places=2)
    probability_of_profit = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    risk_level = models.CharField(max_length=20)
    realised_cost = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    realised_proceeds = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    realised_profit = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    quote_version = models.CharField(max_length=20, help_text="Revision of the opportunity the trader saw.")
    shown = models.JSONField(default=dict)
    checked = models.JSONField(default=dict)
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    settles_at = models.DateTimeField(
        null=True, blank=True, help_text="When the paper broker sells the singles."
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "executions"
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="executions_quantity_positive"),
            models.CheckConstraint(
                condition=models.Q(expected_cost__gt=0, expected_cost__lte=10**11),
                name="executions_cost_range",
            ),
            models.UniqueConstraint(
                fields=["opportunity"],
                condition=~models.Q(state__in=("cancelled", "failed")),
                name="executions_one_per_opportunity",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="executions_recent"),
            models.Index(fields=["state", "settles_at"], name="executions_settling"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product_id} ({self.state})"


class Order(models.Model):
    """One instruction of one leg. `client_order_id` is made before anything leaves this house."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    execution = models.ForeignKey(Execution, on_delete=models.CASCADE, related_name="orders", db_index=False)
    leg = models.PositiveSmallIntegerField(help_text="0 buys the sealed product, 1 and up sell singles.")
    side = models.CharField(max_length=4, choices=OrderSide)
    state = models.CharField(max_length=20, choices=OrderState, default=OrderState.OPEN)
    client_order_id = models.CharField(max_length=80, unique=True)
    source = models.ForeignKey("pricing.PriceSource", on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+")
    finish = models.CharField(max_length=10, blank=True)
    quantity = models.PositiveIntegerField()
    limit_price = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "orders"
        constraints = [
            models.UniqueConstraint(fields=["execution", "leg"], name="orders_unique_leg"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="orders_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.quantity} ({self.state})"


class Fill(models.Model):
    """What an order brought. `price` is of one piece; `fees` and `postage` are of the whole fill."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="fills", db_index=False)
    venue_fill_id = models.CharField(max_length=80)
    quantity = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=12, decimal_places=2)
    fees = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    postage = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    price_recorded_at = models.DateTimeField(help_text="Age of the price the fill was made at.")
    filled_at = models.DateTimeField()

    class Meta:
        db_table = "fills"
        constraints = [
            models.UniqueConstraint(fields=["order", "venue_fill_id"], name="fills_unique_venue_fill"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="fills_quantity_positive"),
            models.CheckConstraint(condition=models.Q(price__range=(0, 10**9)), name="fills_price_range"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} at {self.price}"
