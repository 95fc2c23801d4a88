"""The execution endpoints, as an integrator calls them."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest

from common.clock import utc_now
from opportunities.models import Opportunity
from tests.trading.conftest import client_of
from tests.trading.factories import Box, make_box, make_limits, make_trader, reprice
from trading.models import Execution
from trading.services import engage_kill_switch

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(db) -> Box:
    return make_box(now=utc_now() - timedelta(minutes=5), available_quantity=4)


def _post(api, box: Box, key: str = "key-1", **changes):
    body = {"quantity": 1, "quote_version": "1", "accept_disclaimer": True, **changes}
    url = f"/api/v1/opportunities/{box.opportunity.pk}/execute/"
    return api.post(url, body, format="json", HTTP_IDEMPOTENCY_KEY=key)


def test_execute_answers_with_the_execution_and_where_it_is(api, box):
    answer = _post(api, box, quantity=2, note="hello")

    assert answer.status_code == 201, answer.content
    shown = answer.json()["execution"]
    assert answer["Location"] == f"/api/v1/executions/{shown['id']}/"
    assert (shown["state"], shown["actor"], shown["expected_cost"], shown["note"]) == (
        "bought", "tess", "120.00", "hello",
    )  # fmt: skip
    assert shown["product"]["name"] == "Dragon Deck"
    assert (shown["mode"], shown["realised_profit"]) == ("paper", None)


def test_a_repeated_request_is_answered_again_and_done_once(api, box):
    first, second = _post(api, box), _post(api, box)

    assert (second.status_code, second["Idempotent-Replay"]) == (201, "true")
    assert second.json() == first.json()
    assert Execution.objects.count() == 1
    assert _post(api, box, quantity=2).json()["code"] == "idempotency_key_reused"


def test_without_a_key_nothing_is_done(api, box):
    answer = api.post(f"/api/v1/opportunities/{box.opportunity.pk}/execute/", {}, format="json")

    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["detail"]


BAD_BODIES = {
    "nothing": {},
    "quantity 0": {"quantity": 0, "quote_version": "1", "accept_disclaimer": True},
    "a fraction": {"quantity": 1.5, "quote_version": "1", "accept_disclaimer": True},
    "an unknown field": {"quantity": 1, "quote_version": "1", "accept_disclaimer": True, "mode": "live"},
    "a cost": {"quantity": 1, "quote_version": "1", "accept_disclaimer": True, "expected_cost": "0.01"},
    "no number": {"quantity": 1, "quote_version": "newest", "accept_disclaimer": True},
    "a negative limit": {
        "quantity": 1,
        "quote_version": "1",
        "accept_disclaimer": True,
        "max_total_cost": "-1",
    },
    "without consent": {"quantity": 1, "quote_version": "1", "accept_disclaimer": False},
    "a list": [1],
}


@pytest.mark.parametrize("case", BAD_BODIES)
def test_a_bad_body_is_refused(api, box, case):
    url = f"/api/v1/opportunities/{box.opportunity.pk}/execute/"

    answer = api.post(url, BAD_BODIES[case], format="json", HTTP_IDEMPOTENCY_KEY="k")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert not Execution.objects.exists()


def test_moved_figures_come_with_old_and_new(api, box):
    reprice(box, at=utc_now() - timedelta(minutes=1), cost="63.00", available_quantity=4)

    answer = _post(api, box)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "figures_moved")
    assert problem["details"]["shown"]["total_cost"] == "60.00"
    assert problem["details"]["fresh"]["total_cost"] == "63.00"
    assert problem["details"]["reasons"][0]["code"] == "cost_rose"


def test_each_refusal_has_its_code(api, box, tess, bob):
    assert _post(api, box, "a", quantity=5).json()["code"] == "not_enough_offered"
    make_limits(user_day="59")
    assert _post(api, box, "b").json()["code"] == "limit_exceeded"
    make_limits()
    engage_kill_switch(scope="user", subject="tess", reason="break", actor=bob, now=utc_now())
    assert _post(api, box, "c").json()["code"] == "kill_switch_engaged"
    assert _post(client_of(bob), box, "d").status_code == 201
    assert _post(client_of(bob), box, "e").json()["code"] == "already_executed"


def test_settle_and_cancel(api, box):
    one = _post(api, box).json()["execution"]["id"]

    settled = api.post(f"/api/v1/executions/{one}/settle/").json()
    assert (settled["state"], settled["realised_profit"]) == ("settled", "16.00")
    assert [order["leg"] for order in settled["orders"]] == [0, 1, 2]
    assert {posting["key"].split(":")[0] for posting in settled["postings"]} == {"buy", "sale", "settle"}
    assert settled["openings"][0]["lines"][0]["product"]["set_code"] == "TST"
    again = api.post(f"/api/v1/executions/{one}/cancel/", {"reason": "x"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "execution_closed")


def test_cancel_needs_a_reason_and_keeps_it(api, box):
    one = _post(api, box, opening="entered").json()["execution"]["id"]

    assert api.post(f"/api/v1/executions/{one}/cancel/", {}, format="json").status_code == 400
    shown = api.post(f"/api/v1/executions/{one}/cancel/", {"reason": "withdrawn"}, format="json").json()
    assert (shown["state"], shown["closed_reason"]) == ("cancelled", "withdrawn")


def test_only_the_note_can_be_changed(api, box):
    one = _post(api, box).json()["execution"]["id"]

    assert api.patch(f"/api/v1/executions/{one}/", {"note": "n"}, format="json").json()["note"] == "n"
    refused = api.patch(f"/api/v1/executions/{one}/", {"expected_cost": "1"}, format="json")
    assert refused.status_code == 400


def test_products_opened_by_hand_wait_for_what_is_entered(api, box):
    shown = _post(api, box, opening="entered").json()["execution"]

    detail = api.get(f"/api/v1/executions/{shown['id']}/").json()
    assert shown["settles_at"] is None
    assert (len(detail["orders"]), detail["openings"]) == (1, [])
    settled = api.post(f"/api/v1/executions/{shown['id']}/settle/").json()
    assert (settled["state"], settled["realised_profit"]) == ("settled", "-60.00")


class TestList:
    @pytest.fixture(autouse=True)
    def _some(self, api, box, bob):
        self.first = _post(api, box).json()["execution"]
        other = make_box(now=utc_now() - timedelta(minutes=5), name='=HYPERLINK("x")')
        self.second = _post(client_of(bob), other, "k2", note="@note").json()["execution"]

    def test_everybody_sees_all_newest_first_by_cursor(self, charlie):
        client = client_of(charlie)

        page = client.get("/api/v1/executions/?page_size=1").json()
        rest = client.get(page["next"]).json()

        assert set(page) == {"next", "previous", "results"}
        assert [row["id"] for row in page["results"] + rest["results"]] == [
            self.second["id"],
            self.first["id"],
        ]
        assert rest["next"] is None

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("actor=me", 1), ("actor=bob", 1), ("actor=nobody", 0), ("state=bought", 2),
            ("state=bought,settled", 2), ("state=settled", 0), ("mode=paper", 2), ("source=cardmarket", 2),
            ("source=ebay", 0), ("created_after=2099-01-01T00:00:00Z", 0),
            ("created_before=2099-01-01T00:00:00Z", 2),
        ],
    )  # fmt: skip
    def test_filters(self, api, query, found):
        assert len(api.get(f"/api/v1/executions/?{query}").json()["results"]) == found

    def test_filters_by_product_and_opportunity(self, api):
        for name in ("product", "opportunity"):
            value = self.first[name]["id"] if name == "product" else self.first[name]
            rows = api.get(f"/api/v1/executions/?{name}={value}").json()["results"]
            assert [row["id"] for row in rows] == [self.first["id"]]

    @pytest.mark.parametrize("query", ["state=sold", "nope=1", "product=1", "cursor=zzz", "created_after=x"])
    def test_bad_parameters_are_refused(self, api, query):
        assert api.get(f"/api/v1/executions/?{query}").status_code == 400

    def test_csv_is_what_is_filtered_and_holds_no_formulas(self, api):
        answer = api.get("/api/v1/executions/export/?actor=bob", HTTP_ACCEPT="text/csv")

        rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert len(rows) == 1
        assert rows[0]["product"] == '\'=HYPERLINK("x")'
        assert rows[0]["note"] == "'@note"
        assert Decimal(rows[0]["expected_cost"]) == 60

    def test_the_list_takes_a_constant_number_of_queries(self, api, django_assert_max_num_queries):
        with django_assert_max_num_queries(6):
            assert len(api.get("/api/v1/executions/").json()["results"]) == 2

    def test_the_detail_takes_a_constant_number_of_queries(self, api, django_assert_max_num_queries):
        with django_assert_max_num_queries(12):
            assert api.get(f"/api/v1/executions/{self.first['id']}/").status_code == 200


def test_viewers_may_not_act(charlie, box):
    assert _post(client_of(charlie), box).status_code == 403


def test_strangers_see_nothing_even_where_reading_is_public(settings, box):
    settings.API_PUBLIC_READ = True
    from rest_framework.test import APIClient

    assert APIClient().get("/api/v1/executions/").status_code == 401


def test_what_does_not_exist_is_404(api, box):
    missing = make_trader("zoe").pk

    assert api.get(f"/api/v1/executions/{missing}/").status_code == 404
    assert api.post(f"/api/v1/executions/{missing}/settle/").json()["code"] == "execution_not_found"
    Opportunity.objects.all().delete()
    assert _post(api, box).json()["code"] == "opportunity_not_found"
