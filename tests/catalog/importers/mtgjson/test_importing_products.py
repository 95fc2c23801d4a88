from datetime import date, timedelta

import pytest
from django.db import connection

from catalog.models import (
    Product,
    ProductIdentifier,
    ProductSingle,
)
from catalog.selectors import product_by_ident
from common.models import AuditEvent
from tests.catalog.factories import (
    IdentifierFactory,
    SingleFactory,
)

pytestmark = pytest.mark.django_db

TABLES = (
    "products", "product_identifiers", "decks", "deck_cards", "booster_packs", "booster_sheets",
    "booster_sheet_cards", "booster_configurations", "booster_configuration_sheets", "contents_versions",
    "content_choices",
    "content_alternatives", "sealed_contents", "product_singles",
)  # fmt: skip


def everything():
    """Every row of the catalogue, times and ids included."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


def test_first_import_creates_everything_and_says_so(bring_in, tiny):
    report = bring_in(tiny)

    assert (report.source_date, report.source_version, report.sets) == ("2024-11-28", "5.2.2+20241128", 2)
    assert {name: tally.created for name, tally in report.tallies.items()} == {
        "cards": 7, "sealed_products": 9, "identifiers": ProductIdentifier.objects.count(), "decks": 1,
        "boosters": 1,
        "contents": 9,
    }  # fmt: skip
    assert report.mappings_written == ProductSingle.objects.count() > 0


def test_import_that_changes_something_is_recorded_once(bring_in, tiny):
    bring_in(tiny)
    bring_in(tiny)

    event = AuditEvent.objects.get(verb="catalog.imported")
    assert event.data["entities"]["cards"]["created"] == 7


def test_product_has_every_fact_of_the_source(bring_in, tiny):
    bring_in(tiny)

    wolf = Product.objects.get(set_code="TST", number="3")
    assert (wolf.name, wolf.set_name, wolf.product_type, wolf.category) == (
        "Wolf // Man",
        "Test Set",
        "single",
        "mtg",
    )
    assert (wolf.rarity, wolf.language, wolf.finishes) == ("rare", "English", ["nonfoil", "foil"])
    assert (wolf.released_on, wolf.tcg_product_id, wolf.is_active) == (date(2024, 2, 9), "2003", True)
    box = product_by_ident("mcm:5002")
    assert (box.sealed_kind, box.sealed_subtype, box.released_on) == (
        "booster_box",
        "draft",
        date(2024, 2, 9),
    )


def test_second_import_changes_no_row_at_all(bring_in, tiny, now):
    bring_in(tiny)
    before = everything()

    report = bring_in(tiny, now=now + timedelta(days=1))

    assert everything() == before
    assert (report.created_count, report.changed_count, report.mappings_written) == (0, 0, 0)


def test_changed_fact_updates_one_product_and_nothing_else(bring_in, tiny, now):
    bring_in(tiny)
    tiny["data"]["TST"]["cards"][0]["rarity"] = "special"

    report = bring_in(tiny, now=now + timedelta(days=1))

    forest = Product.objects.get(number="1")
    assert (forest.rarity, forest.updated_at) == ("special", now + timedelta(days=1))
    assert (report.created_count, report.changed_count) == (0, 1)


def test_both_faces_lead_to_one_product(bring_in, tiny):
    bring_in(tiny)

    assert product_by_ident("mtgjson:c-wolf-a") == product_by_ident("mtgjson:c-wolf-b")


def test_id_shared_by_a_plain_and_a_foil_printing_is_shared_out_by_finish(bring_in, tiny):
    report = bring_in(tiny)

    owners = ProductIdentifier.objects.filter(source="mcm", external_id="1001").values_list(
        "product__number", "finish"
    )
    assert set(owners) == {("1", "nonfoil"), ("1", "foil")}
    assert report.conflicts.counts["mcm"] == 1


def test_id_shared_without_overlap_is_no_conflict(bring_in, tiny):
    tiny["data"]["TST"]["cards"][0]["finishes"] = ["nonfoil"]

    report = bring_in(tiny)

    owners = ProductIdentifier.objects.filter(source="mcm", external_id="1001").values_list(
        "product__number", "finish"
    )
    assert set(owners) == {("1", "nonfoil"), ("1★", "foil")}
    assert report.conflicts.counts["mcm"] == 0
    assert Product.objects.get(number="1").tcg_product_id == "2001"
    assert Product.objects.get(number="1★").tcg_product_id is None


def test_etched_ids_carry_their_finish(bring_in, tiny):
    bring_in(tiny)

    ids = ProductIdentifier.objects.filter(product__number="2").values_list("source", "external_id", "finish")
    assert set(ids) >= {("tcgplayer", "2002", "etched"), ("ck", "3003", "etched"), ("mcm", "1002", "")}


def test_replaced_id_goes_and_an_id_of_staff_stays(bring_in, tiny):
    bring_in(tiny)
    bear = Product.objects.get(number="5")
    IdentifierFactory(product=bear, source="cardtrader", external_id="staff-1")
    next(c for c in tiny["data"]["TST"]["cards"] if c["uuid"] == "c-bear")["identifiers"]["mcmId"] = "1999"

    report = bring_in(tiny)

    ids = set(bear.identifiers.values_list("source", "external_id"))
    assert ("mcm", "1999") in ids
    assert ("mcm", "1005") not in ids
    assert ("cardtrader", "staff-1") in ids
    assert (report.tallies["identifiers"].created, report.tallies["identifiers"].updated) == (0, 1)


def test_tcgplayer_ids_may_swap_between_two_products(bring_in, tiny):
    bring_in(tiny)
    cards = {card["uuid"]: card["identifiers"] for card in tiny["data"]["TST"]["cards"]}
    cards["c-wolf-a"]["tcgplayerProductId"] = cards["c-wolf-b"]["tcgplayerProductId"] = "2002"
    cards["c-dragon"]["tcgplayerEtchedProductId"] = "2003"

    bring_in(tiny)

    assert Product.objects.get(number="3").tcg_product_id == "2002"
    assert Product.objects.get(number="2").tcg_product_id == "2003"


def test_product_that_staff_made_is_recognised_by_set_and_number(bring_in, tiny):
    mine = SingleFactory(set_code="TST", number="5", name="Baer", description="Kept")

    bring_in(tiny)

    mine.refresh_from_db()
    assert (mine.name, mine.description) == ("Bear", "Kept")
    assert product_by_ident("mtgjson:c-bear") == mine


def test_id_of_a_product_outside_the_source_is_left_to_it(bring_in, tiny):
    pokemon = SingleFactory(category="pokemon", tcg_product_id="2003")
    IdentifierFactory(product=pokemon, source="mcm", external_id="1003")

    report = bring_in(tiny)

    assert product_by_ident("mcm:1003") == pokemon
    assert Product.objects.get(set_code="TST", number="3").tcg_product_id is None
    assert report.conflicts.counts["mcm"] == 2


def test_soft_deleted_product_stays_deleted(bring_in, tiny):
    bring_in(tiny)
    Product.objects.filter(number="5").update(is_active=False)

    report = bring_in(tiny)

    assert Product.objects.get(number="5").is_active is False
    assert report.changed_count == 0
