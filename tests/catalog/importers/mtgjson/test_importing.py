import json
import math
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection

from catalog.importers.mtgjson import MtgjsonFileError, UnknownSets, import_mtgjson
from catalog.models import (
    BoosterPack,
    BoosterSheetCard,
    ContentsVersion,
    Deck,
    DeckCard,
    Product,
    ProductIdentifier,
    ProductSingle,
    SealedContent,
)
from catalog.selectors import product_by_ident
from tests.catalog.factories import (
    IdentifierFactory,
    ProductSingleFactory,
    SealedProductFactory,
    SingleFactory,
)

pytestmark = pytest.mark.django_db

TABLES = (
    "products", "product_identifiers", "decks", "deck_cards", "booster_packs", "booster_sheets",
    "booster_sheet_cards", "booster_configurations", "booster_configuration_sheets", "contents_versions", "content_choices",
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


def mapping(name):
    rows = ProductSingle.objects.filter(sealed_product__name=name).order_by(
        "single_product__number", "finish", "slot"
    )
    return [
        (
            row.single_product.number,
            row.finish,
            row.quantity,
            row.guaranteed,
            row.pull_probability and float(row.pull_probability),
        )
        for row in rows.select_related("single_product")
    ]


def current(name):
    return ContentsVersion.objects.get(product__name=name, is_current=True)


def sealed_of(tiny, uuid):
    return next(row for row in tiny["data"]["TST"]["sealedProduct"] if row["uuid"] == uuid)


def test_first_import_creates_everything_and_says_so(bring_in, tiny):
    report = bring_in(tiny)

    assert (report.source_date, report.source_version, report.sets) == ("2024-11-28", "5.2.2+20241128", 2)
    assert {name: tally.created for name, tally in report.tallies.items()} == {
        "cards": 7, "sealed_products": 9, "identifiers": ProductIdentifier.objects.count(), "decks": 1,
        "boosters": 1,
        "contents": 9,
    }  # fmt: skip
    assert report.mappings_written == ProductSingle.objects.count() > 0


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


def test_deck_counts_commander_and_sideboard_but_no_display_commander(bring_in, tiny):
    bring_in(tiny)

    cards = DeckCard.objects.values_list("single__number", "finish", "board", "quantity")
    assert set(cards) == {
        ("3", "foil", "commander", 1), ("1", "nonfoil", "main", 30), ("5", "nonfoil", "main", 2),
        ("4", "foil", "main", 1), ("5", "nonfoil", "side", 1),
    }  # fmt: skip


def test_draft_pack_is_the_default_booster_and_foils_that_only_exist_etched_are_etched(bring_in, tiny):
    bring_in(tiny)

    line = SealedContent.objects.get(contents__product__name="Test Draft Booster Pack")
    assert line.pack == BoosterPack.objects.get(set_code="TST", code="default")
    foil = BoosterSheetCard.objects.filter(sheet__name="foil").values_list(
        "single__number", "finish", "weight"
    )
    assert set(foil) == {("1", "foil", 2), ("2", "etched", 1)}


def test_mapping_of_a_deck_box_and_pack_follows_the_definitions(bring_in, tiny):
    bring_in(tiny)

    assert mapping("Test Commander Deck") == [
        ("1", "nonfoil", 30, True, None), ("3", "foil", 1, True, None), ("4", "foil", 1, True, None),
        ("5", "nonfoil", 3, True, None),
    ]  # fmt: skip
    copies = {}
    for number, finish, quantity, guaranteed, probability in mapping("Test Draft Booster Box"):
        assert guaranteed is False
        copies[number, finish] = copies.get((number, finish), 0) + quantity * probability
    assert copies["1", "nonfoil"] == pytest.approx(36 * (0.75 * 2 / 2 + 0.25 / 2))
    assert copies["3", "nonfoil"] == pytest.approx(36 * 7 / 8)
    assert copies["2", "etched"] == pytest.approx(36 * (1 / 8 + 0.25 / 3))
    assert sum(copies.values()) == pytest.approx(36 * 3)


def test_weighted_alternatives_become_random_lines(bring_in, tiny):
    bring_in(tiny)

    assert mapping("Test Drop") == [
        ("1", "foil", 1, False, 0.25), ("2", "etched", 1, True, None), ("5", "nonfoil", 1, False, 0.75),
    ]  # fmt: skip


def test_completeness_reaches_down_and_says_what_is_missing(bring_in, tiny):
    report = bring_in(tiny)

    assert current("Test Draft Booster Box Case").is_complete
    assert sorted(current("Test Starter").missing) == [
        "Booster not in the catalogue: TST collector", "Card not in the catalogue: Nobody (TST 99)",
        "Deck not in the catalogue: Lost Deck (TST)",
    ]  # fmt: skip
    assert current("Test Mystery Box").missing == ["Contents unknown: Test Mystery Box"]
    assert (
        current("Loop A").missing
        == ["Contains itself: Loop A > Loop B", "Contains itself: Loop B > Loop A"][:1]
    )
    assert (report.complete_products, report.incomplete_products) == (5, 4)
    assert report.incomplete["Contains itself"] == 2


def test_deck_that_appears_later_makes_a_new_version_and_a_complete_product(bring_in, tiny, now):
    lost = sealed_of(tiny, "p-missing")
    lost["contents"] = {"deck": lost["contents"]["deck"]}
    bring_in(tiny)
    tiny["data"]["TST"]["decks"].append({"name": "Lost Deck", "mainBoard": [{"uuid": "c-bear", "count": 4}]})

    report = bring_in(tiny)

    versions = ContentsVersion.objects.filter(product__name="Test Starter").order_by("version")
    assert [(v.version, v.is_current, v.is_complete) for v in versions] == [
        (1, False, False),
        (2, True, True),
    ]
    assert mapping("Test Starter") == [("5", "nonfoil", 4, True, None)]
    assert report.tallies["contents"].updated == 1


def test_changed_deck_rebuilds_only_the_products_that_hold_it(bring_in, tiny):
    bring_in(tiny)
    untouched = ProductSingle.objects.get(sealed_product__name="Test Drop", single_product__number="2")
    tiny["data"]["TST"]["decks"][0]["mainBoard"][1]["count"] = 9

    report = bring_in(tiny)

    assert report.mappings_written == 1
    assert ("5", "nonfoil", 10, True, None) in mapping("Test Commander Deck")
    assert ProductSingle.objects.get(id=untouched.id).updated_at == untouched.updated_at
    assert ContentsVersion.objects.filter(product__name="Test Commander Deck").count() == 1


def test_changed_booster_replaces_its_sheets_and_reaches_the_case(bring_in, tiny):
    bring_in(tiny)
    tiny["data"]["TST"]["booster"]["default"]["sheets"]["rare"]["cards"] = {"c-wolf-a": 1}

    report = bring_in(tiny)

    assert report.tallies["boosters"].updated == 1
    assert ("3", "nonfoil", 216, False, 1.0) in mapping("Test Draft Booster Box Case")
    assert (
        ProductSingle.objects.filter(sealed_product__name="Test Draft Booster Box", finish="etched").count()
        == 1
    )


def test_contents_that_staff_wrote_stay_current(bring_in, tiny):
    bring_in(tiny)
    ContentsVersion.objects.filter(product__name="Test Drop").update(source="staff")

    bring_in(tiny)

    assert current("Test Drop").source == "staff"
    assert (
        ContentsVersion.objects.filter(product__name="Test Drop", source="mtgjson", is_current=False).count()
        == 1
    )


def test_mapping_lines_of_staff_survive_and_win(bring_in, tiny):
    bring_in(tiny)
    deck, bear = product_by_ident("mcm:5003"), Product.objects.get(number="5")
    ProductSingle.objects.filter(sealed_product=deck, single_product=bear).delete()
    mine = ProductSingleFactory(sealed_product=deck, single_product=bear, quantity=77)
    tiny["data"]["TST"]["decks"][0]["mainBoard"][0]["count"] = 1

    bring_in(tiny)

    mine.refresh_from_db()
    assert mine.quantity == 77
    assert ProductSingle.objects.filter(sealed_product=deck, single_product=bear).count() == 1


def test_only_the_sets_asked_for_are_taken(bring_in, tiny):
    report = bring_in(tiny, sets=["old"])

    assert report.sets == 1
    assert list(Product.objects.values_list("set_code", flat=True)) == ["OLD"]


def test_decks_find_cards_of_sets_imported_before(bring_in, tiny):
    bring_in(tiny, sets=["OLD"])
    tiny["data"]["TST"]["decks"][0]["mainBoard"].append({"uuid": "c-old", "count": 2})

    bring_in(tiny, sets=["TST"])

    assert DeckCard.objects.get(single__set_code="OLD").quantity == 2
    assert Deck.objects.get().missing == []


def test_unknown_set_is_refused_and_nothing_is_written(bring_in, tiny):
    with pytest.raises(UnknownSets, match="XYZ"):
        bring_in(tiny, sets=["TST", "XYZ"])

    assert not Product.objects.exists()


def test_truncated_file_writes_nothing(tmp_path, tiny_file, now):
    path = tmp_path / "cut.json"
    path.write_bytes(tiny_file.read_bytes()[:-200])

    with pytest.raises(MtgjsonFileError):
        import_mtgjson(path, now=now)

    assert not Product.objects.exists()


def test_repeated_rows_are_counted_and_taken_once(bring_in, tiny):
    data = tiny["data"]
    data["TST"]["sealedProduct"].append(dict(sealed_of(tiny, "p-pack")))
    data["TST"]["decks"].append(dict(data["TST"]["decks"][0]))
    data["OLD"]["cards"].append({**data["TST"]["cards"][0], "number": "77"})
    data["COPY"] = {**data["OLD"], "code": "OLD"}

    report = bring_in(tiny)

    assert report.issues.counts["uuid_repeated"] == 2
    assert report.issues.counts["deck_repeated"] == 1
    assert report.issues.counts["set_repeated"] == 1


@pytest.mark.parametrize("count", [0, -5, 1.5, 10**12, "many"])
def test_senseless_count_makes_the_product_incomplete(count, bring_in, tiny):
    sealed_of(tiny, "p-box")["contents"]["sealed"][0]["count"] = count

    report = bring_in(tiny)

    assert current("Test Draft Booster Box").missing == [
        "Line of the source unreadable: a sealed line could not be read"
    ]
    assert report.issues.counts["contents_line_unreadable"] == 1


def test_pack_whose_sheet_has_unknown_cards_is_valued_as_far_as_known(bring_in, tiny):
    sheets = tiny["data"]["TST"]["booster"]["default"]["sheets"]
    sheets["rare"]["cards"] = {"c-nobody": 1}

    bring_in(tiny)

    version = current("Test Draft Booster Pack")
    assert not version.is_complete
    assert version.missing[0].startswith("Booster sheets incomplete: TST default")
    assert any(number == "1" for number, *_ in mapping("Test Draft Booster Pack"))


def test_card_line_whose_name_contradicts_its_number_is_unresolved(bring_in, tiny):
    sealed_of(tiny, "p-drop")["contents"] = {"card": [{"name": "Other", "number": "5", "set": "tst"}]}

    bring_in(tiny)

    assert current("Test Drop").missing == ["Card not in the catalogue: Other (TST 5)"]


def test_demo_products_are_never_taken_over(bring_in, tiny):
    demo = SealedProductFactory(name="Test Drop", is_demo=True)

    bring_in(tiny)

    assert product_by_ident("mcm:5004") != demo


def test_new_ids_are_time_ordered(bring_in, tiny):
    bring_in(tiny)

    assert all(UUID(str(key)).version == 7 for key in Product.objects.values_list("id", flat=True))


@pytest.mark.parametrize("value", ["a\x00b", 10**400, [], {"x": math.pi}])
def test_text_that_cannot_be_stored_does_not_stop_the_import(value, bring_in, tiny):
    for row in (tiny["data"]["TST"]["cards"][0], tiny["data"]["TST"]["sealedProduct"][0]):
        row["name"] = value
    tiny["data"]["TST"]["name"] = value

    report = bring_in(tiny)

    assert report.issues.counts["card_unreadable"] == 1
    assert json.dumps(report.as_data())


def test_real_sets_give_complete_decks_and_boxes(shared_data, now):
    path = shared_data / "tcg" / "mtgjson" / "AllPrintings.subset.json.xz"

    report = import_mtgjson(path, sets=["NEO", "NEC"], now=now)

    buckle_up = product_by_ident("mcm:587700")
    copies = ProductSingle.objects.filter(sealed_product=buckle_up)
    assert sum(copies.values_list("quantity", flat=True)) == 100
    assert current("Kamigawa Neon Dynasty Draft Booster Box").is_complete
    assert report.tallies["cards"].created == 691
    assert import_mtgjson(path, sets=["NEO", "NEC"], now=now).created_count == 0
