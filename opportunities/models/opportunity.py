"""What is worth doing: R002's `arbitrage_opportunities`, with every figure's inputs beside it."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models

from common.ids import uuid7
from opportunities.choices import CompetitionLevel, OpportunityKind, OpportunityStatus, RiskLevel


def money() -> "models.DecimalField[Decimal | int | str, Decimal]":
    """A money column wide enough for a 0.01 product with a huge margin (MATHS finding 1)."""
    return models.DecimalField(max_digits=14, decimal_places=2)


class OpportunityQuerySet(models.QuerySet["Opportunity"]):
    """Filters of opportunities."""

    def active(self) -> "OpportunityQuerySet":
        """Keep those that can still be acted on."""
        return self.filter(status=OpportunityStatus.ACTIVE)

    def trusted(self) -> "OpportunityQuerySet":
        """Leave out those that a person must review first."""
        return self.filter(needs_review=False)


class Opportunity(models.Model):
    """One chance. At most one row of a fingerprint is open (active or expired): detecting again updates it.

    R002's columns keep their names. `margin_percentage` is the executable margin: net of fees, postage and
    floor, on the total cost. `singles_value` is the executable net value; gross figures are labelled so.
    Distribution, percentiles and chance of profit describe the executable net value of one product.

    Life: executed and cancelled are a person's decisions and final: the row keeps its record, and a later
    detection makes a new row. Expired is the machine's decision: a later detection opens the same row again,
    with a new `opened_at` and its own audit event.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=30, choices=OpportunityKind, default=OpportunityKind.SEALED_TO_SINGLES)
    fingerprint = models.CharField(max_length=64, editable=False)
    sealed_product = models.ForeignKey(
        "catalog.Product", on_delete=models.PROTECT, related_name="opportunities"
    )
    buy_source = models.ForeignKey("pricing.PriceSource", on_delete=models.PROTECT, related_name="+")
    sell_source = models.ForeignKey("pricing.PriceSource", on_delete=models.PROTECT, related_name="+")
    policy = models.CharField(
        max_length=50, default="default", help_text="Name of the valuation policy used."
    )
    currency = models.CharField(max_length=3)

    sealed_price = money()
    total_cost = money()
    singles_value = money()
    gross_singles_value = money()
    net_profit = money()
    margin_percentage = money()
    naive_margin_percentage = money()
    coverage = models.DecimalField(max_digits=5, decimal_places=4)
    lines_counted = models.PositiveIntegerField(default=0)

    standard_deviation = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    percentiles = models.JSONField(
        default=dict, blank=True, help_text='{"5": "…", …} of the executable value.'
    )
    probability_of_profit = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    distribution = models.JSONField(
        default=dict, blank=True, help_text="Points of the executable value's distribution, for drawing."
    )

    confidence_score = models.DecimalField(max_digits=3, decimal_places=2)
    factors = models.JSONField(default=dict, help_text="The four named confidence factors with their inputs.")
    risk_level = models.CharField(max_length=20, choices=RiskLevel)
    rank_score = models.DecimalField(max_digits=7, decimal_places=6, default=0)
    seller_count = models.IntegerField(null=True, blank=True)
    competition_level = models.CharField(
        max_length=20, choices=CompetitionLevel, default=CompetitionLevel.UNKNOWN
    )
    flags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    needs_review = models.BooleanField(default=False)
    reviewed_margin = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        editable=False,
        help_text="The margin a person found right; until it grows well beyond, no review is asked for.",
    )

    status = models.CharField(max_length=20, choices=OpportunityStatus, default=OpportunityStatus.ACTIVE)
    revision = models.PositiveIntegerField(
        default=1, help_text="Counts changes of figures, status and notes: the version people saw."
    )
    execution_quantity = models.IntegerField(default=0)
    execution_notes = models.CharField(max_length=500, blank=True)
    inputs = models.JSONField(
        default=dict, help_text="Price keys, fee version, contents version: enough to recompute."
    )
    fee_schedule = models.ForeignKey(
        "pricing.FeeSchedule", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    contents_version = models.ForeignKey(
        "catalog.ContentsVersion", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    algorithm_version = models.CharField(max_length=20)
    oldest_price_at = models.DateTimeField()
    detected_count = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    opened_at = models.DateTimeField(
        help_text="When it last became active; an alert is sent once per opening."
    )
    alerted_at = models.DateTimeField(
        null=True, blank=True, help_text="When the alert of the current opening was dealt with."
    )
    expires_at = models.DateTimeField(null=True, blank=True)
    executed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(max_length=200, blank=True)

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        db_table = "arbitrage_opportunities"
        verbose_name_plural = "opportunities"
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=models.Q(status__in=("active", "expired")),
                name="opportunities_one_open_per_fingerprint",
            ),
            models.CheckConstraint(
                condition=models.Q(confidence_score__range=(0, 1)), name="opportunities_confidence_range"
            ),
            models.CheckConstraint(
                condition=models.Q(coverage__range=(0, 1)), name="opportunities_coverage_range"
            ),
            models.CheckConstraint(
                condition=models.Q(total_cost__gt=0, total_cost__lte=10**11), name="opportunities_cost_range"
            ),
            models.CheckConstraint(
                condition=models.Q(margin_percentage__range=(-(10**11), 10**11)),
                name="opportunities_margin_range",
            ),
        ]
        indexes = [
            models.Index(
                fields=["status", "-rank_score", "-net_profit", "created_at", "id"],
                include=["needs_review", "expires_at"],
                name="opportunities_ranked",
            ),
            models.Index(fields=["status", "expires_at"], name="opportunities_expiry"),
            models.Index(fields=["sealed_product", "status"], name="opportunities_product"),
            models.Index(fields=["fingerprint"], name="opportunities_fingerprint"),
        ]

    def __str__(self) -> str:
        return f"{self.sealed_product_id} {self.margin_percentage} %"
