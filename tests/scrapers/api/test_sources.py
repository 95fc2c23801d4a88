from datetime import timedelta

import pytest
from django.test import Client

from common.clock import utc_now
from common.models import AuditEvent, OutboxMessage
from jobs.models import Job
from scrapers.models import SourceRoute
from scrapers.registry import SOURCES
from tests.pricing.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


def sources(user):
    client = Client()
    client.force_login(user)
    return {source["code"]: source for source in client.get("/api/v1/sources/").json()["results"]}


def test_every_source_is_listed_in_order_with_its_routes_in_order(alice):
    found = sources(alice)

    assert list(found) == [source.code for source in SOURCES]
    assert [(route["code"], route["route"]) for route in found["tcgplayer"]["routes"]] == [
        ("tcgcsv", "bulk"), ("api", "api"), ("site", "page"),
    ]  # fmt: skip
    assert found["tcgplayer"]["coverage"] == {"tracked": 0, "fresh": 0, "share": "0.0000"}
    assert found["tcgplayer"]["newest_price_at"] is None


def test_a_route_says_whether_it_would_start_and_why_not(alice):
    SourceRoute.objects.filter(source="tcgplayer", code="tcgcsv").update(
        reviewed_on=utc_now().date() - timedelta(days=181)
    )

    bulk, api, site = sources(alice)["tcgplayer"]["routes"]

    assert (bulk["is_ready"], bulk["not_ready_code"]) == (False, "terms_review_expired")
    assert (api["is_ready"], api["not_ready_code"]) == (False, "credentials_missing")
    assert "TCGPLAYER_PUBLIC_KEY" in api["not_ready_reason"]
    assert (site["is_ready"], site["is_opt_in"], site["acknowledged_at"]) == (False, True, None)
    assert [host["key"] for host in bulk["hosts"]] == ["tcgcsv.com"]
    assert bulk["hosts"][0]["breaker"] == "closed"


def test_the_list_costs_the_same_however_many_routes(alice, django_assert_max_num_queries):
    client = Client()
    client.force_login(alice)

    with django_assert_max_num_queries(8):
        assert client.get("/api/v1/sources/").status_code == 200


@pytest.mark.parametrize("query", ["nope=1", "page=0", "page_size=201"])
def test_what_the_list_does_not_know_is_refused(query, alice):
    client = Client()
    client.force_login(alice)

    assert client.get(f"/api/v1/sources/?{query}").status_code == 400


def test_coverage_counts_each_tracked_product_once(alice):
    make_product(sealed=True, ids={"mcm": "1", "tcgplayer": "2"})
    client = Client()
    client.force_login(alice)

    answer = client.get("/api/v1/coverage/").json()

    assert (answer["window_hours"], answer["slots_per_cycle"]) == (4, 7200)
    assert (answer["tracked"], answer["fresh"], answer["share"]) == (1, 0, "0.0000")
    tracked = {row["source"]: row["tracked"] for row in answer["by_source"]}
    assert (tracked["cardmarket"], tracked["tcgplayer"], tracked["ebay"]) == (1, 1, 0)


def test_a_sync_is_one_job_and_one_message_however_often_it_is_asked_for(bob, send):
    first = send(bob, "/api/v1/sources/cardmarket/sync/")
    again = send(bob, "/api/v1/sources/cardmarket/sync/")

    assert (first.status_code, again.status_code) == (202, 202)
    job = first.json()["job"]
    assert (job["subject"], job["state"], job["requested_by"]) == ("source:cardmarket", "queued", "bob")
    assert again.json()["job"]["id"] == job["id"]
    assert first["Location"] == f"/api/v1/jobs/{job['id']}/"
    assert OutboxMessage.objects.filter(task="scrapers.sync_market_data").count() == 1


def test_all_sources_are_synced_by_one_job(bob, send):
    answer = send(bob, "/api/v1/sync/")

    assert answer.status_code == 202
    assert Job.objects.get().parameters["sources"] == []


def test_an_unknown_source_is_not_found(bob, send):
    assert send(bob, "/api/v1/sources/nosuch/sync/").status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/sync/", "/api/v1/sources/cardmarket/sync/"])
def test_analysts_start_no_sync(path, alice, send):
    assert send(alice, path).status_code == 403
    assert not Job.objects.exists()


def test_analysts_refresh_a_product(alice, send):
    product = make_product(sealed=True)

    answer = send(alice, f"/api/v1/products/{product.pk}/refresh-price/")

    assert answer.status_code == 202
    assert answer.json()["job"]["subject"] == f"product:{product.pk}"
    assert OutboxMessage.objects.filter(task="scrapers.update_product_prices").count() == 1


def test_a_refresh_of_nothing_is_not_found(alice, send):
    path = "/api/v1/products/00000000-0000-7000-8000-000000000000/refresh-price/"

    assert send(alice, path).status_code == 404


def test_a_repeated_request_is_answered_again_and_done_once(bob, send):
    first = send(bob, "/api/v1/sync/", key="same")
    Job.objects.update(state="succeeded")
    again = send(bob, "/api/v1/sync/", key="same")

    assert again["Idempotent-Replay"] == "true"
    assert again.json() == first.json()
    assert Job.objects.count() == 1


def test_a_breaker_is_reset_and_audited(bob, send):
    answer = send(bob, "/api/v1/breakers/reset/", {"key": "tcgcsv.com"})

    assert answer.status_code == 200
    assert answer.json() == {
        "key": "tcgcsv.com", "breaker": "closed", "opened_until": None, "failures": 0, "last_failure": "",
    }  # fmt: skip
    assert AuditEvent.objects.filter(verb="breaker.reset", actor_id=bob.pk).count() == 1


@pytest.mark.parametrize("key", ["169.254.169.254", "'; DROP TABLE x;--", "*", "../../etc", "tcgcsv.com:80"])
def test_a_host_nobody_asks_has_no_breaker(key, bob, send):
    answer = send(bob, "/api/v1/breakers/reset/", {"key": key})

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_host")
    assert not AuditEvent.objects.filter(verb="breaker.reset").exists()


@pytest.mark.parametrize("path", ["/api/v1/sync/", "/api/v1/sources/cardmarket/sync/"])
def test_calls_without_a_body_refuse_one(path, bob, send):
    assert send(bob, path, {"url": "http://169.254.169.254/"}).status_code == 400


def test_a_method_nobody_may_use_is_not_a_question_of_roles(bob, send):
    assert send(bob, "/api/v1/coverage/").status_code == 405


@pytest.mark.parametrize(
    "body", [{}, {"key": ""}, {"key": "x" * 301}, {"key": None}, [], {"key": "tcgcsv.com", "zz": 1}]
)
def test_a_reset_without_a_host_is_refused(body, bob, send):
    assert send(bob, "/api/v1/breakers/reset/", body).status_code == 400
