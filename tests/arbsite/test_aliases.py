"""The unversioned paths of R000 and R001."""

import json
import re

import pytest
from django.test import Client

from common.live import SIGNALS_HISTORY
from common.redis import shared_redis
from tests.trading.conftest import client_of
from tests.trading.factories import make_trader
from tests.trading.services.spreads.conftest import forget_quotes
from tests.trading.spread_factories import make_route
from trading.models import SpreadExecution

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clean():
    forget_quotes()
    shared_redis().delete(SIGNALS_HISTORY)
    yield
    forget_quotes()
    shared_redis().delete(SIGNALS_HISTORY)


@pytest.mark.parametrize("path", ["markets", "books", "opportunities", "executions"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_the_paths_of_r000_answer_like_the_versioned_lists(path, slash):
    client = client_of(make_trader())

    answer = client.get(f"/api/{path}{slash}")

    assert answer.status_code == 200
    assert set(answer.json()) >= {"next", "previous", "results"}


def test_opportunities_are_the_open_gaps():
    route = make_route()
    client = client_of(make_trader())

    rows = client.get("/api/opportunities").json()["results"]
    type(route.opportunity).objects.update(state="closed")

    assert [(row["buy_venue"], row["sell_venue"], row["net_bps"]) for row in rows] == [
        ("alpha", "beta", "444.4444")
    ]
    assert client.get("/api/opportunities").json()["results"] == []
    assert len(client.get("/api/opportunities?state=closed").json()["results"]) == 1


def test_an_execution_by_the_path_of_r000_is_on_record():
    route = make_route()
    client = client_of(make_trader())
    url = f"/api/opportunities/{route.opportunity.pk}/execute"

    answer = client.post(
        url, {"quantity": "0.5", "accept_disclaimer": True}, format="json", HTTP_IDEMPOTENCY_KEY="a"
    )

    assert answer.status_code == 400
    assert answer.json()["error"] == "quantity_invalid"
    assert "details" in answer.json()
    assert not SpreadExecution.objects.exists()


def test_the_last_signals_are_a_bare_array_oldest_first():
    signals = {json.dumps({"symbol": "BTC/USDT", "timestamp": number}): number for number in range(60)}
    shared_redis().zadd(SIGNALS_HISTORY, signals)

    answer = client_of(make_trader()).get("/api/signals/history")

    assert [one["timestamp"] for one in answer.json()] == list(range(10, 60))


def test_the_aliases_stay_out_of_the_document():
    document = Client().get("/api/schema/").content.decode()

    paths = re.findall(r"^  (/\S+):$", document, re.MULTILINE)
    assert paths
    assert all(path.startswith("/api/v1/") for path in paths)
