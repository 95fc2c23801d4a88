"""Let the list be read from one index: a deep page then visits no row that it does not show."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies: list[tuple[str, str]] = [("opportunities", "0007_reviewed_margin")]

    operations: list[Any] = [
        AddIndexConcurrently(
            "opportunity",
            models.Index(
                fields=["status", "-rank_score", "-net_profit", "created_at", "id"],
                include=["needs_review", "expires_at"],
                name="opportunities_ranked",
            ),
        ),
        RemoveIndexConcurrently("opportunity", "opportunities_ranking"),
    ]
