"""Named filters of a page of the dashboard."""

from django.conf import settings
from django.db import models

from common.ids import uuid7
from users.choices import PageName


class SavedView(models.Model):
    """What somebody looks at again and again: the query of a page's address, under a name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views", db_index=False
    )
    page = models.CharField(max_length=20, choices=PageName)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, blank=True, help_text="As in the address, without “?”.")
    is_default = models.BooleanField(default=False)
    is_shared = models.BooleanField(default=False, help_text="Others see it too; only the owner changes it.")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "saved_views"
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="saved_views_unique_name"),
            models.UniqueConstraint(
                fields=["user", "page"],
                condition=models.Q(is_default=True),
                name="saved_views_one_default",
            ),
        ]

    def __str__(self) -> str:
        return self.name
