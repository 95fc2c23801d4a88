"""Charts in buckets, sparklines in bulk, and prices that are not sent twice."""

from datetime import timedelta
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from common.clock import utc_now
from tests.pricing.factories import NOW, make_product, make_source, observe, record, record_series

pytestmark = pytest.mark.django_db
SPARK = "/api/v1/products/sparklines/"


@pytest.fixture
def client(alice) -> APIClient:
    client = APIClient()
    client.force_authenticate(alice)
    return client


def history(product) -> str:
    return f"/api/v1/products/{product.pk}/price-history/"


class TestBuckets:
    def test_days_are_summed_up_oldest_first(self, client: APIClient):
        ring = make_product()
        for hours, amount in ((0, "4.00"), (1, "5.00"), (2, "9.00"), (25, "2.00")):
            record(observe(ring, amount), at=NOW - timedelta(hours=hours))
        query = {"bucket": "day", "source": "cardmarket", "recorded_before": "2026-11-21T00:00:00Z"}

        body = client.get(history(ring), query).json()

        assert (body["currency"], body["bucket"], body["next"]) == ("EUR", "day", None)
        yesterday, today = body["results"]
        assert yesterday["starts_at"] == "2026-11-19T00:00:00Z"
        assert today == {
            "starts_at": "2026-11-20T00:00:00Z", "count": 3, "low": "4.00", "median": "5.00", "high": "9.00",
            "last": "4.00",
        }  # fmt: skip

    @pytest.mark.parametrize(
        "query",
        [
            {"bucket": "day"},
            {"bucket": "second", "source": "cardmarket"},
            {"bucket": "day", "source": "nowhere"},
            {"bucket": "hour", "source": "cardmarket", "recorded_after": "1990-01-01T00:00:00Z"},
            {"bucket": "day", "source": "cardmarket", "recorded_before": "0001-01-01T00:00:00Z"},
            {"bucket": "day", "source": "cardmarket", "page_size": "5"},
            {"bucket": "day", "source": "cardmarket", "condition": "any"},
            {"bucket": "day", "source": "cardmarket", "finish": "plaid"},
        ],
    )
    def test_what_makes_no_chart_is_refused(self, client: APIClient, query: dict[str, str]):
        make_source()

        assert client.get(history(make_product()), query).status_code == 400

    def test_nobodys_chart_is_a_404(self, client: APIClient):
        make_source()
        url = f"/api/v1/products/{uuid4()}/price-history/"

        assert client.get(url, {"bucket": "day", "source": "cardmarket"}).status_code == 404


class TestSparklines:
    def test_one_statement_draws_many(self, client: APIClient, django_assert_num_queries):
        now = utc_now()
        first, second, empty = make_product(), make_product(), make_product()
        record_series(first, ["1.00", "2.00", "3.00"], until=now)
        record(observe(second, "7.00"), at=now)
        ids = ",".join(str(product.pk) for product in (first, second, empty))

        with django_assert_num_queries(2):  # the sources, and everything else
            lines = client.get(SPARK, {"ids": ids}).json()["results"]

        by_product = {line["product"]: line for line in lines}
        assert set(by_product) == {str(first.pk), str(second.pk)}
        assert (by_product[str(first.pk)]["source"], by_product[str(first.pk)]["currency"]) == (
            "cardmarket",
            "EUR",
        )
        assert [point["price"] for point in by_product[str(first.pk)]["points"]] == ["1.00", "2.00", "3.00"]

    def test_a_foreign_source_and_older_days_are_left_out(self, client: APIClient):
        now = utc_now()
        ring = make_product()
        record(observe(ring, "1.00"), at=now - timedelta(days=12))
        record(observe(ring, "2.00"), at=now)

        (line,) = client.get(SPARK, {"ids": str(ring.pk), "days": "5"}).json()["results"]

        assert [point["price"] for point in line["points"]] == ["2.00"]
        assert client.get(SPARK, {"ids": str(ring.pk), "source": "tcgplayer"}).json()["results"] == []

    def test_a_line_has_no_more_points_than_days_and_none_of_a_part_of_a_day(self, client: APIClient):
        now, ring = utc_now(), make_product()
        for days in range(6, -1, -1):
            record(observe(ring, f"{days + 1}.00"), at=now - timedelta(days=days) + timedelta(seconds=-1))
        record(observe(ring, "9.00"), at=now - timedelta(days=5) + timedelta(seconds=5))

        (line,) = client.get(SPARK, {"ids": str(ring.pk), "days": "5"}).json()["results"]

        assert len(line["points"]) == 5

    def test_ids_may_be_repeated(self, client: APIClient):
        one, two = make_product(), make_product()
        record(observe(one, "1.00"), observe(two, "2.00"), at=utc_now())

        answer = client.get(f"{SPARK}?ids={one.pk}&ids={two.pk}")

        assert len(answer.json()["results"]) == 2

    @pytest.mark.parametrize(
        "query",
        [
            {}, {"ids": ""}, {"ids": "x"}, {"ids": ",".join(str(uuid4()) for _ in range(101))},
            {"ids": str(uuid4()), "days": "31"}, {"ids": str(uuid4()), "days": "0"},
            {"ids": str(uuid4()), "colour": "red"}, {"ids": str(uuid4()), "source": "a\x00"},
        ],
        ids=["none", "empty", "no-id", "many", "long", "short", "unknown", "nul"],
    )  # fmt: skip
    def test_bad_requests(self, client: APIClient, query: dict[str, str]):
        assert client.get(SPARK, query).status_code == 400


@pytest.mark.parametrize("query", [{}, {"bucket": "day", "source": "cardmarket"}])
def test_history_is_not_sent_twice_and_a_new_price_is(client: APIClient, query: dict[str, str]):
    ring = make_product()
    now = utc_now()
    record(observe(ring, "1.00"), at=now - timedelta(hours=2))
    etag = client.get(history(ring), query)["ETag"]

    assert client.get(history(ring), query, headers={"If-None-Match": etag}).status_code == 304
    record(observe(ring, "1.10"), at=now - timedelta(hours=1))
    assert client.get(history(ring), query, headers={"If-None-Match": etag}).status_code == 200
