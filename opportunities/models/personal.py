"""What one user keeps about opportunities and products: watches and calculator scenarios."""

from django.conf import settings
from django.db import models

from common.ids import uuid7

from .opportunity import Opportunity


class Watch(models.Model):
    """A product somebody keeps an eye on. Opportunities come and go; the product stays."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches", db_index=False
    )
    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="watches")
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "watches"
        verbose_name_plural = "watches"
        constraints = [models.UniqueConstraint(fields=["user", "product"], name="watches_unique_product")]

    def __str__(self) -> str:
        return f"{self.user_id} watches {self.product_id}"


class Scenario(models.Model):
    """Assumptions of a user's calculation and what came out, kept to compare with later.

    `assumptions` and `result` are the request and the answer of `simulate`, decimals as strings.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="scenarios")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="scenarios")
    name = models.CharField(max_length=80)
    assumptions = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "scenarios"
        constraints = [
            models.UniqueConstraint(fields=["user", "opportunity", "name"], name="scenarios_unique_name")
        ]

    def __str__(self) -> str:
        return self.name
