"""`/spreads/` and `/spread-executions/`: what is shown, who may act, and that one key acts once."""

import pytest

from common.clock import utc_now
from common.live import QUOTES_PREFIX
from common.models import IdempotencyKey
from common.redis import shared_redis
from opportunities.models import SpreadEpisode
from tests.trading.conftest import client_of
from tests.trading.factories import as_if_committed, execute, make_box
from tests.trading.services.spreads.conftest import forget_quotes
from tests.trading.spread_factories import drive, make_crypto_route, make_route, open_spread
from trading.models import LegOrder, SpreadExecution

pytestmark = pytest.mark.django_db
BODY = {"quantity": "2", "accept_disclaimer": True}


@pytest.fixture(autouse=True)
def _quotes():
    forget_quotes()
    yield
    forget_quotes()


def _post(api, route, key="k", path="spreads", **changes):
    url = f"/api/v1/{path}/{route.opportunity.pk}/execute/"
    return api.post(url, {**BODY, **changes}, format="json", HTTP_IDEMPOTENCY_KEY=key)


def test_gaps_are_listed_widest_first_with_plain_decimals(api):
    make_route(now=utc_now())
    make_crypto_route(now=utc_now())

    page = api.get("/api/v1/spreads/").json()

    assert page["count"] == 2
    first, second = page["results"]
    assert (first["kind"], first["market"], first["symbol"]) == (
        "cross_venue", "giftcard", "giftcard:amazon:50:USD:US"
    )  # fmt: skip
    assert (first["buy_price"], first["net_bps"], first["denomination"]) == ("45", "444.4444", "50")
    assert (second["base"], second["quote"], second["denomination"]) == ("BTC", "USDT", None)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("market=crypto", 1), ("state=closed", 0), ("state=open", 2), ("venue=beta", 1),
        ("min_net_bps=300", 1),
        ("symbol=giftcard:amazon:50:USD:US", 1), ("ordering=-last_seen_at", 2), ("ordering=-total_profit", 2),
        ("kind=cross_venue", 2),
    ],
)  # fmt: skip
def test_gaps_are_filtered(api, query, count):
    make_route()
    make_crypto_route()

    assert api.get(f"/api/v1/spreads/?{query}").json()["count"] == count


@pytest.mark.parametrize("query", ["nope=1", "market=stocks", "ordering=cost", "min_net_bps=x", "page=0"])
def test_what_is_not_known_is_refused(api, query):
    assert api.get(f"/api/v1/spreads/?{query}").status_code == 400
    assert api.get(f"/api/v1/opportunities/?kind=cross_venue&{query}").status_code == 400


def test_the_list_of_opportunities_answers_both_kinds(api):
    make_route()

    both = [api.get(f"/api/v1/{path}").json() for path in ("spreads/", "opportunities/?kind=cross_venue")]

    assert both[0]["results"] == both[1]["results"]
    assert api.get("/api/v1/opportunities/?kind=sealed_to_singles").json()["count"] == 0
    assert api.get("/api/v1/opportunities/?kind=other").status_code == 400


def test_a_gap_shows_both_quotes_of_now_and_its_openings(api):
    now = utc_now()
    route = make_route(now=now)
    SpreadEpisode.objects.create(
        opportunity=route.opportunity, opened_at=now, peak_net_bps=444, peak_net_profit=2
    )

    answers = [
        api.get(f"/api/v1/{path}/{route.opportunity.pk}/").json() for path in ("spreads", "opportunities")
    ]

    for shown in answers:
        assert shown["quotes_readable"] is True
        assert (shown["buy_quote"]["ask"], shown["sell_quote"]["bid"]) == ("45", "47")
        assert shown["sell_quote"]["age_ms"] >= 0
        assert [episode["peak_net_bps"] for episode in shown["episodes"]] == ["444"]
        assert shown["is_stale"] is True, "its quotes lasted for no time at all"


