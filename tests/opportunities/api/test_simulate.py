from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from common.models import AuditEvent
from opportunities.models import Opportunity, Scenario
from opportunities.services.simulation import MAX_SCENARIOS
from tests.opportunities.factories import analyze, found, make_deck, put_inside
from tests.opportunities.services.test_recomputation import make_box
from tests.pricing.factories import NOW, make_product, make_user

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/opportunities"


@pytest.fixture
def row() -> Opportunity:
    deck = make_deck(seller_count=1, shipping_cost=Decimal("1.50"))
    analyze()
    return found(deck)


def simulate(api: APIClient, row: Opportunity, **body):
    answer = api.post(f"{ROOT}/{row.pk}/simulate/", body)
    assert answer.status_code == 200, answer.content
    return answer.json()


class TestUnchanged:
    @pytest.mark.parametrize("make", [make_box, None], ids=["box", "deck"])
    def test_it_repeats_the_stored_figures_exactly(self, api: APIClient, make, request):
        row = make() if make else request.getfixturevalue("row")

        answer = simulate(api, row)

        result = answer["result"]
        same = {
            "total_cost": row.total_cost,
            "gross_value": row.gross_singles_value,
            "net_value": row.singles_value,
            "net_profit": row.net_profit,
            "margin_percentage": row.margin_percentage,
            "probability_of_profit": row.probability_of_profit,
            "standard_deviation": row.standard_deviation,
        }
        assert {name: result[name] for name in same} == {name: str(value) for name, value in same.items()}
        assert result["percentiles"] == row.percentiles
        assert [[point["value"], point["probability"]] for point in result["points"]] == row.distribution[
            "points"
        ]
        assert (result["lines_counted"], result["simulation"]) == (row.lines_counted, None)
        assert answer["delta"] == {
            "net_profit": "0.00",
            "margin_percentage": "0.00",
            "probability_of_profit": "0.0000",
        }
        assert (answer["scenario"], answer["assumptions"]["changed"]) == (None, [])

    def test_stating_its_own_assumptions_changes_nothing(self, api: APIClient, row: Opportunity):
        own = simulate(api, row)["assumptions"]
        stated = {name: own[name] for name in own if name not in ("changed", "fee_rate")}

        answer = simulate(api, row, **stated)

        assert answer["result"] == simulate(api, row)["result"]
        assert (own["shipping_cost"], own["floor"], own["fee_rate"]) == ("1.50", "1.00", "0.0500")

    def test_later_prices_do_not_matter(self, api: APIClient, row: Opportunity):
        before = simulate(api, row)
        analyze_later = make_product()
        put_inside(make_product("Other", sealed=True), analyze_later)

        assert simulate(api, row) == before


class TestChanged:
    @pytest.mark.parametrize(
        ("body", "profit"),
        [
            ({"sealed_price": "70.00"}, "4.50"),  # 76.00 - 71.50
            ({"shipping_cost": 0}, "16.00"),
            ({"fixed_cost": "2.25"}, "12.25"),
            ({"tax_rate": "0.1"}, "8.50"),
            ({"fee_rate": "0"}, "18.50"),  # 80.00 - 61.50
            ({"fee_rate": "0.10"}, "10.50"),
            ({"floor": "0"}, "19.20"),  # ten of 0.50 less 5 %: 0.47 each
            ({"floor": "30"}, "-23.50"),
            ({"sell_through": "0.5"}, "-23.50"),
            ({"bulk_discount": "0.25"}, "-4.50"),  # 28.50 + 2 x 14.25 - 61.50
            ({"quantity": 3}, "43.50"),
        ],
    )
    def test_each_assumption(self, api: APIClient, row: Opportunity, body: dict[str, Any], profit: str):
        answer = simulate(api, row, **body)

        assert answer["result"]["net_profit"] == profit
        assert answer["assumptions"]["changed"] == list(body)
        quantity = body.get("quantity", 1)
        assert answer["delta"]["net_profit"] == str(Decimal(profit) - quantity * row.net_profit)

    def test_several_boxes_are_less_a_matter_of_luck(self, api: APIClient):
        row = make_box()

        one, many = simulate(api, row)["result"], simulate(api, row, quantity=25)["result"]

        assert Decimal(many["net_profit"]) == 25 * Decimal(one["net_profit"])
        assert many["margin_percentage"] == one["margin_percentage"]
        deviation = Decimal(many["standard_deviation"]) / Decimal(one["standard_deviation"])
        assert deviation == pytest.approx(Decimal(5), abs=Decimal("0.01"))
        assert sum(Decimal(point["probability"]) for point in many["points"]) == pytest.approx(1, abs=1e-4)

    def test_dice_agree_with_the_distribution(self, api: APIClient):
        row = make_box()

        answer = simulate(api, row, trials=5_000, seed=11)
        again = simulate(api, row, trials=5_000, seed=11)

        dice = answer["result"]["simulation"]
        assert (dice["trials"], dice["seed"]) == (5_000, 11)
        assert Decimal(dice["mean"]) == pytest.approx(row.singles_value, rel=Decimal("0.02"))
        chance = 1 - Decimal(dice["loss_probability"])
        assert chance == pytest.approx(row.probability_of_profit, abs=Decimal("0.03"))
        assert answer == again
        (sample, *_) = dice["sample_packs"]
        assert set(sample["cards"][0]) == {"name", "finish", "price", "quantity"}
        assert sum(card["quantity"] for card in sample["cards"]) > 0


