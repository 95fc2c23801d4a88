"""Remember which margin a person has reviewed, so that the next analysis does not ask again."""

from typing import Any

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = [("opportunities", "0006_alert_firings")]

    operations: list[Any] = [
        migrations.AddField(
            model_name="opportunity",
            name="reviewed_margin",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                editable=False,
                help_text="The margin a person found right; until it grows well beyond, no review is asked for.",
                max_digits=14,
                null=True,
            ),
        ),
    ]
