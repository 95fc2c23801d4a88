"""What the contents audit found odd, for staff to judge."""

from django.db import models

from common.ids import uuid7
from opportunities.choices import ContentsCheck, FindingState


class ContentsFinding(models.Model):
    """One doubt about the contents of a product, with its reason in words and figures.

    A finding that is found again keeps its row; one that is no longer found is resolved by the next audit.
    `accepted` is a person's judgement that the data is right, and survives later audits.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    check_code = models.CharField(max_length=40, choices=ContentsCheck)
    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="contents_findings")
    other_product = models.ForeignKey(
        "catalog.Product", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=500)
    details = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=20, choices=FindingState, default=FindingState.OPEN)
    judged_reason = models.CharField(max_length=200, blank=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "contents_findings"
        constraints = [
            models.UniqueConstraint(
                fields=["check_code", "product", "other_product"],
                name="contents_findings_unique",
                nulls_distinct=False,
            )
        ]
        indexes = [models.Index(fields=["state", "check_code"], name="contents_findings_state")]

    def __str__(self) -> str:
        return self.reason
