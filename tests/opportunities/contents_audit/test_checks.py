"""The checks, each on a product that is wrong and on a neighbour that is right."""

from datetime import timedelta

import pytest

from catalog.choices import ContentKind
from catalog.models import Product, SealedContent
from opportunities.choices import ContentsCheck
from opportunities.contents_audit import Finding, find_doubts
from opportunities.contents_audit.graph import load_audit_graph
from tests.catalog.factories import (
    BoosterPackFactory,
    DeckFactory,
    SealedProductFactory,
    SingleFactory,
    state_contents,
)
from tests.pricing.factories import NOW, observe, record

pytestmark = pytest.mark.django_db


def sealed(kind: str, subtype: str = "draft", *contents: tuple[object, int], **facts: object) -> Product:
    return SealedProductFactory(
        sealed_kind=kind, sealed_subtype=subtype, contents=list(contents) or None, **facts
    )


def pack(subtype: str = "draft") -> Product:
    return sealed("booster_pack", subtype, (BoosterPackFactory(), 1))


def doubts(check: ContentsCheck) -> list[Finding]:
    _, found = find_doubts()
    return [finding for finding in found if finding.check == check]


def family(count: int, size: int = 6) -> list[Product]:
    return [sealed("booster_box", "draft", (pack(), count)) for _ in range(size)]


def priced(product: Product, price: str, *, days_ago: int = 0) -> None:
    record(observe(product, price), at=NOW - timedelta(days=days_ago))


def test_a_play_case_with_the_collector_boxes_of_its_neighbour_is_doubted():
    boxes = sealed("booster_box", "collector", (pack("collector"), 12))
    right = sealed("booster_case", "collector", (boxes, 6), name="Collector Case")
    wrong = sealed("booster_case", "play", (boxes, 6), name="Play Case")

    (same,) = doubts(ContentsCheck.SAME_CONTENTS)
    (child,) = doubts(ContentsCheck.WRONG_CHILD)

    assert (same.product, same.other) == (wrong.pk, right.pk)
    assert same.reason == "Play Case (TST) is said to hold exactly what Collector Case (TST) holds."
    assert (child.product, child.other, child.details["count"]) == (wrong.pk, boxes.pk, 6)


def test_same_contents_in_another_language_or_with_other_items_beside_are_judged_by_the_cards():
    deck = DeckFactory(cards=[(SingleFactory(), 60)])
    first = sealed("deck_box", "commander", (deck, 4), name="A Display")
    SealedContent.objects.create(
        contents=first.contents_versions.get(), position=9, kind=ContentKind.OTHER, name="Life counter"
    )
    second = sealed("subset", "commander", (deck, 4), name="B Set of four")
    sealed("subset", "commander", (deck, 4), name="C Set of four", language="Japanese")
    sealed("subset", "commander", (deck, 3), name="D Set of three")

    (found,) = doubts(ContentsCheck.SAME_CONTENTS)

    assert {found.product, found.other} == {first.pk, second.pk}


@pytest.mark.parametrize(
    ("parent", "child", "is_doubted"),
    [
        ("booster_box", "booster_case", True),
        ("booster_box", "booster_box", True),
        ("booster_box", "booster_pack", False),
        ("booster_case", "booster_pack", True),
        ("booster_case", "booster_case", False),
        ("limited_case", "booster_pack", True),
        ("bundle", "booster_box", True),
        ("bundle", "booster_pack", False),
        ("deck", "booster_case", True),
        ("deck", "booster_pack", False),
        ("box_set", "booster_box", False),
    ],
)
def test_a_child_of_the_wrong_kind_is_doubted(parent: str, child: str, is_doubted: bool):
    sealed(parent, "draft", (sealed(child, "draft", (BoosterPackFactory(), 1)), 4))

    assert bool(doubts(ContentsCheck.WRONG_CHILD)) is is_doubted


def test_a_topper_beside_the_packs_is_no_wrong_subtype():
    sealed("booster_box", "draft", (pack("draft"), 36), (pack("topper"), 1))

    assert doubts(ContentsCheck.WRONG_CHILD) == []


def test_a_box_of_single_cards_is_doubted_and_one_with_a_promo_is_not():
    wrong = sealed("booster_box", "draft", (SingleFactory(), 15))
    sealed("booster_box", "draft", (pack(), 36), (SingleFactory(), 1))
    sealed("booster_box", "draft")  # nothing is known of it

    (found,) = doubts(ContentsCheck.WRONG_CHILD)

    assert (found.product, found.other) == (wrong.pk, None)


def test_a_box_of_thirty_five_packs_is_doubted_among_boxes_of_thirty_six():
    family(36)
    wrong = sealed("booster_box", "draft", (pack(), 35))

    (found,) = doubts(ContentsCheck.ODD_COUNT)

    assert found.product == wrong.pk
    assert found.details == {"count": 35, "usual": 36, "siblings": 7, "siblings_with_this_count": 1}
    assert "6 of 7 products of its kind hold 36." in found.reason


