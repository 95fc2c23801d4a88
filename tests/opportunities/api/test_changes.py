"""Notes, reviews, dismissals, revisions, timeline and revalidation over REST."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from rest_framework.test import APIClient

from common.clock import utc_now
from common.models import AuditEvent, OutboxMessage
from opportunities.api.serializers import OpportunityDetailSerializer
from opportunities.models import Opportunity, OpportunityQuote
from opportunities.services import differences
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


def patch(
    api: APIClient, row: Opportunity, body: dict[str, Any], match: str | None = '"1"', method: str = "patch"
):
    headers = {} if match is None else {"If-Match": match}
    return getattr(api, method)(f"{ROOT}/{row.pk}/", body, headers=headers)


class TestNotes:
    @pytest.mark.parametrize("method", ["put", "patch"])
    def test_a_note_is_a_new_revision(self, api: APIClient, alice: User, method: str):
        row = make_row()
        etag = api.get(f"{ROOT}/{row.pk}/")["ETag"]

        answer = patch(api, row, {"execution_notes": "Ask for photos."}, etag, method)

        assert (answer.status_code, answer.json()["execution_notes"]) == (200, "Ask for photos.")
        assert (answer.json()["revision"], answer.json()["quote_version"]) == (2, "2")
        assert answer["ETag"].startswith('"2-')
        assert answer["ETag"] == api.get(f"{ROOT}/{row.pk}/")["ETag"]
        assert OpportunityQuote.objects.filter(opportunity=row).count() == 2
        event = AuditEvent.objects.get(verb="opportunity.annotated")
        assert (event.actor_id, event.data["fields"]) == (alice.pk, ["execution_notes"])
        assert "photos" not in str(event.data)

    def test_the_same_note_again_changes_nothing(self, api: APIClient):
        row = make_row()
        patch(api, row, {"execution_notes": "x"})

        answer = patch(api, row, {"execution_notes": "x"}, "*")

        assert (answer.status_code, answer.json()["revision"]) == (200, 2)

    def test_without_a_version_nothing_is_changed(self, api: APIClient):
        answer = patch(api, make_row(), {"execution_notes": "x"}, None)

        assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")

    @pytest.mark.parametrize("match", ['"2"', 'W/"1"', '"1x"', '"0", "7"'])
    def test_another_version_is_refused(self, api: APIClient, match: str):
        row = make_row()

        answer = patch(api, row, {"execution_notes": "x"}, match)

        row.refresh_from_db()
        assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
        assert answer.json()["details"] == {"version": "1"}
        assert row.execution_notes == ""

    @pytest.mark.parametrize("match", ["1", '"1', "", '"' + "x" * 3000 + '"', '"a" "b"'])
    def test_what_is_no_etag_is_refused(self, api: APIClient, match: str):
        assert patch(api, make_row(), {"execution_notes": "x"}, match).status_code == 400

    @pytest.mark.parametrize("match", ['"1"', '"3", "1"', '"1-abcdef"', "*", ' "1" '])
    def test_any_of_the_named_versions_will_do(self, api: APIClient, match: str):
        assert patch(api, make_row(), {"execution_notes": "x"}, match).status_code == 200

    @pytest.mark.parametrize(
        "body",
        [
            {"execution_notes": "x" * 501},
            {"execution_notes": None},
            {"needs_review": True},
            {"notes": "x"},
            [],
        ],
    )
    def test_senseless_bodies(self, api: APIClient, body):
        assert patch(api, make_row(), body).status_code == 400

    def test_a_replacement_states_the_notes(self, api: APIClient):
        assert patch(api, make_row(), {}, method="put").status_code == 400

    def test_no_column_can_be_written_through_the_api(self, api: APIClient):
        row = make_row()
        before = Opportunity.objects.filter(pk=row.pk).values().get()
        allowed = {"execution_notes", "needs_review"}
        names = {field.name for field in Opportunity._meta.fields} | set(before)
        names |= set(OpportunityDetailSerializer().fields)

        for name in sorted(names - allowed):
            value = before.get(name, before.get(f"{name}_id", "1"))
            assert patch(api, row, {"execution_notes": "x", name: str(value)}, "*").status_code == 400, name

        assert Opportunity.objects.filter(pk=row.pk).values().get() == before


class TestReview:
    def test_a_reviewed_one_is_listed_and_stays_so(self, api: APIClient):
        row = make_row(cost="15.00")
        assert row.needs_review
        sent = OutboxMessage.objects.filter(task="opportunities.send_opportunity_alert")
        assert sent.count() == 0

        answer = patch(api, row, {"needs_review": False})

        assert (answer.status_code, answer.json()["needs_review"]) == (200, False)
        assert sent.count() == 1
        analyze(row.sealed_product, now=utc_now())
        row.refresh_from_db()
        assert (row.needs_review, differences(row)) == (False, {})
        assert AuditEvent.objects.get(verb="opportunity.reviewed").data["margin_percentage"] == "406.66"

    def test_a_margin_that_grew_well_beyond_is_reviewed_again(self, api: APIClient):
        row = make_row(cost="15.00")
        patch(api, row, {"needs_review": False})
        later = utc_now() + timedelta(seconds=1)
        price(row.sealed_product, "9.00", at=later)

        analyze(row.sealed_product, now=later)

        row.refresh_from_db()
        assert row.needs_review

    def test_a_closed_one_is_not_reviewed(self, api: APIClient):
        row = make_row(cost="15.00")
        Opportunity.objects.update(status="expired")

        assert patch(api, row, {"needs_review": False}).status_code == 409


class TestDetailCaching:
    def test_the_same_detail_is_not_sent_twice(self, api: APIClient):
        row = make_row()
        first = api.get(f"{ROOT}/{row.pk}/")

        again = api.get(f"{ROOT}/{row.pk}/", headers={"If-None-Match": first["ETag"]})

        assert (again.status_code, again.content) == (304, b"")
        assert first["Cache-Control"] == "private, no-cache"

    def test_a_prolonged_life_is_sent_though_the_revision_is_the_same(self, api: APIClient):
        row = make_row()
        etag = api.get(f"{ROOT}/{row.pk}/")["ETag"]
        analyze(row.sealed_product, now=utc_now() + timedelta(seconds=5))

        again = api.get(f"{ROOT}/{row.pk}/", headers={"If-None-Match": etag})

        assert (again.status_code, again.json()["revision"]) == (200, 1)

    @pytest.mark.parametrize("path", ["history", "timeline", "explain"])
    def test_what_hangs_on_it_too(self, api: APIClient, path: str):
        row = make_row()
        first = api.get(f"{ROOT}/{row.pk}/{path}/")

        assert (
            api.get(f"{ROOT}/{row.pk}/{path}/", headers={"If-None-Match": first["ETag"]}).status_code == 304
        )


class TestCourse:
    def test_history_has_every_revision(self, api: APIClient):
        row = make_row()
        later = utc_now()
        price(row.sealed_product, "61.00", at=later)
        analyze(row.sealed_product, now=later)

        history = api.get(f"{ROOT}/{row.pk}/history").json()

        assert history["currency"] == "EUR"
        assert [(point["revision"], point["net_profit"]) for point in history["points"]] == [
            (1, "16.00"),
            (2, "15.00"),
        ]

    def test_timeline_tells_who_did_what_and_holds(self, api: APIClient, settings):
        row = make_row()
        patch(api, row, {"execution_notes": "x"})

        timeline = api.get(f"{ROOT}/{row.pk}/timeline/").json()

        assert [event["verb"] for event in timeline["results"]] == [
            "opportunity.annotated",
            "opportunity.opened",
        ]
        assert [event["actor"] for event in timeline["results"]] == ["alice", None]
        assert timeline["verified"] is True
        assert len(timeline["results"][0]["hash"]) == 64
        settings.API_PUBLIC_READ = True
        anonymous = APIClient().get(f"{ROOT}/{row.pk}/timeline/").json()
        assert [event["actor"] for event in anonymous["results"]] == [None, None]

    def test_an_edited_event_is_found(self, api: APIClient):
        row = make_row()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_events DISABLE TRIGGER USER")
            cursor.execute(
                "UPDATE audit_events SET data = '{}' WHERE subject = %s", [f"opportunity:{row.pk}"]
            )
            cursor.execute("ALTER TABLE audit_events ENABLE TRIGGER USER")

        assert api.get(f"{ROOT}/{row.pk}/timeline/").json()["verified"] is False

    def test_revalidating_shows_both(self, api: APIClient, settings):
        settings.CARDS_SINGLE_FLOORS = {"EUR": Decimal("1.00")}
        settings.CARDS_GRID_CENTS = 1
        row = make_row()
        price(row.sealed_product, "62.00", at=utc_now(), seller_count=4, available_quantity=1)

        answer = api.post(f"{ROOT}/{row.pk}/revalidate/").json()

        assert (answer["status"], answer["quote_version"]) == ("moved", "1")
        assert [reason["code"] for reason in answer["reasons"]] == ["price_changed", "cost_changed"]
        assert (answer["shown"]["net_profit"], answer["fresh"]["net_profit"]) == ("16.00", "14.00")
        assert (answer["shown"]["available_quantity"], answer["fresh"]["available_quantity"]) == (2, 1)
        row.refresh_from_db()
        assert row.total_cost == 60

    @pytest.mark.parametrize("path", ["history", "timeline"])
    def test_nothing_there(self, api: APIClient, path: str):
        assert api.get(f"{ROOT}/{uuid4()}/{path}/").status_code == 404

    @pytest.mark.parametrize("path", ["revalidate", "simulate"])
    def test_nothing_to_calculate(self, api: APIClient, path: str):
        assert api.post(f"{ROOT}/{uuid4()}/{path}/").status_code == 404
        assert api.post(f"{ROOT}/{make_row().pk}/{path}/", {"nope": 1}).status_code == 400


class TestDismissal:
    def test_the_reason_may_be_in_the_body(self, trader: APIClient):
        row = make_row()

        answer = trader.delete(f"{ROOT}/{row.pk}/", {"reason": "broken seal"}, headers={"If-Match": '"1"'})

        row.refresh_from_db()
        assert (answer.status_code, row.closed_reason, row.revision) == (204, "broken seal", 2)

    def test_one_that_changed_is_not_dismissed(self, trader: APIClient):
        row = make_row()

        answer = trader.delete(f"{ROOT}/{row.pk}/", headers={"If-Match": '"9"'})

        row.refresh_from_db()
        assert (answer.status_code, row.status) == (412, "active")

    def test_two_reasons_are_one_too_many(self, trader: APIClient):
        assert trader.delete(f"{ROOT}/{make_row().pk}/?reason=a", {"reason": "b"}).status_code == 400
