"""Where the money went: double entry. A deferred trigger refuses postings that do not sum to zero."""

from django.db import models
from django.db.models import Q

from common.ids import uuid7
from trading.choices import LedgerAccount


class LedgerPosting(models.Model):
    """One balanced set of entries. `key` makes sure that a cause is booked once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=120, unique=True)
    execution = models.ForeignKey(
        "trading.Execution", on_delete=models.PROTECT, related_name="postings", null=True, blank=True
    )
    spread_execution = models.ForeignKey(
        "trading.SpreadExecution", on_delete=models.PROTECT, related_name="postings", null=True, blank=True
    )
    description = models.CharField(max_length=200)
    posted_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_postings"
        constraints = [
            models.CheckConstraint(
                condition=Q(execution__isnull=True) ^ Q(spread_execution__isnull=True),
                name="ledger_postings_one_execution",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class LedgerEntry(models.Model):
    """One side of a posting; debits are positive, credits negative."""

    id = models.BigAutoField(primary_key=True)
    posting = models.ForeignKey(LedgerPosting, on_delete=models.CASCADE, related_name="entries")
    account = models.CharField(max_length=20, choices=LedgerAccount)
    currency = models.CharField(max_length=12)
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        db_table = "ledger_entries"
        verbose_name_plural = "ledger entries"
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount=0) & Q(amount__range=(-(10**11), 10**11)),
                name="ledger_entries_amount_range",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount} {self.currency}"
