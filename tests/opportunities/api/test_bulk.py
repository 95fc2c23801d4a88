"""Many opportunities at once: each is done or named as skipped, and every refusal comes before any change."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from catalog.models import Product
from common.clock import utc_now
from common.models import AuditEvent
from jobs.models import Job
from opportunities.models import Opportunity, Watch
from opportunities.services.alerts_watching import MAX_WATCHES
from tests.opportunities.factories import analyze, found, make_deck, price
from tests.pricing.factories import make_user
from users.choices import Role
from users.models import User

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/opportunities"


def make_row(*, cost: str = "60.00") -> Opportunity:
    now = utc_now()
    deck = make_deck(at=now, cost=cost, seller_count=4, available_quantity=2)
    analyze(deck.sealed, now=now)
    return found(deck)


@pytest.fixture
def tess(db: None) -> User:
    return make_user("tess", Role.TRADER)


@pytest.fixture
def trader(tess: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(tess)
    return client


def bulk(api: APIClient, key: str = "k1", **body):
    return api.post(f"{ROOT}/bulk/", body, headers={"Idempotency-Key": key})


class TestBulk:
    def test_dismissing_skips_what_it_cannot(self, trader: APIClient):
        rows = [make_row(), make_row()]
        Opportunity.objects.filter(pk=rows[1].pk).update(status="expired")
        nobody = uuid4()

        answer = bulk(
            trader, action="dismiss", ids=[*(str(row.pk) for row in rows), str(nobody)], reason="gone"
        )

        body = answer.json()
        assert (body["matched"], body["done"], body["job"]) == (3, 1, None)
        assert {item["id"]: item["code"] for item in body["skipped"]} == {
            str(rows[1].pk): "opportunity_closed",
            str(nobody): "opportunity_not_found",
        }
        assert Opportunity.objects.get(pk=rows[0].pk).closed_reason == "gone"

    def test_the_same_key_acts_once(self, trader: APIClient):
        row = make_row()

        answers = [bulk(trader, action="dismiss", ids=[str(row.pk)]) for _ in range(2)]

        assert answers[0].json() == answers[1].json()
        assert answers[1]["Idempotent-Replay"] == "true"

    def test_everything_a_view_shows(self, api: APIClient, alice: User):
        cheap, dear = make_row(cost="50.00"), make_row()

        answer = bulk(api, action="watch", all_matching="?profit_min=20&page=2&ordering=net_profit")

        assert (answer.json()["matched"], answer.json()["done"]) == (1, 1)
        assert Watch.objects.get(user=alice).product_id == cheap.sealed_product_id
        again = bulk(api, "k2", action="watch", ids=[str(cheap.pk), str(dear.pk)]).json()
        assert (again["done"], [item["code"] for item in again["skipped"]]) == (1, ["already_watched"])
        assert bulk(api, "k3", action="unwatch", all_matching="").json()["done"] == 2
        assert not Watch.objects.exists()

    def test_watching_many_keeps_the_limit_of_a_watchlist(self, api: APIClient, alice: User):
        row = make_row()
        others = Product.objects.bulk_create(
            Product(name=f"Other {number}", product_type="sealed", category="mtg")
            for number in range(MAX_WATCHES)
        )
        Watch.objects.bulk_create(Watch(user=alice, product=other, created_at=utc_now()) for other in others)

        body = bulk(api, action="watch", ids=[str(row.pk)]).json()

        assert (body["done"], [item["code"] for item in body["skipped"]]) == (0, ["limit_reached"])
        assert Watch.objects.filter(user=alice).count() == MAX_WATCHES

    def test_the_trail_names_only_what_was_watched(self, api: APIClient, alice: User):
        first, second = make_row(), make_row(cost="50.00")
        bulk(api, action="watch", ids=[str(first.pk)])

        bulk(api, "k2", action="watch", ids=[str(first.pk), str(second.pk)])

        events = AuditEvent.objects.filter(verb="watch.added").order_by("seq")
        assert [event.data["product"] for event in events] == [
            str(first.sealed_product_id), str(second.sealed_product_id),
        ]  # fmt: skip

    def test_refreshing_asks_for_one_job_a_product(self, api: APIClient):
        row = make_row()

        first, second = (bulk(api, key, action="refresh", ids=[str(row.pk)]).json() for key in ("a", "b"))

        job = Job.objects.get()
        assert (job.kind, job.subject) == (
            "scrapers.update_product_prices",
            f"product:{row.sealed_product_id}",
        )
        assert first["job"]["id"] == second["job"]["id"] == str(job.pk)

    def test_revalidating_says_which_moved(self, api: APIClient, settings):
        settings.CARDS_SINGLE_FLOORS = {"EUR": Decimal("1.00")}
        settings.CARDS_GRID_CENTS = 1
        same, moved = make_row(), make_row()
        price(moved.sealed_product, "62.00", at=utc_now(), seller_count=4)

        body = bulk(api, action="revalidate", ids=[str(same.pk), str(moved.pk)]).json()

        assert (body["done"], [item["code"] for item in body["skipped"]]) == (1, ["moved"])

    def test_dismissing_needs_a_trader(self, api: APIClient):
        row = make_row()

        assert bulk(api, action="dismiss", ids=[str(row.pk)]).status_code == 403
        row.refresh_from_db()
        assert row.status == "active"

    def test_not_too_many_at_once(self, api: APIClient):
        answer = bulk(api, action="revalidate", ids=[str(uuid4()) for _ in range(51)])

        assert (answer.status_code, answer.json()["code"]) == (400, "too_many_matched")
        assert answer.json()["details"] == {"limit": 50, "matched": 51}

    @pytest.mark.parametrize(
        "body",
        [
            {"action": "watch"},
            {"action": "watch", "ids": []},
            {"action": "watch", "ids": ["x"]},
            {"action": "watch", "ids": ["01a1fcab-0000-7000-8000-000000000000"], "all_matching": ""},
            {"action": "explode", "all_matching": ""},
            {"action": "watch", "all_matching": "colour=red"},
            {"action": "watch", "all_matching": "margin_min=much"},
            {"action": "watch", "all_matching": "", "user": "x"},
            {"action": "watch", "all_matching": "", "reason": "x" * 201},
        ],
    )
    def test_senseless_requests(self, api: APIClient, body: dict[str, Any]):
        assert bulk(api, **body).status_code == 400

    def test_it_needs_a_key(self, api: APIClient):
        assert api.post(f"{ROOT}/bulk/", {"action": "watch", "all_matching": ""}).status_code == 400
