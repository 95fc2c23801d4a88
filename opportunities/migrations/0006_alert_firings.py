
import common.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('opportunities', '0005_first_quotes'),
    ]

    operations = [
        migrations.CreateModel(
            name='AlertFiring',
            fields=[
                ('id', models.UUIDField(default=common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('opened_at', models.DateTimeField(help_text='The opening it matched in.')),
                ('fired_at', models.DateTimeField(blank=True, null=True)),
                ('has_stopped', models.BooleanField(default=False)),
                ('count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'db_table': 'alert_firings',
            },
        ),
        migrations.AddField(
            model_name='alertdelivery',
            name='is_repeat',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='alertdelivery',
            name='sending_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='alertdelivery',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='alert_deliveries_waiting'),
        ),
        migrations.AddField(
            model_name='alertfiring',
            name='opportunity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alert_firings', to='opportunities.opportunity'),
        ),
        migrations.AddField(
            model_name='alertfiring',
            name='rule',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='firings', to='opportunities.alertrule'),
        ),
        migrations.AddConstraint(
            model_name='alertfiring',
            constraint=models.UniqueConstraint(fields=('rule', 'opportunity'), name='alert_firings_unique_pair'),
        ),
    ]
