from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured

from arbsite.settings import cards
from opportunities.policy import AnalysisPolicy, default_policy


def test_the_default_policy_is_that_of_the_settings(settings):
    settings.CARDS_SINGLE_FLOORS = {"EUR": Decimal("2.50")}
    settings.CARDS_MIN_COVERAGE = Decimal("0.90")
    settings.CARDS_MIN_MARGIN = Decimal(5)
    settings.CARDS_ITEMS_PER_ORDER = 3
    settings.CARDS_FIXED_COST = Decimal(4)
    settings.PRICE_MAX_AGE_HOURS = 24

    policy = default_policy()

    assert (policy.floor("EUR"), policy.floor("USD")) == (Decimal("2.50"), Decimal(0))
    assert (policy.min_coverage, policy.min_margin, policy.items_per_order) == (
        Decimal("0.90"),
        Decimal(5),
        3,
    )
    assert (policy.fixed_cost, policy.max_price_age) == (Decimal(4), timedelta(hours=24))


def test_a_policy_tells_its_figures_as_strings():
    data = AnalysisPolicy(floors={"EUR": Decimal("1.00")}).as_data("EUR")

    assert data["floor"] == "1.00"
    assert all(isinstance(value, str | int) for value in data.values())


@pytest.mark.parametrize("text", ["", "ten", "-1", "NaN", "Infinity", "2"])
def test_a_bad_number_names_its_variable(monkeypatch: pytest.MonkeyPatch, text: str):
    monkeypatch.setenv("CARDS_MIN_COVERAGE", text)

    with pytest.raises(ImproperlyConfigured, match="CARDS_MIN_COVERAGE"):
        cards._decimal("CARDS_MIN_COVERAGE", "0.95", high="1")


@pytest.mark.parametrize("text", ["", "1.5", "-1", "0", "1001", "٣"])
def test_a_bad_count_names_its_variable(monkeypatch: pytest.MonkeyPatch, text: str):
    monkeypatch.setenv("CARDS_ITEMS_PER_ORDER", text)

    with pytest.raises(ImproperlyConfigured, match="CARDS_ITEMS_PER_ORDER"):
        cards._count("CARDS_ITEMS_PER_ORDER", 1, low=1, high=1000)


@pytest.mark.parametrize("text", ["EUR", "EUR=", "EURO=1", "EUR=-1", "EUR=NaN"])
def test_bad_floors_name_their_variable(monkeypatch: pytest.MonkeyPatch, text: str):
    monkeypatch.setenv("CARDS_SINGLE_FLOORS", text)

    with pytest.raises(ImproperlyConfigured, match="CARDS_SINGLE_FLOORS"):
        cards._floors("CARDS_SINGLE_FLOORS", "EUR=1.00")


def test_floors_are_read_by_currency(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARDS_SINGLE_FLOORS", "eur=0.50, USD=2")

    floors = cards._floors("CARDS_SINGLE_FLOORS", "EUR=1.00")

    assert floors == {"EUR": Decimal("0.50"), "USD": Decimal(2)}
