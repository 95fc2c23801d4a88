"""Articles a source sells and the catalogue does not know: counted, listed, and matched by a person."""

from django.conf import settings
from django.db import models

from pricing.choices import UnmatchedStatus


class UnmatchedArticle(models.Model):
    """One outside id without a product. Names come from feeds; a suggestion is never applied by itself."""

    name_space = models.CharField(max_length=30, help_text="Whose id it is, e.g. mcm, tcgplayer.")
    external_id = models.CharField(max_length=100)
    name = models.CharField(max_length=255, blank=True)
    set_name = models.CharField(max_length=100, blank=True)
    set_code = models.CharField(max_length=16, blank=True)
    number = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=30, blank=True)
    product_type = models.CharField(max_length=50, blank=True)
    category = models.CharField(max_length=50, blank=True)
    seen_count = models.PositiveIntegerField(default=1, help_text="In how many batches it was seen.")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    suggestion = models.ForeignKey(
        "catalog.Product", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    suggestion_score = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)
    suggestion_reasons = models.JSONField(default=list, blank=True)
    suggested_at = models.DateTimeField(
        null=True, blank=True, help_text="When a suggestion was last looked for, found or not."
    )
    status = models.CharField(max_length=10, choices=UnmatchedStatus, default=UnmatchedStatus.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "unmatched_articles"
        constraints = [
            models.UniqueConstraint(
                fields=["name_space", "external_id"], name="unmatched_articles_unique_id"
            ),
            models.CheckConstraint(
                condition=models.Q(suggestion_score__isnull=True) | models.Q(suggestion_score__range=(0, 1)),
                name="unmatched_articles_score_range",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-suggestion_score", "id"], name="unmatched_articles_status"),
            models.Index(
                fields=["suggested_at", "id"],
                condition=models.Q(status="open") & ~models.Q(name=""),
                name="unmatched_articles_to_suggest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_space}:{self.external_id} {self.name}".rstrip()
