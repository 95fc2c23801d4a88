"""Flat lines: definitions of trials, probability and slot, and expected copies kept through rounding."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from hypothesis import given

from quant.sealed.contents import (
    MAX_SLOT_LENGTH,
    Alternative,
    Choice,
    Contents,
    FlatLine,
    FlatteningCache,
    Pack,
    PackConfiguration,
    SheetDraw,
    expected_copies,
    flatten,
    guaranteed_copies,
)

from ...strategies import contents

TINY = Decimal("0.0000000001")


def by_card(lines):
    return {(line.card, line.slot): (line.guaranteed, line.trials, line.probability) for line in lines}


@given(contents=contents())
def test_trials_times_probability_are_the_expected_copies(contents):
    copies: dict[str, Fraction] = defaultdict(Fraction)
    slack: dict[str, Fraction] = defaultdict(Fraction)
    for line in flatten(contents):
        copies[line.card] += line.trials * Fraction(1 if line.probability is None else line.probability)
        slack[line.card] += line.trials * Fraction(TINY)

    exact = expected_copies(contents)

    assert copies.keys() == exact.keys()
    assert all(abs(copies[card] - exact[card]) <= slack[card] for card in exact)


@given(contents=contents())
def test_lines_obey_the_rules_of_the_mapping(contents):
    lines = flatten(contents)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        assert line.trials >= 1
        if line.guaranteed:
            assert (line.probability, line.slot) == (None, "")
        else:
            assert line.probability is not None
            assert 0 <= line.probability <= 1
            assert line.probability == line.probability.quantize(TINY)
            assert 0 < len(line.slot) <= MAX_SLOT_LENGTH
            sums[line.slot] += line.probability
    assert all(total <= 1 for total in sums.values())
    assert len({(line.card, line.guaranteed, line.slot) for line in lines}) == len(lines)


@given(contents=contents())
def test_guaranteed_lines_are_the_guaranteed_copies(contents):
    assert {line.card: line.trials for line in flatten(contents) if line.guaranteed} == guaranteed_copies(
        contents
    )


@given(contents=contents())
def test_cache_changes_nothing(contents):
    cache = FlatteningCache()

    assert flatten(contents, cache=cache) == flatten(contents, cache=cache) == flatten(contents)


def test_trials_are_the_most_draws_over_configurations_times_packs():
    def commons(draws):
        return SheetDraw("common", ("a", "b", "c", "d"), (1, 1, 1, 1), draws)

    foil = SheetDraw("foil", ("a",), (1,))
    pack = Pack("neo-draft", (PackConfiguration(2, (commons(4),)), PackConfiguration(1, (commons(3), foil))))

    lines = by_card(flatten(Contents(packs=((pack, 36),))))

    assert lines[("a", "neo-draft/common")] == (False, 144, Decimal("0.2291666667"))
    assert lines[("a", "neo-draft/foil")] == (False, 36, Decimal("0.3333333333"))
    assert sum(p for (_, slot), (_, _, p) in lines.items() if slot == "neo-draft/common") == Decimal(
        "0.9166666667"
    )


def test_same_pack_in_two_places_is_one_line():
    pack = Pack("draft", (PackConfiguration(1, (SheetDraw("rare", ("r", "m"), (7, 1)),)),))
    box = Contents(packs=((pack, 36),))

    lines = flatten(Contents(nested=((box, 6),), packs=((pack, 2),)))

    assert lines == [
        FlatLine("r", False, 218, Decimal("0.8750000000"), "draft/rare"),
        FlatLine("m", False, 218, Decimal("0.1250000000"), "draft/rare"),
    ]


def test_fixed_sheet_is_guaranteed_only_where_every_pack_has_it():
    fixed = SheetDraw("welcome", ("a", "b"), (1, 2), 3, is_fixed=True)
    other = SheetDraw("rare", ("r",), (1,))
    always = Pack("welcome", (PackConfiguration(1, (fixed,)),))
    sometimes = Pack("mixed", (PackConfiguration(1, (fixed,)), PackConfiguration(3, (other,))))

    assert by_card(flatten(Contents(packs=((always, 2),)))) == {
        ("a", ""): (True, 2, None),
        ("b", ""): (True, 4, None),
    }
    assert by_card(flatten(Contents(packs=((sometimes, 2),)))) == {
        ("a", "mixed/welcome"): (False, 6, Decimal("0.0833333333")),
        ("b", "mixed/welcome"): (False, 6, Decimal("0.1666666667")),
        ("r", "mixed/rare"): (False, 2, Decimal("0.7500000000")),
    }


def test_choice_of_decks_is_a_slot_of_its_own():
    decks = tuple(Alternative(1, Contents(cards=((name, 60),))) for name in "abcde")

    lines = by_card(flatten(Contents(choices=((Choice(1, False, decks), 1),))))

    assert lines[("a", "choice 1")] == (False, 60, Decimal("0.2000000000"))
    assert len(lines) == 5


def test_choice_that_leaves_no_choice_is_guaranteed():
    one = Choice(2, True, (Alternative(5, Contents(cards=(("a", 1),))),))
    all_of_them = Choice(2, False, tuple(Alternative(1, Contents(cards=((name, 1),))) for name in "bc"))

    lines = by_card(flatten(Contents(choices=((one, 3), (all_of_them, 1)))))

    assert lines == {("a", ""): (True, 6, None), ("b", ""): (True, 1, None), ("c", ""): (True, 1, None)}


def test_packs_behind_a_choice_count_their_expected_number():
    pack = Pack("p", (PackConfiguration(1, (SheetDraw("s", ("x",), (1,)),)),))
    choice = Choice(
        1, False, (Alternative(1, Contents(packs=((pack, 3),))), Alternative(2, Contents(packs=((pack, 1),))))
    )

    assert flatten(Contents(choices=((choice, 1),))) == [
        FlatLine("x", False, 3, Decimal("0.5555555556"), "p/s")
    ]


def test_different_packs_of_one_name_keep_their_slots_apart():
    packs = [Pack("p" * 200, (PackConfiguration(1, (SheetDraw("s", (card,), (1,)),)),)) for card in "ab"]

    slots = {line.card: line.slot for line in flatten(Contents(packs=tuple((pack, 1) for pack in packs)))}

    assert slots["a"] != slots["b"]
    assert all(len(slot) <= MAX_SLOT_LENGTH for slot in slots.values())
