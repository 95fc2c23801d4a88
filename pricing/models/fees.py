"""Fee schedules as dated, sourced data that staff can edit by adding a new version."""

from django.db import models


class FeeSchedule(models.Model):
    """What selling on a venue costs, valid in [valid_from, valid_to).

    `components` is a list of objects read by `quant.fees`: {"name", "kind": rate|tiers|fixed, "base":
    item|order, "rate"|"tiers"|"amount", "min", "cap", "threshold"}; amounts and rates as strings.
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
        ]

    def __str__(self) -> str:
        return f"{self.venue} {self.programme} v{self.version}"
