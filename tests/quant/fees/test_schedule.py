"""Fee schedules as data: what is read, what is refused and where."""

from decimal import Decimal

import pytest

from quant.fees import (
    FeeBase,
    FeeComponent,
    FeeKind,
    FeeSchedule,
    InvalidFeeSchedule,
    Surcharge,
    Threshold,
    Tier,
    flat_rate,
)
from quant.money import UnknownCurrency

RATE = {"name": "commission", "kind": "rate", "rate": "0.05"}
TIERS = {"name": "value fee", "kind": "tiers"}


def test_every_key_is_read():
    data = [
        {**RATE, "includes": ["shipping"], "min": "0.03", "cap": "100", "threshold": {"at_least": "2.49"}},
        {**TIERS, "base": "order", "tiers": [{"up_to": "7500", "rate": "0.1325"}, {"rate": "0.0235"}]},
        {"name": "per order", "kind": "fixed", "base": "order", "amount": 1},
    ]

    schedule = FeeSchedule.from_data(
        data, currency="EUR", postage_per_order="1.10", packing_per_order="0.05", version=3
    )

    assert schedule == FeeSchedule(
        currency="EUR",
        components=(
            FeeComponent(
                name="commission",
                kind=FeeKind.RATE,
                rate=Decimal("0.05"),
                includes=frozenset({Surcharge.SHIPPING}),
                minimum=Decimal("0.03"),
                cap=Decimal(100),
                threshold=Threshold(at_least=Decimal("2.49")),
            ),
            FeeComponent(
                name="value fee",
                kind=FeeKind.TIERS,
                base=FeeBase.ORDER,
                tiers=(Tier(Decimal(7500), Decimal("0.1325")), Tier(None, Decimal("0.0235"))),
                includes=frozenset(Surcharge),
            ),
            FeeComponent(
                name="per order",
                kind=FeeKind.FIXED,
                base=FeeBase.ORDER,
                amount=Decimal(1),
                includes=frozenset(Surcharge),
            ),
        ),
        postage_per_order=Decimal("1.10"),
        packing_per_order=Decimal("0.05"),
        version=3,
    )


@pytest.mark.parametrize(
    ("components", "place"),
    [
        ("5%", "components"),
        ([5], "components[0]"),
        ([{"kind": "rate", "rate": "0.05"}], "components[0].name"),
        ([{**RATE, "name": " "}], "components[0].name"),
        ([{**RATE, "kind": "percent"}], "components[0].kind"),
        ([{"name": "x", "rate": "0.05"}], "components[0].kind"),
        ([{**RATE, "base": "parcel"}], "components[0].base"),
        ([RATE, {**RATE, "rate": 0.05}], "components[1].rate"),
        ([{**RATE, "rate": "NaN"}], "components[0].rate"),
        ([{**RATE, "rate": "Infinity"}], "components[0].rate"),
        ([{**RATE, "rate": "five"}], "components[0].rate"),
        ([{**RATE, "rate": True}], "components[0].rate"),
        ([{**RATE, "rate": "-0.05"}], "components[0] (commission.rate)"),
        ([{**RATE, "rate": "5"}], "components[0] (commission.rate)"),
        ([{**RATE, "amount": "1"}], "components[0] (commission)"),
        ([{"name": "x", "kind": "fixed"}], "components[0] (x)"),
        ([{**RATE, "min": "2", "cap": "1"}], "components[0] (commission.minimum)"),
        ([{**RATE, "cap": "-1"}], "components[0] (commission.cap)"),
        ([{**RATE, "includes": "shipping"}], "components[0].includes"),
        ([{**RATE, "includes": ["wrapping"]}], "components[0].includes"),
        ([{**RATE, "colour": "red"}], "components[0]"),
        ([{**RATE, "threshold": "2.49"}], "components[0].threshold"),
        ([{**RATE, "threshold": {}}], "components[0].threshold"),
        ([{**RATE, "threshold": {"over": "1"}}], "components[0].threshold"),
        ([{**RATE, "threshold": {"below": "-1"}}], "components[0] (commission.threshold.below)"),
        ([{**TIERS, "tiers": []}], "components[0].tiers"),
        ([{**TIERS, "tiers": [{"up_to": "5"}]}], "components[0].tiers[0].rate"),
        ([{**TIERS, "tiers": [{"up_to": "5", "rate": "0.1"}]}], "components[0] (value fee.tiers[0])"),
        ([{**TIERS, "tiers": [{"rate": "0.1"}, {"rate": "0.2"}]}], "components[0] (value fee.tiers[0])"),
        (
            [{**TIERS, "tiers": [{"up_to": "9", "rate": "0"}, {"up_to": "9", "rate": "0"}, {"rate": "0"}]}],
            "components[0] (value fee.tiers[1].up_to)",
        ),
    ],
)
def test_bad_data_is_refused_with_its_place(components, place):
    with pytest.raises(InvalidFeeSchedule) as caught:
        FeeSchedule.from_data(components, currency="EUR")

    assert caught.value.path == place
    assert caught.value.reason


@pytest.mark.parametrize("field", ["postage_per_order", "packing_per_order"])
@pytest.mark.parametrize("value", ["-0.01", "NaN", 0.5, None])
def test_bad_order_costs_are_refused(field, value):
    with pytest.raises(InvalidFeeSchedule) as caught:
        FeeSchedule.from_data([], currency="EUR", **{field: value})

    assert caught.value.path == field


def test_float_rate_is_refused_even_when_built_by_hand():
    with pytest.raises(InvalidFeeSchedule):
        FeeComponent(name="x", kind=FeeKind.RATE, rate=0.05)  # type: ignore[arg-type]


def test_unknown_currency_is_refused():
    with pytest.raises(UnknownCurrency):
        FeeSchedule.from_data([], currency="QQQ")


@pytest.mark.parametrize("rate", [Decimal("1.01"), Decimal("-0.01"), Decimal("NaN")])
def test_flat_rate_outside_its_range_is_refused(rate):
    with pytest.raises(InvalidFeeSchedule):
        flat_rate(rate, "EUR")


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [
        ({"above": "10"}, "10.01", "10"),
        ({"at_least": "10"}, "10", "9.99"),
        ({"below": "10"}, "9.99", "10"),
        ({"at_most": "10"}, "10", "10.01"),
        ({"above": "1", "at_most": "2"}, "2", "1"),
    ],
)
def test_threshold_bounds(bounds, inside, outside):
    threshold = Threshold(**{key: Decimal(value) for key, value in bounds.items()})

    assert threshold.holds(Decimal(inside))
    assert not threshold.holds(Decimal(outside))
