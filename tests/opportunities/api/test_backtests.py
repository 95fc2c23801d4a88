"""The back-test endpoints: asked for once, shown with their state, their signals by page."""

from datetime import date
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from jobs.models import Job
from jobs.services import cancel_job
from opportunities.models import Backtest
from tests.opportunities.backtest.world import NOW, deck_for, opened, replayed

pytestmark = pytest.mark.django_db
URL = "/api/v1/backtests/"
MONTH = {"from_day": "2026-10-01", "to_day": "2026-11-01"}


def post(api: APIClient, body: object, key: str | None = None):
    return api.post(URL, body, headers={"Idempotency-Key": key or uuid4().hex})


def test_a_backtest_is_asked_for_and_runs_as_a_job(api):
    answer = post(api, {**MONTH, "horizon_days": 3, "source": "cardmarket", "fee_rate": "0.1"})

    assert answer.status_code == 202
    row = Backtest.objects.get()
    assert answer.headers["Location"] == f"/api/v1/jobs/{row.job_id}/"
    assert answer.data["job"]["kind"] == "opportunities.run_backtest"
    shown = answer.data["backtest"]
    assert (shown["id"], shown["state"], shown["requested_by"]) == (str(row.pk), "queued", "alice")
    assert shown["parameters"] == {"source": "cardmarket", "fee_rate": "0.1000"}
    assert (row.from_day, row.horizon_days) == (date(2026, 10, 1), 3)


def test_the_same_key_asks_once(api):
    first, second = (post(api, MONTH, "once") for _ in "ab")

    assert first.data["backtest"]["id"] == second.data["backtest"]["id"]
    assert (Backtest.objects.count(), Job.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"to_day": "2026-10-01"}, 400),
        ({"to_day": "2028-10-01"}, 400),
        ({"to_day": "9999-12-31"}, 400),
        ({"from_day": "yesterday"}, 400),
        ({"horizon_days": 0}, 400),
        ({"fee_rate": "1.5"}, 400),
        ({"fee_rate": "NaN"}, 400),
        ({"floor": "-1"}, 400),
        ({"source": "nobody"}, 400),
        ({"category": "chess"}, 400),
        ({"horizon": 3}, 400),
        ({"state": "succeeded"}, 400),
    ],
    ids=str,
)
def test_what_cannot_be_replayed_is_refused(api, change, status: int):
    answer = post(api, {**MONTH, **change})

    assert answer.status_code == status
    assert not Backtest.objects.exists()


def test_strangers_read_and_do_not_ask(charlie):
    client = APIClient()
    client.force_authenticate(charlie)

    assert post(client, MONTH).status_code == 403
    assert client.get(URL).status_code == 200


def test_the_result_is_shown_once_it_is_there(api):
    deck_for(5)
    waiting, done = opened(3), replayed(3)

    listed = api.get(URL).json()
    shown = api.get(f"{URL}{done.pk}/").json()

    assert [row["state"] for row in listed["results"]] == ["succeeded", "queued"]
    assert "summary" not in listed["results"][0]
    assert api.get(f"{URL}{waiting.pk}/").json()["summary"] is None
    assert shown["summary"]["currencies"]["EUR"]["total_profit"] == "48.00"
    assert shown["summary"]["by_risk"][0]["hit_rate"] == "1.0000"
    assert (shown["requested_by"], shown["progress_done"]) == (None, None)


def test_a_job_that_was_cancelled_before_it_began_shows(api):
    post(api, MONTH)
    cancel_job(Job.objects.get(), actor=None, now=NOW)

    assert api.get(f"{URL}?state=cancelled").json()["count"] == 1
    assert api.get(f"{URL}?state=queued").json()["count"] == 0


def test_signals_are_paged_and_filtered(api):
    deck = deck_for(6)
    backtest = replayed(4)
    url = f"{URL}{backtest.pk}/signals/"

    page = api.get(f"{url}?page_size=3").json()
    first = api.get(f"{url}?is_first=true&day=2026-11-01&source=cardmarket&is_judged=true").json()

    assert (page["count"], len(page["results"])) == (4, 3)
    assert [row["day"] for row in page["results"]] == ["2026-11-04", "2026-11-03", "2026-11-02"]
    (row,) = first["results"]
    assert (row["product"]["id"], row["source"]) == (str(deck.sealed.pk), "cardmarket")
    assert (row["expected_profit"], row["realised_profit"], row["is_first"]) == ("16.00", "16.00", True)
    assert api.get(f"{url}?is_judged=false").json()["count"] == 0
    assert api.get(f"{url}?risk=low").status_code == 400


def test_signals_are_listed_at_a_constant_number_of_queries(api, django_assert_max_num_queries):
    for _ in range(3):
        deck_for(3)
    backtest = replayed(3)

    with django_assert_max_num_queries(4):
        assert api.get(f"{URL}{backtest.pk}/signals/").json()["count"] == 9


@pytest.mark.parametrize("path", ["{id}/", "{id}/signals/"])
def test_a_backtest_that_does_not_exist_is_not_found(api, path: str):
    assert api.get(URL + path.format(id=uuid4())).status_code == 404
