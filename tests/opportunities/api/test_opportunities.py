from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from catalog.models import Product
from common.clock import utc_now
from common.models import AuditEvent, OutboxMessage
from opportunities.models import Opportunity
from tests.opportunities.factories import analyze, found, make_deck
from tests.pricing.factories import make_user
from users.choices import Role

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/opportunities"
NOBODYS_ID = "01a1fcab-0000-7000-8000-000000000000"
ITEM = {
    "id", "kind", "status", "sealed_product", "buy_source", "sell_source", "policy", "currency",
    "sealed_price", "total_cost", "singles_value", "gross_singles_value", "net_profit",
    "margin_percentage", "naive_margin_percentage", "coverage", "lines_counted",
    "probability_of_profit", "confidence_score", "risk_level", "rank_score", "seller_count",
    "competition_level", "flags", "needs_review", "oldest_price_at", "expires_at", "created_at",
    "updated_at", "revision", "quote_version",
}  # fmt: skip


def make_row(name: str = "Dragon Deck", *, cost: str = "60.00", **changes: object) -> Opportunity:
    """Make a fresh opportunity of a deck; `changes` overwrite columns."""
    now = utc_now()
    deck = make_deck(at=now, cost=cost, seller_count=4)
    Product.objects.filter(pk=deck.sealed.pk).update(name=name)
    analyze(deck.sealed, now=now)
    Opportunity.objects.filter(sealed_product=deck.sealed).update(**changes)
    return found(deck)


def names(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["sealed_product"]["name"] for row in answer.json()["results"]]


class TestList:
    @pytest.mark.parametrize("slash", ["", "/"])
    def test_a_row_has_every_field_with_amounts_as_strings(self, api: APIClient, slash: str):
        row = make_row()

        answer = api.get(ROOT + slash)

        (item,) = answer.json()["results"]
        assert set(item) == ITEM
        assert (item["id"], item["net_profit"], item["margin_percentage"]) == (str(row.pk), "16.00", "26.66")
        assert (item["buy_source"], item["confidence_score"]) == ("cardmarket", "0.45")
        assert item["sealed_product"]["name"] == "Dragon Deck"
        assert item["created_at"].endswith("Z")

    def test_by_default_only_active_trusted_ones_are_listed(self, api: APIClient):
        make_row("Good")
        make_row("Too good", needs_review=True)
        make_row("Gone", status="expired")
        make_row("Overdue", expires_at=utc_now() - timedelta(seconds=1))

        assert names(api.get(ROOT)) == ["Good"]
        assert names(api.get(ROOT, {"needs_review": "true"})) == ["Too good"]
        assert set(names(api.get(ROOT, {"needs_review": "any"}))) == {"Good", "Too good"}
        assert names(api.get(ROOT, {"status": "expired"})) == ["Gone"]

    @pytest.mark.parametrize(
        ("query", "listed"),
        [
            ({"margin_min": "52", "margin_max": "52"}, ["Cheap"]),
            ({"margin_max": "51.99"}, ["Dear"]),
            ({"profit_min": "20"}, ["Cheap"]),
            ({"profit_max": "20"}, ["Dear"]),
            ({"confidence_min": "0.46"}, []),
            ({"risk_level": "low,high"}, ["Cheap", "Dear"]),
            ({"risk_level": "low,medium"}, []),
            ({"category": "mtg,pokemon"}, ["Cheap", "Dear"]),
            ({"category": "pokemon"}, []),
            ({"source": "cardmarket"}, ["Cheap", "Dear"]),
            ({"source": "tcgplayer"}, []),
            ({"is_demo": "true"}, []),
            ({"sealed_kind": "booster_box"}, []),
            ({"search": "chea"}, ["Cheap"]),
            ({"search": "tst dear"}, ["Dear"]),
            ({"search": "cheap dear"}, []),
            ({"ordering": "net_profit"}, ["Dear", "Cheap"]),
            ({"ordering": "-total_cost"}, ["Dear", "Cheap"]),
            ({"page_size": "1", "page": "2"}, ["Dear"]),
        ],
    )
    def test_filters_and_orders(self, api: APIClient, query: dict[str, str], listed: list[str]):
        make_row("Dear")
        make_row("Cheap", cost="50.00")

        assert names(api.get(ROOT, query)) == listed

    @pytest.mark.parametrize(
        "query",
        [
            {"colour": "red"},
            {"risk_level": "tiny"},
            {"status": "sleeping"},
            {"needs_review": "maybe"},
            {"margin_min": "NaN"},
            {"confidence_min": "2"},
            {"ordering": "inputs"},
            {"page_size": "201"},
            {"page": "0"},
        ],
    )
    def test_what_is_not_understood_is_refused(self, api: APIClient, query: dict[str, str]):
        answer = api.get(ROOT, query)

        assert answer.status_code == 400
        assert answer.headers["Content-Type"].startswith("application/problem+json")

    def test_equal_ranks_are_paged_without_repetition(self, api: APIClient):
        for number in range(4):
            make_row(f"Deck {number}")

        seen = [names(api.get(ROOT, {"page_size": 1, "page": page}))[0] for page in range(1, 5)]

        assert sorted(seen) == ["Deck 0", "Deck 1", "Deck 2", "Deck 3"]

    def test_queries_do_not_depend_on_the_number_of_rows(self, api: APIClient, django_assert_num_queries):
        for number in range(3):
            make_row(f"Deck {number}")

        with django_assert_num_queries(1):  # the page and its count
            assert len(names(api.get(ROOT))) == 3

    def test_strangers_need_a_login_where_reading_is_not_public(self, settings):
        settings.API_PUBLIC_READ = False
        assert APIClient().get(ROOT).status_code in (401, 403)

        settings.API_PUBLIC_READ = True
        assert APIClient().get(ROOT).status_code == 200


