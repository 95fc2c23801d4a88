"""The limits a new installation starts with; staff change them, nobody deletes them."""

from decimal import Decimal

from django.db import migrations

CURRENCIES = ("EUR", "USD")
LIMITS = (("global", "open", Decimal(20_000)), ("user", "day", Decimal(2_000)))


def seed(apps, schema_editor):
    limits = apps.get_model("trading", "ExposureLimit")
    for currency in CURRENCIES:
        for scope, period, amount in LIMITS:
            limits.objects.get_or_create(
                scope=scope, subject="", period=period, currency=currency, defaults={"amount": amount}
            )


def unseed(apps, schema_editor):
    """Leave the rows: executions may have used them."""


class Migration(migrations.Migration):
    """Seed the default limits."""

    dependencies = [("trading", "0002_ledger_triggers")]

    operations = [migrations.RunPython(seed, unseed)]
