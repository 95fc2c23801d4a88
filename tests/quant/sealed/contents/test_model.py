"""Contents that cannot exist are refused when they are made."""

import pytest

from quant.sealed.contents import (
    Alternative,
    Choice,
    Contents,
    ContentsError,
    Pack,
    PackConfiguration,
    SheetDraw,
)

SHEET = SheetDraw("common", ("a", "b"), (1, 1))


@pytest.mark.parametrize(
    "change",
    [
        {"cards": (), "weights": ()},
        {"weights": (1,)},
        {"cards": ("a", "a")},
        {"weights": (1, 0)},
        {"weights": (1, -1)},
        {"weights": (1, 1.5)},
        {"weights": (1, True)},
        {"draws": 0},
        {"draws": 3},
    ],
)
def test_impossible_sheet_is_refused_by_name(change):
    with pytest.raises(ContentsError) as caught:
        SheetDraw(**{"name": "rare", "cards": ("a", "b"), "weights": (1, 1), "draws": 1} | change)

    assert caught.value.where == "sheet rare"


def test_sheet_may_give_more_cards_than_it_has_when_they_repeat():
    assert SheetDraw("x", ("a",), (1,), draws=3, allow_duplicates=True).size == 3
    assert SheetDraw("x", ("a", "b"), (1, 2), draws=9, is_fixed=True).size == 3


def test_empty_parts_are_refused():
    for make in (
        lambda: PackConfiguration(1, ()),
        lambda: PackConfiguration(0, (SHEET,)),
        lambda: Pack("x", ()),
        lambda: Alternative(0, Contents()),
        lambda: Choice(1, True, ()),
        lambda: Choice(0, True, (Alternative(1, Contents()),)),
        lambda: Choice(2, False, (Alternative(1, Contents()),)),
        lambda: Contents(cards=(("a", 0),)),
        lambda: Contents(nested=((Contents(), -1),)),
    ):
        with pytest.raises(ContentsError):
            make()


def test_unknown_parts_are_collected_from_everything_inside_once():
    deck = Contents(unresolved=("deck Alpha",))
    pack = Contents(unresolved=("pack xyz", "deck Alpha"))
    choice = Choice(1, False, (Alternative(1, pack), Alternative(1, Contents())))

    box = Contents(nested=((deck, 2),), choices=((choice, 1),), unresolved=("promo",))

    assert box.all_unresolved() == ("promo", "deck Alpha", "pack xyz")
    assert deck.is_empty
    assert not box.is_empty