def test_a_gap_without_quotes_or_with_damaged_ones_is_still_shown(api):
    route = make_route()
    shared_redis().hset(f"{QUOTES_PREFIX}{route.symbol}", "alpha", "{")

    shown = api.get(f"/api/v1/spreads/{route.opportunity.pk}/").json()

    assert shown["buy_quote"] is None
    assert shown["sell_quote"]["bid"] == "47"


def test_an_unknown_gap_is_not_found(api):
    url = "/api/v1/{}/00000000-0000-7000-8000-000000000000/"
    assert {api.get(url.format(path)).status_code for path in ("spreads", "opportunities")} == {404}


@pytest.mark.parametrize("path", ["spreads", "opportunities"])
def test_acting_answers_with_both_legs(api, path):
    route = make_route(now=utc_now())

    answer = _post(api, route, path=path)

    assert answer.status_code == 201, answer.json()
    shown = answer.json()["execution"]
    assert answer["Location"] == f"/api/v1/spread-executions/{shown['id']}/"
    assert (shown["state"], shown["realised_profit"], shown["quantity"]) == ("settled", "4", "2")
    assert [(leg["side"], leg["venue"], leg["state"]) for leg in shown["legs"]] == [
        ("buy", "alpha", "filled"), ("sell", "beta", "filled")
    ]  # fmt: skip
    assert shown["legs"][0]["fills"][0]["price"] == "45"
    assert shown["checked"]["controls"]


def test_the_same_key_acts_once_and_answers_the_same_execution(api):
    route = make_route(now=utc_now())

    first, again = _post(api, route), _post(api, route)
    other = _post(api, route, quantity="1")

    assert first.json() == again.json()
    assert again["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert (SpreadExecution.objects.count(), IdempotencyKey.objects.count()) == (1, 1)


def test_a_key_whose_execution_went_with_the_demo_opens_no_other_one(api):
    route = make_route(now=utc_now())
    assert _post(api, route).status_code == 201
    IdempotencyKey.objects.update(response_body='{"execution": "00000000-0000-7000-8000-000000000000"}')

    again = _post(api, route)

    assert (again.status_code, again.json()["code"]) == (404, "execution_not_found")
    assert SpreadExecution.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"quantity": "0"}, 400, None), ({"quantity": "-1"}, 400, None), ({"quantity": "NaN"}, 400, None),
        ({"quantity": "1.5"}, 400, "quantity_invalid"), ({"quantity": "11"}, 409, "limit_exceeded"),
        ({"accept_disclaimer": False}, 400, "disclaimer_not_accepted"), ({"nope": 1}, 400, None),
        ({"max_buy_price": "44"}, 409, "figures_moved"), ({"min_sell_price": "48"}, 409, "figures_moved"),
        ({"min_net_bps": "500"}, 409, "figures_moved"),
    ],
)  # fmt: skip
def test_refusals_have_their_codes_and_write_nothing(api, body, status, code):
    route = make_route(now=utc_now())

    answer = _post(api, route, **body)

    assert answer.status_code == status, answer.json()
    assert code is None or answer.json()["code"] == code
    assert not SpreadExecution.objects.exists()
    assert not IdempotencyKey.objects.exists()


def test_prices_that_cannot_be_read_refuse_with_503(api, settings):
    route = make_route(now=utc_now())
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    answer = _post(api, route)

    assert (answer.status_code, answer.json()["code"]) == (503, "quotes_unreadable")
    assert not SpreadExecution.objects.exists()


def test_acting_needs_a_key_and_a_trader(api, charlie):
    route = make_route(now=utc_now())
    url = f"/api/v1/spreads/{route.opportunity.pk}/execute/"

    assert api.post(url, BODY, format="json").json()["errors"][0]["code"] == "idempotency_key_required"
    assert _post(client_of(charlie), route).status_code == 403


