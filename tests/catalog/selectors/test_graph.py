from decimal import Decimal
from fractions import Fraction

import pytest

from catalog.models import ContentAlternative, ContentChoice, SealedContent
from catalog.selectors import contents_graph, current_contents
from catalog.selectors.graph.loading import MAX_DEPTH
from catalog.selectors.impact import products_containing
from quant.sealed.contents import expected_copies
from tests.catalog.factories import (
    BoosterPackFactory,
    DeckFactory,
    ProductSingleFactory,
    SealedProductFactory,
    SingleFactory,
    state_contents,
)

pytestmark = pytest.mark.django_db


def graph_of(product):
    return contents_graph([product.id])[product.id]


def copies_of(product):
    return expected_copies(graph_of(product))


@pytest.fixture
def bear():
    return SingleFactory(name="Bear")


@pytest.fixture
def pack(bear):
    booster = BoosterPackFactory(
        code="draft", sheets=[("common", 2, [(bear, 1), (SingleFactory(), 3), (SingleFactory(), 1)])]
    )
    return SealedProductFactory(name="Pack", contents=[(booster, 1)])


def test_every_kind_of_content_is_expanded_down_to_the_cards(bear, pack):
    deck = DeckFactory(cards=[(bear, 4), (bear, 2, "foil")])
    box = SealedProductFactory(contents=[(pack, 3), (deck, 2), (bear, 1)])

    copies = copies_of(box)

    assert copies[bear.key, "foil"] == 4
    assert copies[bear.key, "nonfoil"] == 9 + 3 * (
        Fraction(1, 5) + Fraction(3, 5) * Fraction(1, 2) + Fraction(1, 5) * Fraction(1, 4)
    )
    assert graph_of(box).all_unresolved() == ()


def test_products_share_the_objects_of_what_they_share(pack):
    boxes = [SealedProductFactory(contents=[(pack, 36)]) for _ in range(2)]

    graph = contents_graph([box.id for box in boxes])

    first, second = (graph[box.id].nested[0][0] for box in boxes)
    assert first is second


def test_same_thing_on_many_lines_is_expanded_once(pack):
    box = SealedProductFactory(contents=[(pack, 2)] * 50)

    [(_, quantity)] = graph_of(box).nested

    assert quantity == 100


def test_number_of_queries_does_not_depend_on_the_number_of_products(
    pack, bear, django_assert_max_num_queries
):
    deck = DeckFactory(cards=[(bear, 1)])
    for _ in range(12):
        SealedProductFactory(contents=[(pack, 2), (deck, 1)])

    with django_assert_max_num_queries(15):
        assert len(contents_graph(None)) == 13


