"""A leg remembers whether its order went to a venue or was on paper: who may say that nothing happened."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add one column."""

    dependencies = [("trading", "0007_spread_triggers")]

    operations = [
        migrations.AddField(
            model_name="legorder",
            name="left_house",
            field=models.BooleanField(
                default=False,
                help_text="It went to a venue: from then on only the venue knows what became of it.",
            ),
        )
    ]