def test_both_logs_answer_executions_across_venues(api, tess):
    execution = drive(open_spread(make_route(), tess))
    product = execute(make_box(), tess)

    logs = [
        api.get(f"/api/v1/{path}").json()["results"]
        for path in ("spread-executions/", "executions/?kind=cross_venue")
    ]

    assert logs[0] == logs[1]
    assert [row["id"] for row in logs[0]] == [str(execution.pk)]
    plain = api.get("/api/v1/executions/").json()["results"]
    assert [row["id"] for row in plain] == [str(product.pk)]
    details = [
        api.get(f"/api/v1/{path}/{execution.pk}/").json() for path in ("spread-executions", "executions")
    ]
    assert details == [logs[0][0]] * 2


@pytest.mark.parametrize(
    ("query", "count"),
    [("state=settled,stuck", 1), ("state=failed", 0), ("market=giftcard", 1), ("actor=me", 1),
     ("actor=bob", 0),
     ("venue=alpha", 1), ("created_after=2100-01-01T00:00:00Z", 0)],
)  # fmt: skip
def test_the_log_is_filtered(api, tess, query, count):
    drive(open_spread(make_route(), tess))

    assert len(api.get(f"/api/v1/spread-executions/?{query}").json()["results"]) == count


def test_the_log_is_exported_with_plain_decimals(api, tess):
    drive(open_spread(make_route(), tess, note="=1+1"))

    answer = api.get("/api/v1/spread-executions/export/?state=settled")
    lines = b"".join(answer.streaming_content).decode().splitlines()

    assert lines[0].startswith("id,created_at,actor")
    assert ",USD,90,94,4,444.4444,90,94,4," in lines[1]
    assert "'=1+1" in lines[1]


def _stuck(tess) -> SpreadExecution:
    """Leave a purchase that was sent without an answer, as a venue that never tells does."""
    execution = open_spread(make_route(), tess)
    LegOrder.objects.filter(execution=execution, position=0).update(
        state="unknown", sent_at=execution.created_at
    )
    execution.state = "stuck"
    execution.save()
    return execution


def test_an_operator_decides_about_what_is_stuck(bob, tess):
    execution = _stuck(tess)
    url = f"/api/v1/spread-executions/{execution.pk}/resolve/"

    answer = client_of(bob).post(url, {"outcome": "nothing_happened", "note": "phoned"}, format="json")
    again = client_of(bob).post(url, {"outcome": "nothing_happened"}, format="json")

    as_if_committed()
    assert (answer.status_code, answer.json()["state"]) == (200, "failed")
    assert "phoned" in answer.json()["reason"]
    assert (again.status_code, again.json()["code"]) == (409, "not_stuck")


@pytest.mark.parametrize(
    "body",
    [{}, {"outcome": "maybe"}, {"outcome": "nothing_happened", "price": "1"},
     {"outcome": "filled", "quantity": "9"},
     {"outcome": "filled", "quantity": "0.5"}, {"outcome": "filled", "nope": 1},
     {"outcome": "filled", "price": "1000000000000"}, {"outcome": "filled", "fees": "1000000000000"}],
)  # fmt: skip
def test_a_decision_that_cannot_be_is_refused(bob, tess, body):
    execution = _stuck(tess)

    answer = client_of(bob).post(f"/api/v1/spread-executions/{execution.pk}/resolve/", body, format="json")

    assert answer.status_code == 400
    execution.refresh_from_db()
    assert execution.state == "stuck"


def test_only_operators_decide(api, tess):
    execution = _stuck(tess)
    url = f"/api/v1/spread-executions/{execution.pk}/resolve/"

    assert api.post(url, {"outcome": "nothing_happened"}, format="json").status_code == 403


def test_queries_do_not_grow_with_the_log(api, tess, django_assert_max_num_queries):
    route = make_route()
    for _ in range(4):
        drive(open_spread(route, tess, "1"))

    with django_assert_max_num_queries(5):
        rows = api.get("/api/v1/spread-executions/").json()["results"]

    assert [len(row["legs"]) for row in rows] == [2] * 4
