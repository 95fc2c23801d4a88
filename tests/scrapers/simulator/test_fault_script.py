"""Rules of a fault script fire when, where and as often as they say."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from scrapers.simulator.faults import FAULTS, FaultRule, FaultScript, UnknownFault, demo_script

START = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def script(*rules: FaultRule, seed: int = 1) -> FaultScript:
    return FaultScript(seed=seed, now=START, rules=rules)


def fired(plan: FaultScript, seconds: float, method: str = "GET", path: str = "/ebay_api/x") -> bool:
    return plan.take(method, path, now=START + timedelta(seconds=seconds)) is not None


def test_rule_waits_then_fires_a_number_of_times():
    plan = script(FaultRule(route="/ebay_api/*", kind="500", after=2, count=3))

    assert [fired(plan, 0) for _ in range(8)] == [False, False, True, True, True, False, False, False]


def test_rule_matches_method_and_path():
    plan = script(FaultRule(route="POST /ebay_api/*", kind="500"))

    assert fired(plan, 0, method="POST")
    assert not fired(plan, 0)
    assert not fired(plan, 0, method="POST", path="/tcgcsv/x")


def test_rule_works_in_its_span_and_comes_again():
    plan = script(FaultRule(route="/*", kind="500", begins_after=60, lasts=30, every=300))

    on = [second for second in range(0, 700, 10) if fired(plan, second)]

    assert on == [60, 70, 80, 360, 370, 380, 660, 670, 680]


def test_chance_is_the_same_for_a_seed_and_near_what_is_wanted():
    plans = [script(FaultRule(route="/*", kind="500", p=0.25), seed=5) for _ in range(2)]

    first, second = ([fired(plan, 0) for _ in range(1000)] for plan in plans)

    assert first == second
    assert 200 < sum(first) < 300


def test_first_rule_that_takes_hold_counts():
    plan = script(FaultRule(route="/ebay_api/*", kind="503", count=1), FaultRule(route="/*", kind="500"))

    kinds = [plan.take("GET", "/ebay_api/x", now=START)[0].name for _ in range(2)]  # type: ignore[index]

    assert kinds == ["503", "500"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"kind": "plague"}, "no fault 'plague'"),
        ({"kind": "500", "p": 1.5}, "chance"),
        ({"kind": "500", "every": 60}, "shorter"),
        ({"kind": "500", "every": 60, "lasts": 60}, "shorter"),
    ],
)
def test_impossible_rules_are_refused(values, message):
    with pytest.raises(ValueError, match=message):
        FaultRule(route="/*", **values)
    assert issubclass(UnknownFault, ValueError)


def test_demo_script_lets_one_venue_fail_and_recover():
    plan = script(*demo_script())
    path = "/ebay_api/buy/browse/v1/item_summary/search"

    failing = [minute for minute in range(20) if fired(plan, minute * 60 + 1, path=path)]

    assert failing == [2, 3, 17, 18]


def test_amounts_stay_exact_when_a_document_is_changed():
    document = {"marketPrice": Decimal("0.10"), "value": "425.00", "name": "42"}

    changed = FAULTS["price_x100"].apply(document, _firing())

    assert changed == {"marketPrice": Decimal("10.00"), "value": "42500.00", "name": "42"}


def _firing() -> Any:
    plan = script(FaultRule(route="/*", kind="price_x100"))
    taken = plan.take("GET", "/x", now=START)
    assert taken is not None
    return taken[1]
