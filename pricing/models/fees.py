"""Fee schedules as dated, sourced data that staff can edit by adding a new version."""

from django.core.exceptions import ValidationError
from django.db import models

from quant.fees import FeeSchedule as FeeTerms
from quant.fees import InvalidFeeSchedule
from quant.money import UnknownCurrency


class FeeSchedule(models.Model):
    """What selling on a venue costs, valid in [valid_from, valid_to).

    `components` is the JSON documented by `quant.fees.FeeSchedule.from_data`: a list of objects with `name`,
    `kind` (rate, tiers, fixed), `base` (item, order) and their figures as strings. A schedule whose period
    has begun is evidence for past figures and is not edited; `pricing.services.clone_fee_schedule` makes the
    next version.
    """

    venue = models.ForeignKey("catalog.Venue", on_delete=models.PROTECT, related_name="fee_schedules")
    programme = models.CharField(max_length=50, default="standard")
    category = models.CharField(max_length=50, blank=True, help_text="Empty: every game.")
    currency = models.CharField(max_length=3)
    version = models.PositiveIntegerField(default=1)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="Exclusive; empty: still valid.")
    components = models.JSONField(default=list)
    postage_per_order = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    packing_per_order = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    source_url = models.URLField(max_length=500, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "fee_schedules"
        constraints = [
            models.UniqueConstraint(
                fields=["venue", "programme", "category", "version"], name="fee_schedules_unique_version"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="fee_schedules_period_order",
            ),
            models.CheckConstraint(
                condition=models.Q(postage_per_order__range=(0, 10_000)), name="fee_schedules_postage_range"
            ),
            models.CheckConstraint(
                condition=models.Q(packing_per_order__range=(0, 10_000)), name="fee_schedules_packing_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.venue} {self.programme} v{self.version}"

    def clean(self) -> None:
        """Refuse terms that make no sense and periods that overlap another version's.

        Raises:
            ValidationError: naming the field.
        """
        try:
            self.terms()
        except (InvalidFeeSchedule, UnknownCurrency) as error:
            raise ValidationError({"components": str(error)}) from error
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValidationError({"valid_to": "The end must be after the beginning."})
        other = self.overlapping().first()
        if other is not None:
            until = f"until {other.valid_to}" if other.valid_to else "without an end"
            raise ValidationError(
                {"valid_from": f"Version {other.version} is valid from {other.valid_from} {until}."}
            )

    def terms(self) -> FeeTerms:
        """Return the terms as the mathematics takes them.

        Raises:
            InvalidFeeSchedule, UnknownCurrency: if they do not make sense.
        """
        return FeeTerms.from_data(
            self.components,
            currency=self.currency,
            postage_per_order=self.postage_per_order,
            packing_per_order=self.packing_per_order,
            version=self.version,
        )

    def siblings(self) -> models.QuerySet["FeeSchedule"]:
        """Return all versions for the same venue, programme and category, this one too."""
        return FeeSchedule.objects.filter(
            venue_id=self.venue_id, programme=self.programme, category=self.category
        )

    def overlapping(self) -> models.QuerySet["FeeSchedule"]:
        """Return the other versions that are valid on a day this one is, oldest first."""
        others = self.siblings().exclude(pk=self.pk)
        if self.valid_to is not None:
            others = others.filter(valid_from__lt=self.valid_to)
        return others.exclude(valid_to__lte=self.valid_from).order_by("valid_from", "version")
