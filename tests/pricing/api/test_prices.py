from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from pricing.choices import ConfidenceLevel, Route
from pricing.observations import BatchFacts
from pricing.services import record_prices
from tests.pricing.factories import NOW, make_product, make_source, observe, record, record_series

pytestmark = pytest.mark.django_db
R002_COLUMNS = {
    "id", "product_id", "price", "condition", "source", "source_url", "seller_count", "available_quantity",
    "shipping_cost", "price_type", "is_foil", "confidence_level", "data_source_quality", "recorded_at",
    "created_at",
}  # fmt: skip


@pytest.fixture
def client(alice) -> APIClient:
    client = APIClient()
    client.force_authenticate(alice)
    return client


def path(product, name: str = "price-history", slash: str = "/") -> str:
    return f"/api/v1/products/{product.pk}/{name}{slash}"


@pytest.mark.parametrize("slash", ["", "/"])
def test_history_shows_every_column_of_the_requirement(client: APIClient, slash: str):
    ring = make_product()
    record(observe(ring, "1.50", finish="foil"))

    answer = client.get(path(ring, slash=slash))

    assert answer.status_code == 200
    (row,) = answer.json()["results"]
    assert set(row) >= R002_COLUMNS
    assert (row["price"], row["currency"], row["source"], row["is_foil"]) == (
        "1.50",
        "EUR",
        "cardmarket",
        True,
    )
    assert row["recorded_at"] == "2026-11-20T12:00:00Z"
    assert (row["product_id"], row["data_source_quality"]) == (str(ring.pk), "1.00")


def test_history_is_newest_first_and_its_cursor_reaches_every_row_once(client: APIClient):
    ring, other = make_product(), make_product()
    record_series(ring, [str(n) for n in range(1, 8)])
    record(*(observe(ring, "5", kind) for kind in ("low", "avg", "avg7", "avg30")), observe(other, "99"))

    seen, url = [], path(ring) + "?page_size=3"
    while url:
        page = client.get(url).json()
        seen += page["results"]
        url = page["next"]

    assert len({row["id"] for row in seen}) == len(seen) == 11
    assert [row["recorded_at"] for row in seen] == sorted((row["recorded_at"] for row in seen), reverse=True)
    assert "count" not in page


@pytest.mark.parametrize(
    ("query", "prices"),
    [
        ("price_type=low", ["1.00"]),
        ("finish=foil", ["3.00"]),
        ("condition=damaged", ["4.00"]),
        ("source=tcgplayer", ["9.00"]),
        ("source=nowhere", []),
        ("recorded_after=2026-11-20T12:00:00Z&price_type=trend&finish=nonfoil&condition=any", ["2.00"]),
        ("recorded_before=2026-11-20T12:00:00Z", ["5.00"]),
    ],
)
def test_history_filters(client: APIClient, query: str, prices: list[str]):
    ring = make_product()
    record(observe(ring, "5"), at=NOW - timedelta(days=1))
    record(
        observe(ring, "1", "low"), observe(ring, "2"), observe(ring, "3", finish="foil"),
        observe(ring, "4", condition="damaged"),
    )  # fmt: skip
    record(observe(ring, "9", "market", currency="USD"), source="tcgplayer")

    answer = client.get(f"{path(ring)}?{query}")

    assert [row["price"] for row in answer.json()["results"]] == prices


@pytest.mark.parametrize("name", ["price-history", "prices"])
@pytest.mark.parametrize(
    "query", ["colour=red", "price_type=highest", "finish=shiny", "page_size=201", "page_size=x"]
)
def test_unknown_parameters_and_values_are_refused(client: APIClient, name: str, query: str):
    answer = client.get(f"{path(make_product(), name)}?{query}")

    assert answer.status_code == 400
    assert answer["content-type"] == "application/problem+json"


