from datetime import timedelta
from decimal import Decimal

import pytest

from opportunities.errors import NotSealed, ValueOptionRefused
from opportunities.services.value_document import value_document
from opportunities.services.value_options import ValueOptions
from opportunities.services.valuing import value_product
from pricing.errors import UnknownPriceSource
from tests.catalog.factories import state_contents
from tests.opportunities.factories import make_deck, put_inside
from tests.pricing.factories import NOW, make_held, make_product, observe, record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _default_policy(settings):
    settings.CARDS_SINGLE_FLOORS = {"EUR": Decimal("1.00")}
    settings.CARDS_FIXED_COST = Decimal(0)


def value(product, *, now=NOW, **options):
    return value_document(value_product(product=product, options=ValueOptions(**options), now=now), now=now)


def test_the_document_holds_the_figures_computed_by_hand():
    document = value(make_deck(seller_count=2).sealed)

    assert (document["currency"], document["expected_value"], document["as_of"]) == (
        "EUR",
        "85.00",
        "2026-11-20T12:00:00Z",
    )
    assert document["cost"]["price"] == "60.00"
    assert document["naive_margin_percentage"] == "41.66"
    assert document["executable"] == {
        "value": "76.00",
        "cost": "60.00",
        "profit": "16.00",
        "margin_percentage": "26.66",
        "lines_counted": 2,
    }
    assert document["probability_of_profit"] == "1.0000"
    assert set(document["percentiles"].values()) == {"85.00"}
    assert (document["contents"]["complete"], document["contents"]["coverage"]) == (True, "1.0000")
    assert document["risk_level"] == "high"


def test_lines_are_ordered_by_value_and_say_what_they_are():
    deck = make_deck()

    lines = value(deck.sealed)["contents"]["lines"]

    assert [(line["name"], line["expected_copies"], line["price"], line["value"]) for line in lines] == [
        ("Chase", "1", "40.00", "40.00"),
        ("Solid", "2", "20.00", "40.00"),
        ("Bulk", "10", "0.50", "5.00"),
    ]
    assert [line["counted"] for line in lines] == [True, True, False]


def test_a_floor_drops_singles_from_every_figure():
    document = value(make_deck().sealed, floor=Decimal(30), fee_rate=Decimal(0))

    assert (document["expected_value"], document["executable"]["value"]) == ("40.00", "40.00")
    assert set(document["percentiles"].values()) == {"40.00"}
    assert [line["value"] for line in document["contents"]["lines"]] == ["40.00", "0.00", "0.00"]


def test_no_floor_keeps_every_single():
    document = value(make_deck().sealed, floor=Decimal(0), fee_rate=Decimal(0))

    assert document["expected_value"] == document["executable"]["value"] == "85.00"


def test_a_flat_rate_is_taken_off_the_total():
    document = value(make_deck().sealed, floor=Decimal(0), fee_rate=Decimal("0.05"))

    assert document["executable"]["value"] == "80.75"


@pytest.mark.parametrize(("rate", "chance"), [("0.29", "1.0000"), ("0.30", "0.0000"), ("1", "0.0000")])
def test_the_chance_of_profit_is_judged_after_the_rate(rate: str, chance: str):
    document = value(make_deck().sealed, floor=Decimal(0), fee_rate=Decimal(rate))  # 85.00 x 0.7 = 59.50

    assert document["probability_of_profit"] == chance


def test_a_fixed_cost_raises_the_cost():
    document = value(make_deck().sealed, fixed_cost=Decimal("6.50"))

    assert (document["executable"]["cost"], document["executable"]["profit"]) == ("66.50", "9.50")


def test_another_statistic_is_used_for_singles_and_cost():
    deck = make_deck()
    record(
        observe(deck.sealed, "50.00", "low"),
        observe(deck.chase, "30.00", "low"),
        observe(deck.solid, "10.00", "low"),
    )

    document = value(deck.sealed, price_type="low", floor=Decimal(0), fee_rate=Decimal(0))

    assert (document["cost"]["price"], document["cost"]["low"], document["cost"]["price_type"]) == (
        "50.00",
        "50.00",
        "low",
    )
    assert (document["expected_value"], document["contents"]["coverage"]) == ("50.00", "0.2307")
    assert "coverage" in document["flags"]


def test_market_is_the_sources_own_statistic():
    deck = make_deck()

    assert value(deck.sealed, price_type="market") == value(deck.sealed)


def test_without_a_price_there_is_no_cost_and_no_margin():
    document = value(make_deck(cost=None).sealed)

    assert document["cost"]["price"] is None
    assert document["executable"]["margin_percentage"] is document["probability_of_profit"] is None
    assert document["risk_level"] is document["naive_margin_percentage"] is None
    assert {"no_price"} <= set(document["flags"])
    assert document["expected_value"] == "85.00"


def test_a_quarantined_price_is_flagged_and_never_used():
    deck = make_deck(cost=None)
    make_held(deck.sealed)

    document = value(deck.sealed)

    assert document["cost"]["price"] is None
    assert {"no_price", "quarantined"} <= set(document["cost"]["flags"])
    assert (
        document["cost"]["held_reasons"] == ["ratio_to_average", "ratio_to_low"]
        or document["cost"]["held_reasons"]
    )


def test_old_prices_are_used_and_flagged():
    document = value(make_deck().sealed, now=NOW + timedelta(days=30))

    assert document["cost"]["price"] == "60.00"
    assert "stale" in document["flags"]
    assert "stale" in document["cost"]["flags"]


def test_incomplete_contents_say_what_is_missing():
    deck = make_deck()
    state_contents(deck.sealed, [(deck.chase, 1), ("Lost Deck", 1)])

    document = value(deck.sealed)

    assert document["contents"]["complete"] is False
    assert any("Lost Deck" in text for text in document["contents"]["unresolved"])
    assert "incomplete" in document["flags"]


def test_a_product_about_which_nothing_is_known_is_worth_an_unknown_amount():
    document = value(make_product("Mystery", sealed=True))

    assert (document["expected_value"], document["contents"]["lines"]) == ("0.00", [])
    assert document["contents"]["complete"] is False


def test_a_foil_line_takes_the_foil_price():
    deck = make_deck()
    put_inside(deck.sealed, deck.solid, finish="foil")
    record(observe(deck.solid, "25.00", finish="foil"))

    foil = [line for line in value(deck.sealed)["contents"]["lines"] if line["finish"] == "foil"]

    assert [(line["name"], line["price"]) for line in foil] == [("Solid", "25.00")]


def test_a_single_is_refused():
    with pytest.raises(NotSealed):
        value(make_product("Sol Ring"))


def test_an_unknown_source_is_refused():
    with pytest.raises(UnknownPriceSource):
        value(make_deck().sealed, source="moonmarket")


@pytest.mark.parametrize(
    "options",
    [
        {"floor": Decimal(-1)},
        {"floor": Decimal("NaN")},
        {"fee_rate": Decimal("1.01")},
        {"fixed_cost": Decimal("Infinity")},
        {"price_type": "guess"},
    ],
)
def test_absurd_assumptions_are_refused(options):
    with pytest.raises(ValueOptionRefused):
        ValueOptions(**options)


def test_an_uncertain_price_of_the_product_is_flagged():
    deck = make_deck(cost=None)
    record(observe(deck.sealed, "60.00"), quality="0.30")

    document = value(deck.sealed)

    assert "low_quality" in document["flags"]
    assert "low_quality" in document["cost"]["flags"]
