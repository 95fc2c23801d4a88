"""A real booster box against figures computed independently from the same data."""

import gzip
import json
import lzma
from decimal import Decimal

import pytest

from quant.sealed.contents import Contents, Pack, PackConfiguration, SheetDraw
from quant.sealed.distribution import value_distribution
from quant.sealed.valuation import minor_units, value_contents


@pytest.fixture(scope="module")
def reference(shared_data):
    folder = shared_data / "tcg"
    expected = json.loads((folder / "expected_shared.json").read_text())["boxes"][0]
    with lzma.open(folder / "mtgjson" / "AllPrintings.subset.json.xz") as stream:
        sets = json.load(stream)["data"]
    with gzip.open(folder / "cardmarket" / "price_guide_1_2024-11-28.json.gz") as stream:
        guide = json.load(stream, parse_float=Decimal, parse_int=Decimal)["priceGuides"]
    booster = sets[expected["set"]]["booster"][expected["booster_code_in_boosters_file"]]
    cards = {card["uuid"]: card for card in sets[expected["set"]]["cards"]}
    return expected, booster, cards, {row["idProduct"]: row for row in guide}


def box_of(expected, booster):
    def draw(name, count):
        sheet = booster["sheets"][name]
        finish = "foil" if sheet["foil"] else "nonfoil"
        return SheetDraw(
            name, tuple((uuid, finish) for uuid in sheet["cards"]), tuple(sheet["cards"].values()), count
        )

    configurations = tuple(
        PackConfiguration(entry["weight"], tuple(draw(*item) for item in entry["contents"].items()))
        for entry in booster["boosters"]
    )
    return Contents(packs=((Pack(expected["set"], configurations), expected["packs"]),))


def prices_of(booster, cards, guide, rule):
    prices = {}
    for sheet in booster["sheets"].values():
        for uuid in sheet["cards"]:
            row = guide[Decimal(cards[uuid]["identifiers"]["mcmId"])]
            price = row[f"{rule}-foil"] if sheet["foil"] else row[rule]
            if sheet["foil"] and not price and "nonfoil" not in cards[uuid]["finishes"]:
                price = row[rule]
            if price:
                prices[(uuid, "foil" if sheet["foil"] else "nonfoil")] = price
    return prices


@pytest.mark.parametrize("rule", ["trend", "avg30", "low"])
def test_value_and_deviation_of_the_box(reference, rule):
    expected, booster, cards, guide = reference

    valuation = value_contents(box_of(expected, booster), prices=prices_of(booster, cards, guide, rule))

    assert float(valuation.expected_value) == pytest.approx(expected[f"box_ev_{rule}"], abs=0.02)
    assert float(valuation.standard_deviation) == pytest.approx(expected[f"box_sd_{rule}"], rel=0.01)
    assert valuation.coverage == 1


def test_value_of_the_cards_of_one_euro_and_more(reference):
    expected, booster, cards, guide = reference
    prices = prices_of(booster, cards, guide, "trend")

    valuation = value_contents(box_of(expected, booster), prices=prices, floor=Decimal(1))

    assert float(valuation.value_above_floor) == pytest.approx(
        expected["box_ev_trend_cards_ge_1eur"], abs=0.02
    )


def test_percentiles_and_chance_of_profit_of_the_box(reference):
    expected, booster, cards, guide = reference
    cents = minor_units(prices_of(booster, cards, guide, "trend"), currency="EUR")

    found = value_distribution(box_of(expected, booster), cents=cents)

    assert found.grid_cents == 1
    for percent, euros in expected["mc_percentiles"].items():
        assert found.quantile(int(percent) / 100) / 100 == pytest.approx(euros, rel=0.02)
    cost = round(100 * expected["sealed_price_eur"]["trend"])
    assert found.probability_above(cost) == pytest.approx(expected["p_profit_gross"], abs=0.01)
    assert found.probability_above(cost / 0.95) == pytest.approx(
        expected["p_profit_after_5pct_fee"], abs=0.01
    )