class TestRefused:
    @pytest.mark.parametrize(
        "body",
        [
            {"quantity": 0}, {"quantity": 1001}, {"quantity": "x"}, {"sealed_price": "-1"},
            {"sealed_price": "NaN"}, {"sealed_price": "1e30"}, {"fee_rate": "1.1"}, {"sell_through": "-0.1"},
            {"trials": 20_001}, {"seed": -1}, {"save_as": ""}, {"save_as": "x" * 81}, {"colour": "red"},
            {"net_profit": "5"}, [],
        ],
    )  # fmt: skip
    def test_senseless_assumptions(self, api: APIClient, row: Opportunity, body):
        assert api.post(f"{ROOT}/{row.pk}/simulate/", body).status_code == 400

    def test_nothing_costs_nothing(self, api: APIClient, row: Opportunity):
        answer = api.post(f"{ROOT}/{row.pk}/simulate/", {"sealed_price": 0, "shipping_cost": 0})

        assert (answer.status_code, answer.json()["code"]) == (400, "value_option_refused")

    def test_corrected_contents_wait_for_the_analysis(self, api: APIClient, row: Opportunity):
        put_inside(row.sealed_product, make_product())

        answer = api.post(f"{ROOT}/{row.pk}/simulate/", {})

        assert (answer.status_code, answer.json()["code"]) == (409, "recomputation_impossible")

    def test_strangers(self, row: Opportunity, settings):
        settings.API_PUBLIC_READ = True
        assert APIClient().post(f"{ROOT}/{row.pk}/simulate/", {}).status_code == 401


class TestScenarios:
    def test_they_are_kept_listed_and_forgotten(self, api: APIClient, row: Opportunity):
        saved = simulate(api, row, quantity=2, save_as="Two")

        (listed,) = api.get("/api/v1/scenarios/", {"opportunity": str(row.pk)}).json()["results"]
        assert (listed["id"], listed["name"]) == (saved["scenario"]["id"], "Two")
        assert listed["result"]["net_profit"] == saved["result"]["net_profit"]
        assert "points" not in listed["result"]
        assert listed["assumptions"]["quantity"] == 2

        assert api.delete(f"/api/v1/scenarios/{listed['id']}/").status_code == 204
        assert api.get("/api/v1/scenarios/").json()["results"] == []
        verbs = AuditEvent.objects.filter(subject=f"scenario:{listed['id']}").values_list("verb", flat=True)
        assert set(verbs) == {"scenario.saved", "scenario.removed"}

    def test_a_name_is_used_once(self, api: APIClient, row: Opportunity):
        simulate(api, row, save_as="Mine")

        answer = api.post(f"{ROOT}/{row.pk}/simulate/", {"save_as": "Mine"})

        assert (answer.status_code, answer.json()["code"]) == (409, "name_taken")

    def test_there_is_an_end(self, api: APIClient, alice, row: Opportunity):
        Scenario.objects.bulk_create(
            Scenario(user=alice, opportunity=row, name=str(n), created_at=NOW) for n in range(MAX_SCENARIOS)
        )

        answer = api.post(f"{ROOT}/{row.pk}/simulate/", {"save_as": "One more"})

        assert (answer.status_code, answer.json()["code"]) == (409, "too_many_scenarios")

    def test_others_do_not_see_them(self, api: APIClient, row: Opportunity):
        scenario = simulate(api, row, save_as="Mine")["scenario"]["id"]
        other = APIClient()
        other.force_authenticate(make_user("oscar"))

        assert other.get("/api/v1/scenarios/").json()["results"] == []
        assert other.delete(f"/api/v1/scenarios/{scenario}/").status_code == 404
        assert Scenario.objects.count() == 1