class TestOne:
    @pytest.mark.parametrize("slash", ["", "/"])
    def test_the_detail_adds_provenance(self, api: APIClient, slash: str, django_assert_num_queries):
        row = make_row()

        with django_assert_num_queries(1):
            detail = api.get(f"{ROOT}/{row.pk}{slash}").json()

        assert set(detail) > ITEM
        assert detail["percentiles"] == dict.fromkeys(("5", "25", "50", "75", "95"), "76.00")
        assert detail["factors"]["seller_count"] == {
            "score": "0.769231",
            "weight": "0.2",
            "inputs": {"sellers": 4},
        }
        assert detail["fee_schedule"]["venue"] == "cardmarket"
        assert (detail["detected_count"], detail["closed_at"]) == (1, None)

    @pytest.mark.parametrize("slash", ["", "/"])
    def test_the_explanation_adds_up(self, api: APIClient, slash: str, django_assert_num_queries):
        row = make_row()

        with django_assert_num_queries(2):  # the row, and the names of the cards
            explained = api.get(f"{ROOT}/{row.pk}/explain{slash}").json()

        steps = explained["waterfall"]
        assert [(step["label"], step["amount"]) for step in steps] == [
            ("Market value of all singles", "85.00"),
            ("Singles not worth selling one by one", "-5.00"),
            ("Selling fees and postage", "-4.00"),
            ("Price of the sealed product", "-60.00"),
            ("Net profit", "16.00"),
        ]
        assert sum(Decimal(step["amount"]) for step in steps[:-1]) == Decimal(steps[-1]["amount"])
        lines = explained["contents"]["lines"]
        assert [line["name"] for line in lines] == ["Chase", "Solid", "Bulk"]
        assert (lines[1]["expected_copies"], lines[1]["gross_value"], lines[1]["net_value"]) == (
            "2",
            "40.0000",
            "38.0000",
        )
        assert sum(Decimal(line["share"]) for line in lines) == pytest.approx(1, abs=Decimal("0.001"))
        assert explained["distribution"]["break_even"] == "60.00"
        assert explained["distribution"]["points"] == [{"value": "76.00", "probability": "1.000000"}]
        assert explained["risk"]["to_improve"]

    def test_an_explanation_does_not_change_with_the_market(self, api: APIClient):
        row = make_row()
        before = api.get(f"{ROOT}/{row.pk}/explain").json()
        Product.objects.filter(name="Chase").update(name="Chase, renamed")

        after = api.get(f"{ROOT}/{row.pk}/explain").json()

        assert after["contents"]["lines"][0].pop("name") == "Chase, renamed"
        assert before["contents"]["lines"][0].pop("name") == "Chase"
        assert after == before

    @pytest.mark.parametrize("path", [NOBODYS_ID, f"{NOBODYS_ID}/explain", "not-an-id"])
    def test_what_does_not_exist_is_a_404(self, api: APIClient, path: str):
        assert api.get(f"{ROOT}/{path}/").status_code == 404

    def test_closed_opportunities_can_still_be_read(self, api: APIClient):
        row = make_row(status="expired", closed_reason="its time has passed")

        assert api.get(f"{ROOT}/{row.pk}/").json()["closed_reason"] == "its time has passed"


