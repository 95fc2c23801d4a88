import pytest

from catalog.models import (
    BoosterPack,
    BoosterSheetCard,
    ContentsVersion,
    DeckCard,
    Product,
    ProductSingle,
    SealedContent,
)
from catalog.selectors import product_by_ident
from tests.catalog.factories import (
    ProductSingleFactory,
)

pytestmark = pytest.mark.django_db


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
    copies: dict[tuple[str, str], float] = {}
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
