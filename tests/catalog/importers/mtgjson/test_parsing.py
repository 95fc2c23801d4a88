import json
import math
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.importers.mtgjson import Issues
from catalog.importers.mtgjson.parsing import fields, parse_set
from catalog.importers.mtgjson.parsing.contents import ContentsParser
from catalog.importers.mtgjson.records import IdentifierRecord
from tests.catalog.conftest import FIXTURES

TINY = json.loads((FIXTURES / "tiny.json").read_text())["data"]["TST"]


def parse(row, key="TST"):
    issues = Issues()
    return parse_set(key, row, issues=issues), issues


def contents(stated):
    issues = Issues()
    return ContentsParser("here", issues).parse(stated), issues


def card(**changes):
    return {
        "uuid": "u",
        "name": "Bear",
        "number": "5",
        "rarity": "common",
        "finishes": ["nonfoil"],
        **changes,
    }


def printing(**changes):
    record, _ = parse({"cards": [card(**changes)]})
    [found] = record.printings
    return found


def test_faces_of_one_printing_become_one_record_with_all_uuids():
    record, issues = parse(TINY)

    wolf = next(found for found in record.printings if found.number == "3")
    assert wolf.uuids == ("c-wolf-a", "c-wolf-b")
    assert [i for i in wolf.identifiers if i.source == "mcm"] == [IdentifierRecord("mcm", "1003", "")]
    assert len(record.printings) == 6
    assert not issues.counts


@pytest.mark.parametrize(
    ("finishes", "key", "finish"),
    [
        (["nonfoil", "foil"], "cardKingdomFoilId", "foil"),
        (["nonfoil", "foil"], "cardKingdomId", "nonfoil"),
        (["nonfoil", "foil"], "mcmId", ""),
        (["etched"], "tcgplayerEtchedProductId", "etched"),
        (["etched"], "cardKingdomFoilId", "etched"),
        (["foil"], "cardKingdomId", "foil"),
        (["foil", "etched"], "cardKingdomId", ""),
    ],
)
def test_identifier_names_the_finish_it_is_for(finishes, key, finish):
    found = printing(finishes=finishes, identifiers={key: "77"})

    assert [(i.external_id, i.finish) for i in found.identifiers] == [("77", finish)]


@pytest.mark.parametrize(
    ("changes", "finishes"),
    [
        ({"finishes": ["nonfoil", "foil", "plaid", 7]}, ("nonfoil", "foil")),
        ({"finishes": None, "hasFoil": True, "hasNonFoil": True}, ("nonfoil", "foil")),
        ({"finishes": None, "hasFoil": True, "hasNonFoil": False}, ("foil",)),
        ({"finishes": []}, ("nonfoil",)),
    ],
)
def test_finishes_are_read_from_new_and_old_files(changes, finishes):
    assert printing(**changes).finishes == finishes


@pytest.mark.parametrize(
    "broken",
    [{"uuid": None}, {"name": ""}, {"number": None}, {"name": ["x"]}, {"uuid": "a\x00b"}, {"name": "\ud800"}],
)
def test_card_without_identity_is_skipped_and_counted(broken):
    record, issues = parse({"cards": [card(**broken), card()]})

    assert len(record.printings) == 1
    assert issues.counts["card_unreadable"] == 1


def test_numbers_are_accepted_where_text_is_meant():
    assert printing(number=7, identifiers={"mcmId": 12}).identifiers[0].external_id == "12"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-09", (date(2024, 2, 9), True)), (None, (None, True)), ("2024-13-01", (None, False)),
        (7, (None, False)), ("0024-01-01", (None, False)),
    ],
)  # fmt: skip
def test_dates_are_read_or_refused(text, expected):
    assert fields.day({"d": text}, "d") == expected


@pytest.mark.parametrize(
    "value", [True, math.nan, math.inf, 1.5, "3", None, 2**80, Decimal("NaN"), Decimal("1e99"), []]
)
def test_what_is_no_whole_number_is_none(value):
    assert fields.whole(value) is None


