"""The opening ledger: what was really inside the products of an execution, and what it brought."""

from django.conf import settings
from django.db import models

from common.ids import uuid7
from trading.choices import OpeningOrigin

from .execution import Execution


class Opening(models.Model):
    """Some products of an execution were opened; `lines` are the cards that were pulled."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    execution = models.ForeignKey(Execution, on_delete=models.CASCADE, related_name="openings")
    origin = models.CharField(max_length=20, choices=OpeningOrigin)
    quantity = models.PositiveIntegerField(help_text="How many products were opened.")
    seed = models.BigIntegerField(null=True, blank=True, help_text="Of the draw, when simulated.")
    note = models.CharField(max_length=200, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "openings"
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="openings_quantity_positive")
        ]

    def __str__(self) -> str:
        return f"{self.quantity} opened"


class PulledCard(models.Model):
    """So many copies of one card of one opening. `model_copies` and `model_price` are what was expected."""

    id = models.BigAutoField(primary_key=True)
    opening = models.ForeignKey(Opening, on_delete=models.CASCADE, related_name="lines", db_index=False)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+")
    finish = models.CharField(max_length=10, blank=True)
    quantity = models.PositiveIntegerField()
    model_copies = models.DecimalField(max_digits=16, decimal_places=10, default=0)
    model_price = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        db_table = "pulled_cards"
        constraints = [
            models.UniqueConstraint(fields=["opening", "product", "finish"], name="pulled_cards_unique_card")
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product_id}"


class Sale(models.Model):
    """Cards of an execution were sold, on paper or really. Money in the execution's currency.

    `order` is set for the paper broker's sales; a person's own sales have none.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    execution = models.ForeignKey(Execution, on_delete=models.CASCADE, related_name="sales")
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+")
    finish = models.CharField(max_length=10, blank=True)
    quantity = models.PositiveIntegerField()
    gross = models.DecimalField(max_digits=12, decimal_places=2, help_text="What the buyers paid.")
    fees = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    postage = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    order = models.OneToOneField(
        "trading.Order", on_delete=models.SET_NULL, null=True, blank=True, related_name="sale"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True)
    sold_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "sales_of_singles"
        verbose_name = "sale of singles"
        verbose_name_plural = "sales of singles"
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="sales_of_singles_quantity"),
            models.CheckConstraint(
                condition=models.Q(gross__range=(0, 10**9), fees__gte=0, postage__gte=0),
                name="sales_of_singles_money_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product_id} for {self.gross}"
