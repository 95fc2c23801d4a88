import json
import math
from uuid import UUID

import pytest

from catalog.importers.mtgjson import MtgjsonFileError, UnknownSets, import_mtgjson
from catalog.models import (
    ContentsVersion,
    Deck,
    DeckCard,
    Product,
    ProductSingle,
)
from catalog.selectors import product_by_ident
from tests.catalog.factories import (
    SealedProductFactory,
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