@pytest.mark.parametrize("query", ["recorded_after=yesterday", "cursor=made-up"])
def test_history_refuses_times_and_cursors_that_are_none(client: APIClient, query: str):
    assert client.get(f"{path(make_product())}?{query}").status_code == 400


@pytest.mark.parametrize("name", ["price-history", "prices"])
def test_a_product_that_is_not_there_is_not_found(client: APIClient, name: str):
    answer = client.get(f"/api/v1/products/{uuid4()}/{name}/")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_current_prices_say_whether_they_are_stale(client: APIClient):
    ring = make_product()
    record(observe(ring, "1.50"), at=NOW - timedelta(days=700), now=NOW)

    (row,) = client.get(path(ring, "prices")).json()["results"]

    assert (row["price"], row["currency"], row["price_type"], row["is_stale"]) == (
        "1.50",
        "EUR",
        "trend",
        True,
    )
    assert row["product_id"] == str(ring.pk)


@pytest.mark.parametrize(
    ("query", "prices"),
    [("", ["3.00", "1.00", "2.00"]), ("price_type=low", ["1.00"]), ("finish=foil", ["3.00"])],
)
def test_current_prices_filter_in_a_stable_order(client: APIClient, query: str, prices: list[str]):
    ring = make_product()
    record(observe(ring, "1", "low"), observe(ring, "2"), observe(ring, "3", finish="foil"))

    answer = client.get(f"{path(ring, 'prices')}?{query}").json()

    assert [row["price"] for row in answer["results"]] == prices
    assert answer["count"] == len(prices)


@pytest.mark.parametrize(("name", "statements"), [("price-history", 2), ("prices", 3)])
def test_number_of_statements_does_not_depend_on_the_number_of_prices(
    client: APIClient, name: str, statements: int, django_assert_num_queries
):
    ring = make_product()
    record(*(observe(ring, "1", kind) for kind in ("low", "trend", "avg", "avg7", "avg30")))

    with django_assert_num_queries(statements):
        assert len(client.get(path(ring, name)).json()["results"]) == 5


def test_writing_is_not_offered(client: APIClient):
    ring = make_product()

    assert client.post(path(ring), {"price": "1"}).status_code in {403, 405}
    assert client.delete(path(ring, "prices")).status_code in {403, 405}


def test_strangers_are_refused_unless_reading_is_public(settings):
    ring = make_product()

    settings.API_PUBLIC_READ = False
    assert APIClient().get(path(ring)).status_code in {401, 403}
    settings.API_PUBLIC_READ = True
    assert APIClient().get(path(ring)).status_code == 200


@pytest.mark.parametrize("kind", ["price-history", "prices"])
def test_a_price_says_where_it_came_from_and_how_far_it_is_trusted(client: APIClient, kind: str):
    ring = make_product()
    record_prices(
        source=make_source(),
        observations=[observe(ring, "5")],
        batch=BatchFacts(
            recorded_at=NOW, route=Route.PAGE, confidence_level=ConfidenceLevel.LOW,
            data_source_quality=Decimal("0.40"), fetched_at=NOW, parser="venue.page/2",
        ),
        now=NOW,
    )  # fmt: skip

    (row,) = client.get(f"/api/v1/products/{ring.pk}/{kind}/").json()["results"]

    facts = ("route", "confidence_level", "data_source_quality", "fetched_at", "parser")
    assert [row[name] for name in facts] == ["page", "low", "0.40", "2026-11-20T12:00:00Z", "venue.page/2"]


def test_a_first_edition_is_no_foil(client: APIClient):
    card = make_product(finishes=["first_ed", "first_foil"])
    record(observe(card, "5", finish="first_ed"), observe(card, "9", finish="first_foil"))

    for kind in ("price-history", "prices"):
        rows = client.get(f"/api/v1/products/{card.pk}/{kind}/").json()["results"]
        assert {row["finish"]: row["is_foil"] for row in rows} == {"first_ed": False, "first_foil": True}
