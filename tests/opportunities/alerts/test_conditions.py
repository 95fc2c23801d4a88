"""Conditions: checked one by one, and SQL finds exactly what a person would find by hand."""

import random
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opportunities.alerts.conditions import (
    ConditionsRefused,
    all_of,
    read_conditions,
    stored_conditions,
)
from opportunities.alerts.fields import FIELDS, field_documents
from opportunities.models import Opportunity
from tests.opportunities.alert_factories import make_opportunity
from tests.pricing.factories import NOW

pytestmark = pytest.mark.django_db

NUMBERS = {
    "margin_percentage": ["-5", "0", "19.99", "20", "20.01", "120"],
    "naive_margin_percentage": ["0", "41.66", "50"],
    "net_profit": ["-1", "0", "15.99", "16", "16.01"],
    "total_cost": ["0", "59.99", "60", "1000"],
    "confidence_score": ["0", "0.6", "0.66", "1"],
    "probability_of_profit": ["0", "0.5", "0.75", "1"],
    "coverage": ["0", "0.95", "1"],
    "price_age_minutes": ["0", "59", "60", "61", "1440"],
    "seller_count": ["0", "1", "5"],
    "rank_score": ["0", "0.5", "1"],
}
NAMES = {
    "category": ["mtg", "pokemon", "yugioh"],
    "risk_level": ["low", "medium", "high"],
    "source": ["cardmarket", "tcgplayer"],
    "sealed_kind": ["booster_box", "deck"],
    "currency": ["EUR", "USD"],
    "competition_level": ["unknown", "low"],
    "set_code": ["MH3", "mh3", "NEO", "ABC"],
}
WORDS = ["Dragon", "dragon box", "mh3", "100%", "_", "nothing"]


def pick(numbers, name):
    return Decimal(numbers.choice(NUMBERS[name]))


@pytest.fixture
def rows():
    """Return opportunities whose figures lie on and beside the values that conditions ask for."""
    numbers = random.Random(7)
    for index in range(24):
        facts = {name: pick(numbers, name) for name in NUMBERS if name != "price_age_minutes"}
        facts["seller_count"] = numbers.choice([None, 0, 1, 5])
        facts["total_cost"] = max(facts["total_cost"], Decimal("0.01"))
        facts["probability_of_profit"] = numbers.choice([None, facts["probability_of_profit"]])
        minutes = int(pick(numbers, "price_age_minutes"))
        names: dict[str, Any] = {name: numbers.choice(values) for name, values in NAMES.items()}
        make_opportunity(
            name=numbers.choice(["Dragon Box", "100% Bundle", "Under_score", "Plain"]) + f" {index}",
            oldest_price_at=NOW - timedelta(minutes=minutes),
            **facts,
            **names,
        )
    return list(Opportunity.objects.select_related("sealed_product", "buy_source", "sell_source"))


def shown(row, name):
    """Return what a field of a row shows, as a person reads it."""
    product = row.sealed_product
    if name == "price_age_minutes":
        return Decimal(int((NOW - row.oldest_price_at).total_seconds())) / 60
    if name == "source":
        return {row.buy_source.code, row.sell_source.code}
    if name == "set_code":
        return {product.set_code.lower()}
    value = getattr(row, name) if hasattr(row, name) else getattr(product, name)
    return {value} if name in NAMES else value


def holds(row, condition):
    """Judge one condition by hand."""
    name, operator, value = condition["field"], condition["operator"], condition["value"]
    if name == "search":
        product = row.sealed_product
        return all(
            word.lower() in product.name.lower()
            or word.lower() in product.set_name.lower()
            or word.lower() == product.set_code.lower()
            for word in value.split()
        )
    seen = shown(row, name)
    if name in NAMES:
        asked = set(value) if isinstance(value, list) else {value}
        asked = {item.lower() for item in asked} if name == "set_code" else asked
        return not seen & asked if operator == "not_in" else bool(seen & asked)
    if seen is None:
        return False
    wanted = Decimal(value)
    return {"gte": seen >= wanted, "lte": seen <= wanted, "eq": seen == wanted}[operator]


def number_conditions(name):
    return st.fixed_dictionaries(
        {
            "field": st.just(name),
            "operator": st.sampled_from(FIELDS[name].operators),
            "value": st.sampled_from(NUMBERS[name]),
        }
    )


def name_conditions(name):
    one = st.sampled_from(NAMES[name])
    return st.one_of(
        st.fixed_dictionaries({"field": st.just(name), "operator": st.just("eq"), "value": one}),
        st.fixed_dictionaries(
            {
                "field": st.just(name),
                "operator": st.sampled_from(["in", "not_in"]),
                "value": st.lists(one, min_size=1, max_size=3, unique=True),
            }
        ),
    )


