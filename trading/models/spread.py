"""Acting on a cross-venue opportunity: two legs at two venues, each with its own two-phase order."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.ids import uuid7
from trading.choices import LegState, OrderSide, SpreadState, TradingMode


def amount() -> "models.DecimalField[Decimal | int | str, Decimal]":
    """An amount in the execution's currency; crypto needs more places than money has."""
    return models.DecimalField(max_digits=28, decimal_places=12)


class SpreadExecution(models.Model):
    """One attempt to buy at one venue and sell at another, in the opportunity's currency.

    Expected figures are those of the re-validation at commit, for the whole quantity; the profit is net of
    fees and cushions. Realised ones are summed from fills and stay empty until the execution is final.
    Whoever takes an execution over raises `fence`: what its former driver still wants to write is refused.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    opportunity = models.ForeignKey(
        "opportunities.CrossVenueOpportunity", on_delete=models.PROTECT, related_name="executions"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="spread_executions"
    )
    mode = models.CharField(max_length=10, choices=TradingMode, default=TradingMode.PAPER)
    state = models.CharField(max_length=20, choices=SpreadState, default=SpreadState.PENDING)
    quantity = amount()
    currency = models.CharField(max_length=12)
    expected_cost = amount()
    expected_proceeds = amount()
    expected_profit = amount()
    expected_net_bps = models.DecimalField(max_digits=12, decimal_places=4)
    realised_cost = models.DecimalField(max_digits=28, decimal_places=12, null=True, blank=True)
    realised_proceeds = models.DecimalField(max_digits=28, decimal_places=12, null=True, blank=True)
    realised_profit = models.DecimalField(max_digits=28, decimal_places=12, null=True, blank=True)
    shown = models.JSONField(default=dict)
    checked = models.JSONField(default=dict)
    note = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it failed, was unwound or is stuck.")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="When the next step is looked at again.")
    finished_at = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=1, help_text="Only its newest driver may write.")

    class Meta:
        db_table = "spread_executions"
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, quantity__lte=10**9), name="spread_executions_quantity_range"
            ),
            models.CheckConstraint(
                condition=Q(expected_cost__gt=0, expected_cost__lte=10**11),
                name="spread_executions_cost_range",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="spread_executions_recent"),
            models.Index(fields=["state", "due_at"], name="spread_executions_due"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.opportunity_id} ({self.state})"


class LegOrder(models.Model):
    """One instruction to one venue. `client_order_id` is committed before anything leaves this house.

    A time-out leaves the order UNKNOWN: the venue is asked by this id, and the order is never sent again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    execution = models.ForeignKey(
        SpreadExecution, on_delete=models.CASCADE, related_name="legs", db_index=False
    )
    position = models.PositiveSmallIntegerField(help_text="0 buys, 1 sells, 2 and up unwind.")
    side = models.CharField(max_length=4, choices=OrderSide)
    venue = models.ForeignKey("catalog.Venue", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=LegState, default=LegState.PENDING)
    client_order_id = models.CharField(max_length=80, unique=True)
    venue_order_id = models.CharField(max_length=120, blank=True)
    quantity = amount()
    limit_price = amount()
    quote_id = models.CharField(max_length=120, blank=True, help_text="The venue's name of the quote.")
    left_house = models.BooleanField(
        default=False, help_text="It went to a venue: from then on only the venue knows what became of it."
    )
    queries = models.PositiveIntegerField(default=0, help_text="How often the venue was asked about it.")
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "leg_orders"
        constraints = [
            models.UniqueConstraint(fields=["execution", "position"], name="leg_orders_unique_position"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, quantity__lte=10**9, limit_price__gt=0, limit_price__lte=10**12),
                name="leg_orders_ranges",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.quantity} ({self.state})"

    @property
    def filled(self) -> Decimal:
        """Units its fills brought; read from prefetched fills where there are any."""
        return sum((fill.quantity for fill in self.fills.all()), Decimal(0))


class LegFill(models.Model):
    """What a leg brought: price of one unit, fees of the whole fill, both in the execution's currency."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    leg = models.ForeignKey(LegOrder, on_delete=models.CASCADE, related_name="fills", db_index=False)
    venue_fill_id = models.CharField(max_length=120)
    quantity = amount()
    price = amount()
    fees = models.DecimalField(max_digits=28, decimal_places=12, default=0)
    filled_at = models.DateTimeField()

    class Meta:
        db_table = "leg_fills"
        constraints = [
            models.UniqueConstraint(fields=["leg", "venue_fill_id"], name="leg_fills_unique_venue_fill"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, quantity__lte=10**9, price__gte=0, price__lte=10**12),
                name="leg_fills_ranges",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} at {self.price}"
