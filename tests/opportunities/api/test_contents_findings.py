"""The endpoints of doubts about contents."""

import pytest
from rest_framework.test import APIClient

from opportunities.contents_audit import run_contents_audit
from opportunities.models import ContentsFinding
from tests.catalog.factories import BoosterPackFactory, SealedProductFactory
from tests.pricing.factories import NOW

pytestmark = pytest.mark.django_db
URL = "/api/v1/contents-findings/"


@pytest.fixture
def finding(db) -> ContentsFinding:
    pack = SealedProductFactory(
        sealed_kind="booster_pack", sealed_subtype="draft", contents=[(BoosterPackFactory(), 1)]
    )
    SealedProductFactory(name="Big Box", sealed_subtype="draft", contents=[(pack, 120)])
    run_contents_audit(now=NOW)
    return ContentsFinding.objects.get()


def test_doubts_are_listed_with_their_reason(api, finding):
    (row,) = api.get(f"{URL}?state=open&check=odd_count&product={finding.product_id}").json()["results"]

    assert (row["check_code"], row["check"], row["state"]) == ("odd_count", "An odd count", "open")
    assert row["product"]["name"] == "Big Box"
    assert row["other_product"]["id"] == str(finding.other_product_id)
    assert row["details"]["count"] == 120
    assert api.get(f"{URL}{finding.pk}/").json() == row


@pytest.mark.parametrize(
    "query", ["state=accepted", "check=wrong_child", "product=00000000-0000-7000-8000-000000000000"]
)
def test_other_doubts_are_not_listed(api, finding, query: str):
    assert api.get(f"{URL}?{query}").json()["results"] == []


@pytest.mark.parametrize("query", ["state=nope", "check=nope", "product=1", "code=odd_count"])
def test_unknown_filters_are_refused(api, finding, query: str):
    assert api.get(f"{URL}?{query}").status_code == 400


def test_an_analyst_accepts_a_doubt(api, finding):
    answer = api.post(f"{URL}{finding.pk}/judge/", {"state": "accepted", "reason": "A display"})

    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["judged_reason"]) == ("accepted", "A display")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"state": "accepted"}, 409),
        ({"state": "resolved", "reason": "x"}, 400),
        ({"state": "accepted", "reason": "x" * 201}, 400),
        ({"state": "accepted", "reason": "x", "check_code": "odd_count"}, 400),
        ({}, 400),
    ],
    ids=["no reason", "resolved", "long", "more fields", "nothing"],
)
def test_a_judgement_without_sense_is_refused(api, finding, body, status: int):
    answer = api.post(f"{URL}{finding.pk}/judge/", body)

    assert answer.status_code == status
    finding.refresh_from_db()
    assert finding.state == "open"


def test_strangers_do_not_judge(charlie, finding):
    client = APIClient()
    client.force_authenticate(charlie)

    answer = client.post(f"{URL}{finding.pk}/judge/", {"state": "accepted", "reason": "x"})

    assert answer.status_code == 403