conditions = st.one_of(
    *(number_conditions(name) for name in NUMBERS),
    *(name_conditions(name) for name in NAMES),
    st.fixed_dictionaries(
        {"field": st.just("search"), "operator": st.just("contains"), "value": st.sampled_from(WORDS)}
    ),
)


def test_every_field_is_covered_here():
    assert set(FIELDS) == {*NUMBERS, *NAMES, "search"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.lists(conditions, max_size=4))
def test_sql_finds_what_a_person_finds_by_hand(rows, sent):
    query = all_of(stored_conditions([item.as_json() for item in read_conditions(sent)]), now=NOW)

    found = set(Opportunity.objects.filter(query).values_list("pk", flat=True))

    assert found == {row.pk for row in rows if all(holds(row, item) for item in sent)}


@pytest.mark.parametrize(
    ("condition", "member"),
    [
        ("margin_percentage", "field"),
        ({}, "field"),
        ({"field": "margin_percentage", "operator": "gte"}, "value"),
        ({"field": "margin_percentage", "operator": "gte", "value": "1", "more": 1}, "more"),
        ({"field": "margin", "operator": "gte", "value": "1"}, "field"),
        ({"field": ["margin_percentage"], "operator": "gte", "value": "1"}, "field"),
        ({"field": "margin_percentage", "operator": "contains", "value": "1"}, "operator"),
        ({"field": "margin_percentage", "operator": ["gte"], "value": "1"}, "operator"),
        ({"field": "margin_percentage", "operator": "gte", "value": "NaN"}, "value"),
        ({"field": "margin_percentage", "operator": "gte", "value": "Infinity"}, "value"),
        ({"field": "margin_percentage", "operator": "gte", "value": "1e99"}, "value"),
        ({"field": "margin_percentage", "operator": "gte", "value": "1e-99"}, "value"),
        ({"field": "margin_percentage", "operator": "gte", "value": True}, "value"),
        ({"field": "margin_percentage", "operator": "gte", "value": [1]}, "value"),
        ({"field": "margin_percentage", "operator": "gte", "value": None}, "value"),
        ({"field": "margin_percentage", "operator": "gte", "value": "0." + "1" * 30}, "value"),
        ({"field": "confidence_score", "operator": "gte", "value": "1.01"}, "value"),
        ({"field": "price_age_minutes", "operator": "lte", "value": "99999999"}, "value"),
        ({"field": "risk_level", "operator": "eq", "value": "none"}, "value"),
        ({"field": "risk_level", "operator": "in", "value": "low"}, "value"),
        ({"field": "risk_level", "operator": "in", "value": []}, "value"),
        ({"field": "risk_level", "operator": "in", "value": ["low", 1]}, "value"),
        ({"field": "set_code", "operator": "eq", "value": "x" * 17}, "value"),
        ({"field": "search", "operator": "contains", "value": "  "}, "value"),
        ({"field": "search", "operator": "contains", "value": "a\x00b"}, "value"),
    ],
    ids=str,
)
def test_a_fault_names_its_position_and_member(condition, member):
    good = {"field": "risk_level", "operator": "eq", "value": "low"}

    with pytest.raises(ConditionsRefused) as refused:
        read_conditions([good, condition])

    assert refused.value.faults[0] == {}
    assert member in refused.value.faults[1]


@pytest.mark.parametrize(
    "sent", [None, {}, "x", [{"field": "risk_level"}] * 21], ids=["none", "object", "text", "many"]
)
def test_the_list_itself_is_checked(sent):
    with pytest.raises(ConditionsRefused) as refused:
        read_conditions(sent)

    assert isinstance(refused.value.faults, str)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["field", "operator", "value", "x"]), inner)
        ),
    )
)
def test_anything_is_checked_without_another_error(sent):
    with suppress(ConditionsRefused):
        read_conditions(sent)


def test_numbers_are_kept_as_text():
    read = read_conditions([{"field": "net_profit", "operator": "gte", "value": 12.50}])

    assert [item.as_json() for item in read] == [{"field": "net_profit", "operator": "gte", "value": "12.5"}]


def test_the_editor_gets_choices_for_choices_only(rows):
    documents = {document["field"]: document for document in field_documents()}

    assert documents["margin_percentage"]["choices"] is None
    assert {choice["value"] for choice in documents["source"]["choices"]} >= {"cardmarket", "tcgplayer"}
    assert {choice["value"] for choice in documents["sealed_kind"]["choices"]} == {"booster_box", "deck"}
    assert all(document["choices"] for document in documents.values() if document["type"] == "choice")