def test_nothing_asked_is_nothing_given(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert contents_graph([]) == {}


def test_inactive_products_are_left_out_of_all_but_still_valued_inside(pack):
    box = SealedProductFactory(contents=[(pack, 2)])
    pack.is_active = False
    pack.save()

    graph = contents_graph(None)

    assert set(graph) == {box.id}
    assert graph[box.id].nested


def test_product_about_which_nothing_is_stated_is_unknown_and_not_empty():
    box = SealedProductFactory(name="Mystery")

    assert graph_of(box).all_unresolved() == ("Contents unknown: Mystery",)
    assert graph_of(box).is_empty
    assert current_contents(box.id) is None


def test_unresolved_line_is_named(bear):
    box = SealedProductFactory(contents=[(bear, 1), ("Lost Deck (TST)", 1)])

    assert graph_of(box).all_unresolved() == ("Deck not in the catalogue: Lost Deck (TST)",)


def test_circle_ends_and_is_reported_wherever_it_is_entered(bear):
    a, b = SealedProductFactory(name="A"), SealedProductFactory(name="B")
    state_contents(a, [(b, 1)])
    state_contents(b, [(a, 1), (bear, 3)])
    around = SealedProductFactory(name="Around", contents=[(a, 1), (bear, 1)])

    graph = contents_graph([a.id, b.id, around.id])

    assert graph[a.id].all_unresolved() == ("Contains itself: A > B",)
    assert graph[b.id].all_unresolved() == ("Contains itself: B > A",)
    assert graph[around.id].all_unresolved() == ("Contains itself: A > B",)
    assert expected_copies(graph[b.id]) == {(bear.key, "nonfoil"): 3}


def test_product_that_holds_itself_is_reported():
    box = SealedProductFactory(name="Box")
    state_contents(box, [(box, 1)])

    assert graph_of(box).all_unresolved() == ("Contains itself: Box > Box",)


@pytest.mark.parametrize(("levels", "is_complete"), [(MAX_DEPTH, True), (MAX_DEPTH + 1, False)])
def test_nesting_is_followed_to_the_limit(levels, is_complete, bear):
    product = SealedProductFactory(contents=[(bear, 1)])
    for _ in range(levels):
        product = SealedProductFactory(contents=[(product, 2)])

    found = graph_of(product)

    assert (found.all_unresolved() == ()) is is_complete
    assert expected_copies(found) == ({(bear.key, "nonfoil"): 2**levels} if is_complete else {})


def test_incomplete_deck_and_pack_are_reported_by_name(bear):
    deck = DeckFactory(name="Half", missing=["1 x card u"], cards=[(bear, 1)])
    booster = BoosterPackFactory(code="draft", missing=["sheet rare: card u"], sheets=[("c", 3, [(bear, 1)])])
    box = SealedProductFactory(contents=[(deck, 1), (booster, 1)])

    assert graph_of(box).all_unresolved() == (
        "Booster sheets incomplete: TST draft: sheet rare: card u",
        "Deck list incomplete: Half (TST): 1 x card u",
    )


def test_pack_that_cannot_be_filled_is_reported(bear):
    booster = BoosterPackFactory(code="draft", sheets=[("common", 5, [(bear, 1)])])
    box = SealedProductFactory(contents=[(booster, 1)])

    [reason] = graph_of(box).all_unresolved()

    assert reason.startswith("Booster cannot be filled: TST draft")


def test_choice_takes_its_alternatives_by_weight(bear):
    wolf = SingleFactory()
    version = state_contents(SealedProductFactory(), [])
    choice = ContentChoice.objects.create(contents=version, position=0)
    for position, (single, weight) in enumerate([(bear, 3), (wolf, 1)]):
        alternative = ContentAlternative.objects.create(choice=choice, position=position, weight=weight)
        SealedContent.objects.create(
            contents=version,
            alternative=alternative,
            position=position,
            kind="card",
            single=single,
            finish="foil",
        )

    assert copies_of(version.product) == {
        (bear.key, "foil"): Fraction(3, 4),
        (wolf.key, "foil"): Fraction(1, 4),
    }


def test_lines_of_staff_describe_a_product_no_source_knows(bear):
    box, wolf = SealedProductFactory(), SingleFactory()
    ProductSingleFactory(sealed_product=box, single_product=bear, quantity=2)
    for single, chance in ((bear, "0.25"), (wolf, "0.5")):
        ProductSingleFactory(
            sealed_product=box, single_product=single, guaranteed=False, slot="rare", quantity=1,
            pull_probability=Decimal(chance), pull_basis="per_pack", packs_per_product=36,
        )  # fmt: skip

    assert copies_of(box) == {(bear.key, "nonfoil"): 2 + 9, (wolf.key, "nonfoil"): 18}
    assert graph_of(box).all_unresolved() == ()
    assert contents_graph([box.id], with_staff_lines=False)[box.id].is_empty


def test_products_that_hold_something_are_found_at_any_depth(bear, pack):
    box = SealedProductFactory(contents=[(pack, 36)])
    case = SealedProductFactory(contents=[(box, 6)])
    deck = DeckFactory(cards=[(bear, 1)])
    other = SealedProductFactory(contents=[(deck, 1)])
    booster = SealedContent.objects.get(contents__product=pack).pack
    assert booster is not None

    assert products_containing(pack_ids=[booster.id]) == {pack.id, box.id, case.id}
    assert products_containing(product_ids=[box.id]) == {box.id, case.id}
    assert products_containing(deck_ids=[deck.id]) == {other.id}
    assert products_containing() == set()


def test_replaced_contents_no_longer_hold_anything(pack, bear):
    box = SealedProductFactory(contents=[(pack, 36)])
    state_contents(box, [(bear, 1)])

    assert products_containing(product_ids=[pack.id]) == {pack.id}
    assert copies_of(box) == {(bear.key, "nonfoil"): 1}