def test_two_usual_counts_and_small_families_tell_nothing():
    family(36, size=4)
    family(30, size=4)
    sealed("booster_case", "draft", (sealed("booster_box", "draft", (pack(), 36)), 12))

    assert doubts(ContentsCheck.ODD_COUNT) == []


def test_more_than_a_hundred_of_one_child_are_doubted_without_siblings():
    wrong = sealed("booster_box", "draft", (pack(), 101))
    sealed("booster_box", "set", (pack("set"), 100))

    assert [found.product for found in doubts(ContentsCheck.ODD_COUNT)] == [wrong.pk]


def test_decks_of_a_display_are_counted_together():
    def display(*counts: int) -> Product:
        decks = [(sealed("deck", "theme", (DeckFactory(), 1)), count) for count in counts]
        return sealed("deck_box", "theme", *decks)

    for _ in range(5):
        display(3, 3, 3, 3)
    display(4, 4, 4)
    wrong = display(4, 3, 3)

    assert [(f.product, f.details["count"]) for f in doubts(ContentsCheck.ODD_COUNT)] == [(wrong.pk, 10)]


def test_a_box_dearer_than_its_case_is_doubted():
    box = sealed("booster_box", "draft", (pack(), 36))
    case = sealed("booster_case", "draft", (box, 6))
    priced(box, "130.00")
    priced(case, "120.00")

    (found,) = doubts(ContentsCheck.DEARER_THAN_CASE)

    assert (found.product, found.other) == (box.pk, case.pk)
    assert found.details == {
        "count": 6, "source": "cardmarket", "currency": "EUR", "price": "130.00", "case_price": "120.00",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("price", "count", "days_ago"),
    [("100.00", 6, 0), ("130.00", 1, 0), ("130.00", 6, 8)],
    ids=["cheaper", "only one of it", "observed at another time"],
)
def test_other_prices_are_no_doubt(price: str, count: int, days_ago: int):
    box = sealed("booster_box", "draft", (pack(), 36))
    case = sealed("booster_case", "draft", (box, count))
    priced(case, "120.00")
    priced(box, price, days_ago=days_ago)

    assert doubts(ContentsCheck.DEARER_THAN_CASE) == []


def test_a_pack_that_costs_three_times_as_much_in_one_product_is_doubted():
    single = pack()
    box = sealed("booster_box", "draft", (single, 36))
    case = sealed("booster_case", "draft", (box, 6))
    gift = sealed("bundle", "gift", (single, 3), name="Gift Box")
    for product, price in ((single, "4.00"), (box, "126.00"), (case, "720.00"), (gift, "36.00")):
        priced(product, price)  # 4.00, 3.50, 3.33 and 12.00 a pack

    (found,) = doubts(ContentsCheck.PACK_PARITY)

    assert (found.product, found.details["per_pack"], found.details["usual_per_pack"]) == (
        gift.pk, "12.00", "3.50",
    )  # fmt: skip
    assert found.details["packs"] == 3


def test_packs_of_another_language_and_products_with_decks_are_not_compared():
    single = pack()
    box = sealed("booster_box", "draft", (single, 36))
    bundle = sealed("bundle", "draft", (single, 4))
    with_deck = sealed("bundle", "draft", (single, 3), (DeckFactory(cards=[(SingleFactory(), 60)]), 1))
    foreign = sealed("booster_box", "draft", (single, 2), language="Japanese")
    for product, price in ((single, "4"), (box, "126"), (bundle, "15"), (with_deck, "90"), (foreign, "80")):
        priced(product, price)

    assert doubts(ContentsCheck.PACK_PARITY) == []


def test_two_prices_tell_nothing_about_the_usual_one():
    single = pack()
    box = sealed("booster_box", "draft", (single, 36))
    priced(single, "40.00")
    priced(box, "100.00")

    assert doubts(ContentsCheck.PACK_PARITY) == []


def test_a_product_inside_itself_ends():
    first, second = sealed("bundle"), sealed("bundle")
    state_contents(first, [(second, 1)])
    state_contents(second, [(first, 1)])

    assert load_audit_graph().packs == {}


def test_packs_are_counted_all_the_way_down():
    kind = BoosterPackFactory()
    box = sealed("booster_box", "draft", (sealed("booster_pack", "draft", (kind, 1)), 36), (kind, 2))
    case = sealed("booster_case", "draft", (box, 6))

    assert load_audit_graph().packs[case.pk] == {kind.pk: 228}


def test_products_out_of_use_are_not_looked_at():
    wrong = sealed("booster_box", "draft", (pack(), 101))
    Product.objects.filter(pk=wrong.pk).update(is_active=False)

    count, found = find_doubts()

    assert (found, count) == ([], Product.objects.filter(product_type="sealed", is_active=True).count())