def test_display_commander_is_no_line_and_the_sideboard_is():
    record, _ = parse(TINY)

    [deck] = record.decks
    assert [(c.uuid, c.quantity, c.finish, c.board) for c in deck.cards] == [
        ("c-wolf-a", 1, "foil", "commander"),
        ("c-forest", 30, "nonfoil", "main"),
        ("c-bear", 2, "nonfoil", "main"),
        ("c-promo", 1, "nonfoil", "main"),
        ("c-bear", 1, "nonfoil", "side"),
    ]


@pytest.mark.parametrize("count", [0, -1, 1.5, "3", 10**9, True])
def test_deck_line_with_a_senseless_count_is_a_problem_of_the_deck(count):
    record, issues = parse({"decks": [{"name": "D", "mainBoard": [{"uuid": "u", "count": count}]}]})

    assert record.decks[0].cards == ()
    assert record.decks[0].problems
    assert issues.counts["deck_line_unreadable"] == 1


@pytest.mark.parametrize(
    ("weight", "is_problem"), [(0, False), (-3, True), ("x", True), (1.5, True), (None, True)]
)
def test_sheet_weight_that_is_not_positive_is_left_out(weight, is_problem):
    booster = {
        "boosters": [{"contents": {"s": 1}, "weight": 1}],
        "sheets": {"s": {"cards": {"a": 1, "b": weight}}},
    }

    record, issues = parse({"booster": {"draft": booster}})

    assert record.boosters[0].sheets[0].cards == (("a", 1),)
    assert bool(record.boosters[0].problems) is is_problem
    assert issues.counts["weight_not_positive"] == 1


def test_configuration_that_names_an_absent_sheet_makes_the_pack_incomplete():
    booster = {
        "boosters": [{"contents": {"s": 1, "absent": 2}, "weight": 1}],
        "sheets": {"s": {"cards": {"a": 1}}},
    }

    record, _ = parse({"booster": {"draft": booster}})

    assert record.boosters[0].configurations == ((1, (("s", 1),)),)
    assert "absent" in record.boosters[0].problems[0]


@pytest.mark.parametrize(
    "booster", [{}, {"boosters": []}, {"boosters": [{"weight": 0, "contents": {}}]}, {"boosters": [7]}]
)
def test_booster_without_a_usable_configuration_is_skipped(booster):
    record, issues = parse({"booster": {"draft": booster}})

    assert record.boosters == ()
    assert issues.counts["booster_unreadable"] == 1


def pick(name, **more):
    return {"card": [{"name": name, "set": "tst", "number": "1"}], **more}


def drawn(record):
    [choice] = record.choices
    return [(a.weight, [line.name for line in a.lines]) for a in choice.alternatives]


def test_one_entry_of_several_configs_is_one_choice():
    record, _ = contents(
        {"variable": [{"configs": [
            pick("A", variable_config=[{"chance": 3, "weight": 4}]),
            pick("B", variable_config=[{"chance": 1, "weight": 4}]),
        ]}]}
    )  # fmt: skip

    assert drawn(record) == [(3, ["A"]), (1, ["B"])]


def test_several_entries_of_one_config_are_one_choice_too():
    record, _ = contents({"variable": [{"configs": [pick("A", chance=3)]}, {"configs": [pick("B")]}]})

    assert drawn(record) == [(3, ["A"]), (1, ["B"])]


def test_several_entries_of_several_configs_are_independent_choices():
    entry = {"configs": [pick("A"), pick("B")]}

    record, _ = contents({"variable": [entry, entry]})

    assert len(record.choices) == 2


def test_only_one_possible_alternative_is_certain():
    record, _ = contents(
        {"variable": [{"configs": [pick("A", chance=0)]}, {"configs": [pick("B", chance=1)]}]}
    )

    assert record.choices == ()
    assert [line.name for line in record.lines] == ["B"]


def test_chances_below_their_total_leave_a_chance_of_nothing():
    record, _ = contents(
        {"variable": [{"configs": [pick("A", variable_config=[{"chance": 1, "weight": 4}])]}]}
    )

    assert drawn(record) == [(1, ["A"]), (3, [])]


def test_chances_above_their_total_are_a_problem():
    record, issues = contents(
        {"variable": [{"configs": [pick("A", variable_config=[{"chance": 9, "weight": 4}]), pick("B")]}]}
    )

    assert issues.counts["probability_above_one"] == 1
    assert record.problems


