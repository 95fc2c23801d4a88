"""What an opportunity showed at each revision: the numbers a person saw before acting."""

from django.db import models

from common.ids import uuid7

from .opportunity import Opportunity, money


class OpportunityQuote(models.Model):
    """The figures of one opportunity at one revision, for one product, in the opportunity's currency.

    Written whenever figures change, so that an execution can be held against the numbers its trader saw, and
    so that the history of a margin can be drawn. `net_profit` and `margin_percentage` are executable (net).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.CASCADE, related_name="quotes", db_index=False
    )
    revision = models.PositiveIntegerField()
    sealed_price = money()
    total_cost = money()
    singles_value = money()
    net_profit = money()
    margin_percentage = money()
    confidence_score = models.DecimalField(max_digits=3, decimal_places=2)
    oldest_price_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "opportunity_quotes"
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity", "revision"], name="opportunity_quotes_unique_revision"
            )
        ]
        indexes = [models.Index(fields=["recorded_at"], name="opportunity_quotes_recorded")]

    def __str__(self) -> str:
        return f"{self.opportunity_id} revision {self.revision}"
