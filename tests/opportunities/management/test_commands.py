import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from common.clock import utc_now
from opportunities.models import Opportunity
from tests.opportunities.factories import make_deck
from tests.pricing.factories import make_product, observe, record

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_value_prints_one_json_object():
    deck = make_deck(at=utc_now())

    document = json.loads(run("value", str(deck.sealed.id), "--json"))

    assert document["product"]["name"] == "Dragon Deck"
    assert document["executable"]["profit"] == "16.00"


def test_value_is_readable_and_finds_outside_ids():
    box = make_product("Old Box", sealed=True, ids={"mcm": "587698"})
    record(observe(box, "10.00"), at=utc_now())

    text = run("value", "mcm:587698", "--floor", "0", "--fee-rate", "0.05")

    assert "Old Box" in text
    assert "10.00 EUR" in text
    assert "missing:" in text


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["value", "mcm:0"], 1),
        (["value", "not an id"], 1),
        (["value", "{deck}", "--floor", "ten"], 2),
        (["value", "{deck}", "--floor", "NaN"], 1),
        (["value", "{deck}", "--source", "nowhere"], 1),
        (["value", "{single}"], 1),
        (["analyze", "--product", "mcm:0"], 1),
        (["analyze", "--product", ""], 1),
        (["analyze", "--product", "{single}"], 1),
        (["analyze", "--all", "--explain"], 2),
        (["value", "{deck}", "--source", ""], 2),
    ],
)
def test_bad_input_is_one_clear_line(arguments: list[str], code: int):
    deck = make_deck()
    names = {"deck": deck.sealed.id, "single": deck.chase.id}

    with pytest.raises(CommandError) as refused:
        run(*(argument.format(**names) for argument in arguments))

    assert refused.value.returncode == code
    assert "\n" not in str(refused.value)


def test_analyze_all_reports_and_ranks():
    make_deck(at=utc_now())
    make_deck(at=utc_now(), cost="500.00")

    text = run("analyze", "--all")

    assert "2 sealed products at cardmarket: 1 opportunities opened" in text
    assert "no profit after all costs 1" in text
    assert "Dragon Deck" in text


def test_analyze_all_as_json():
    make_deck(at=utc_now())

    facts = json.loads(run("analyze", "--all", "--json"))

    assert (facts["opened"], facts["refusals"], facts["failed"]) == (1, {}, [])
    assert facts["best"] == [str(Opportunity.objects.get().pk)]


def test_analyze_explains_one_product():
    deck = make_deck(at=utc_now(), cost="500.00")

    text = run("analyze", "--product", str(deck.sealed.id), "--explain")

    assert "cardmarket: No profit after all costs" in text
    assert "gross 85.00, net 76.00 from 2 lines" in text


def test_an_empty_market_says_why_there_is_nothing():
    text = run("analyze", "--all")

    assert "No opportunity is active" in text


def test_analysing_a_single_says_what_to_do_instead():
    deck = make_deck()

    with pytest.raises(CommandError, match=r"Chase .*is a single: only sealed products.*--all"):
        run("analyze", "--product", str(deck.chase.id))


def test_only_the_products_of_a_game_are_analysed():
    deck = make_deck(at=utc_now())

    other = json.loads(run("analyze", "--game", "pokemon", "--json"))
    own = json.loads(run("analyze", "--game", deck.sealed.category, "--json"))

    assert (other["products"], own["products"]) == (0, 1)
    assert Opportunity.objects.count() == 1