@pytest.mark.parametrize("chance", [-1, "x", math.nan, 1e300])
def test_alternative_with_a_senseless_chance_is_a_problem(chance):
    record, issues = contents({"variable": [{"configs": [pick("A", chance=chance), pick("B"), pick("C")]}]})

    assert [names for _, names in drawn(record)] == [["B"], ["C"]]
    assert issues.counts["weight_not_positive"] == 1


def test_variable_mode_states_draws_and_replacement():
    record, _ = contents(
        {
            "variable": [{"configs": [pick(name)]} for name in "ABC"],
            "variable_mode": {"count": 2, "replacement": True},
        }
    )

    assert (record.choices[0].draws, record.choices[0].with_replacement) == (2, True)


def test_choice_inside_an_alternative_is_multiplied_out():
    inner = {"variable": [{"configs": [pick("X", chance=1), pick("Y", chance=2)]}], "chance": 3}

    record, _ = contents({"variable": [{"configs": [pick("A", chance=1), inner]}]})

    assert drawn(record) == [(1, ["A"]), (1, ["X"]), (2, ["Y"])]


@pytest.mark.parametrize(
    ("row", "finish"),
    [
        ({"foil": True}, "foil"), ({}, "nonfoil"), ({"finishes": ["etched"]}, "etched"),
        ({"foil": True, "finishes": ["etched"]}, "etched"), ({"etched": True}, "etched"),
    ],
)  # fmt: skip
def test_finish_of_a_card_line(row, finish):
    record, _ = contents({"card": [{"name": "A", "set": "tst", "number": "1", **row}]})

    assert record.lines[0].finish == finish


def test_endless_contents_are_refused_as_a_whole():
    record, _ = contents({"other": [{"name": "x"}] * 5_001})

    assert record.lines == ()
    assert record.problems == ("more than 5,000 lines",)


def test_endless_configurations_are_refused():
    booster = {"boosters": [{"contents": {"s": 1}}] * 5_001, "sheets": {"s": {"cards": {"a": 1}}}}

    record, issues = parse({"booster": {"draft": booster}})

    assert record.boosters == ()
    assert issues.counts["booster_unreadable"] == 1


def test_token_line_is_an_item_that_is_no_article():
    record, _ = contents({"card": [{"name": "Goblin", "set": "tst", "number": "1", "token": True}]})

    assert record.lines[0].kind == "other"


@pytest.mark.parametrize(
    "value", [None, [], 7, "x", {"card": 7}, {"card": [None]}, {"pack": [{}]}, {"variable": [7]}]
)
def test_unreadable_contents_never_raise(value):
    record, _ = contents(value)

    assert record.lines == ()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


def places(value, path=()):
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*path, key))
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from places(value[index], (*path, index))


PLACES = [path for path in places(TINY) if path]


def mutated(value, path, replacement):
    if not path:
        return replacement
    head, *rest = path
    if isinstance(value, dict):
        return {**value, head: mutated(value[head], rest, replacement)} if head in value else value
    if isinstance(value, list) and isinstance(head, int) and head < len(value):
        return [*value[:head], mutated(value[head], rest, replacement), *value[head + 1 :]]
    return value


@given(st.lists(st.tuples(st.sampled_from(PLACES), json_values), min_size=1, max_size=4))
def test_any_value_anywhere_is_read_or_reported_and_never_raises(changes):
    row = TINY
    for path, replacement in changes:
        row = mutated(row, path, replacement)

    record, issues = parse(row)

    assert record is not None
    assert all(sheet_card[1] >= 1 for b in record.boosters for s in b.sheets for sheet_card in s.cards)
    assert all(line.quantity >= 1 for p in record.sealed for line in p.contents.lines)
    assert all(a.weight >= 1 for p in record.sealed for c in p.contents.choices for a in c.alternatives)
    assert json.dumps(issues.as_data(), ensure_ascii=True)


@given(json_values)
def test_any_json_value_as_a_set_never_raises(value):
    record, issues = parse(value)

    assert record is not None or issues.counts["set_unreadable"] == 1
