"""The venues the price sources and fee schedules of R002 belong to."""

from django.db import migrations

VENUES = [
    # code, name, region, currency, kind, website
    ("cardmarket", "Cardmarket", "EU", "EUR", "marketplace", "https://www.cardmarket.com"),
    ("tcgplayer", "TCGplayer", "US", "USD", "marketplace", "https://www.tcgplayer.com"),
    ("ebay", "eBay", "US", "USD", "marketplace", "https://www.ebay.com"),
    ("amazon", "Amazon", "US", "USD", "marketplace", "https://www.amazon.com"),
    ("cardkingdom", "Card Kingdom", "US", "USD", "store", "https://www.cardkingdom.com"),
]


def add_venues(apps, schema_editor):
    """Add the venues that are not there yet; edited ones are left alone."""
    venue_model = apps.get_model("catalog", "Venue")
    for code, name, region, currency, kind, website in VENUES:
        venue_model.objects.using(schema_editor.connection.alias).get_or_create(
            code=code,
            defaults={"name": name, "region": region, "currency": currency, "kind": kind, "website": website},
        )


def remove_venues(apps, schema_editor):
    """Remove the venues this migration adds."""
    codes = [venue[0] for venue in VENUES]
    apps.get_model("catalog", "Venue").objects.using(schema_editor.connection.alias).filter(code__in=codes).delete()


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [migrations.RunPython(add_venues, remove_venues)]