class TestSummary:
    @pytest.mark.parametrize("slash", ["", "/"])
    def test_figures_are_over_active_trusted_ones(self, api: APIClient, slash: str):
        make_row("Dear")
        make_row("Cheap", cost="50.00")
        make_row("Too good", cost="10.00")
        make_row("Gone", status="expired")

        summary = api.get(f"{ROOT}/stats/summary{slash}").json()

        assert (summary["active_count"], summary["needs_review_count"]) == (2, 1)
        assert summary["by_risk"] == {"low": 0, "medium": 0, "high": 2}
        assert summary["by_category"] == {"mtg": 2, "pokemon": 0, "yugioh": 0}
        assert summary["expected_profit"] == [{"currency": "EUR", "amount": "42.00"}]
        assert (summary["average_confidence"], summary["average_margin_percentage"]) == ("0.45", "39.33")
        assert summary["best"]["sealed_product"]["name"] == "Cheap"

    def test_currencies_are_never_added_up(self, api: APIClient):
        make_row("Dear")
        make_row("Foreign", currency="USD")

        profits = api.get(f"{ROOT}/stats/summary").json()["expected_profit"]

        assert profits == [{"currency": "EUR", "amount": "16.00"}, {"currency": "USD", "amount": "16.00"}]

    def test_an_empty_market_has_a_summary(self, api: APIClient):
        summary = api.get(f"{ROOT}/stats/summary").json()

        assert (summary["active_count"], summary["expected_profit"], summary["best"]) == (0, [], None)
        assert summary["average_confidence"] is summary["updated_at"] is None

    def test_queries_are_few(self, api: APIClient, django_assert_num_queries):
        make_row()

        with django_assert_num_queries(4):
            api.get(f"{ROOT}/stats/summary")


class TestWriting:
    @pytest.fixture
    def trader(self) -> APIClient:
        client = APIClient()
        client.force_authenticate(make_user("tess", Role.TRADER))
        return client

    @pytest.fixture
    def operator(self, bob) -> APIClient:
        client = APIClient()
        client.force_authenticate(bob)
        return client

    def test_a_trader_dismisses_with_a_reason(self, trader: APIClient):
        row = make_row()

        answer = trader.delete(f"{ROOT}/{row.pk}?reason=broken seal")

        row.refresh_from_db()
        assert (answer.status_code, row.status, row.closed_reason) == (204, "cancelled", "broken seal")

    def test_dismissing_twice_is_a_conflict(self, trader: APIClient):
        row = make_row()
        trader.delete(f"{ROOT}/{row.pk}/")

        answer = trader.delete(f"{ROOT}/{row.pk}/")

        assert (answer.status_code, answer.json()["code"]) == (409, "opportunity_closed")

    @pytest.mark.parametrize("query", ["?reason=" + "x" * 201, "?why=because", "?reason=a%00b"])
    def test_bad_reasons_are_refused(self, trader: APIClient, query: str):
        row = make_row()

        assert trader.delete(f"{ROOT}/{row.pk}/{query}").status_code == 400
        row.refresh_from_db()
        assert row.status == "active"

    def test_dismissing_what_does_not_exist_is_a_404(self, trader: APIClient):
        assert trader.delete(f"{ROOT}/{uuid4()}/").status_code == 404

    def test_an_analyst_may_not_dismiss_or_analyse(self, api: APIClient):
        row = make_row()

        assert api.delete(f"{ROOT}/{row.pk}/").status_code == 403
        assert api.post(f"{ROOT}/analyze-all/").status_code == 403

    @pytest.mark.parametrize("slash", ["", "/"])
    def test_an_operator_asks_for_one_analysis(self, operator: APIClient, bob, slash: str):
        answers = [operator.post(f"{ROOT}/analyze-all{slash}") for _ in range(2)]

        assert [answer.status_code for answer in answers] == [202, 202]
        assert answers[0].json()["task"] == "opportunities.analyze_all_products"
        messages = OutboxMessage.objects.filter(task="opportunities.analyze_all_products")
        assert 1 <= messages.count() <= 2  # two when the minute changed in between
        assert AuditEvent.objects.filter(verb="opportunity.analysis_requested", actor_id=bob.pk).count() == 2

    @pytest.mark.parametrize(("method", "status"), [("put", 400), ("patch", 400), ("post", 405)])
    def test_figures_cannot_be_written(self, operator: APIClient, method: str, status: int):
        row = make_row()

        answer = getattr(operator, method)(f"{ROOT}/{row.pk}/", {"net_profit": "1000000"}, format="json")

        assert answer.status_code == status
