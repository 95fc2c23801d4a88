from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from catalog.models import Venue

pytestmark = pytest.mark.django_db
migration = import_module("catalog.migrations.0002_venues")


def test_venues_are_seeded_with_their_currencies():
    seeded = dict(Venue.objects.values_list("code", "currency"))

    assert seeded.items() >= {
        "cardmarket": "EUR", "tcgplayer": "USD", "ebay": "USD", "amazon": "USD", "cardkingdom": "USD",
    }.items()  # fmt: skip


def test_seeding_again_leaves_edited_venues_alone():
    Venue.objects.filter(code="ebay").update(name="Our eBay")

    with connection.schema_editor(atomic=False) as editor:
        migration.add_venues(apps, editor)

    assert Venue.objects.get(code="ebay").name == "Our eBay"
