"""The opening ledger over REST."""

from uuid import uuid4

import pytest

from common.clock import utc_now
from tests.trading.conftest import client_of
from tests.trading.factories import Box, execute, make_box
from tests.trading.services.test_openings import unopened
from trading.models import Execution, Opening, Sale

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(db) -> Box:
    return make_box(now=utc_now())


@pytest.fixture
def execution(box, tess) -> Execution:
    execution = execute(box, tess, now=utc_now(), quantity=2)
    unopened(execution)
    return execution


def url(execution: Execution, what: str) -> str:
    return f"/api/v1/executions/{execution.pk}/{what}/"


def pulled(product, quantity: int = 1, finish: str = "nonfoil") -> dict[str, object]:
    return {"product": str(product.pk), "finish": finish, "quantity": quantity}


def post(client, address: str, body: object, key: str | None = None):
    return client.post(address, body, headers={"Idempotency-Key": key or uuid4().hex})


def test_what_was_pulled_is_entered_once_and_listed(api, box, execution):
    body = {"quantity": 1, "note": "Box 1", "lines": [pulled(box.chase), pulled(box.solid, 2)]}

    first, again = (post(api, url(execution, "openings"), body, "once") for _ in "ab")

    assert (first.status_code, again.status_code) == (201, 201)
    assert Opening.objects.count() == 1
    (row,) = api.get(url(execution, "openings")).json()["results"]
    assert (row["origin"], row["quantity"], row["note"], row["entered_by"]) == ("entered", 1, "Box 1", "tess")
    lines = {line["product"]["name"]: (line["quantity"], line["model_copies"]) for line in row["lines"]}
    assert lines == {"Chase": (1, "1.0000000000"), "Solid": (2, "2.0000000000")}


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": 0},
        {"lines": []},
        {"lines": "x"},
        {"lines": [{"product": "1", "finish": "nonfoil", "quantity": 1}]},
        {"seed": 1},
        {"origin": "simulated"},
        {"opened_at": "2001-01-01T00:00:00Z"},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(api, box, execution, change):
    answer = post(api, url(execution, "openings"), {"quantity": 1, "lines": [pulled(box.chase)], **change})

    assert answer.status_code == 400
    assert not Opening.objects.exists()


def test_unknown_names_inside_a_line_are_refused(api, box, execution):
    line = {**pulled(box.chase), "model_price": "1.00"}

    assert post(api, url(execution, "openings"), {"quantity": 1, "lines": [line]}).status_code == 400


def test_a_refusal_says_why(api, box, execution):
    answer = post(api, url(execution, "openings"), {"quantity": 3, "lines": [pulled(box.chase)]})

    assert (answer.status_code, answer.json()["code"]) == (409, "more_opened_than_bought")
    assert answer.json()["details"] == {"bought": 2, "opened": 0, "asked": 3}


def test_a_sale_is_entered_and_listed_with_the_brokers(api, box, execution):
    post(api, url(execution, "openings"), {"quantity": 1, "lines": [pulled(box.chase)]})
    body = {**pulled(box.chase), "gross": "41.50", "fees": "2.08", "postage": "1.20"}

    answer = post(api, url(execution, "sales"), body)

    assert answer.status_code == 201
    (row,) = api.get(url(execution, "sales")).json()["results"]
    assert row == answer.json()
    assert (row["gross"], row["fees"], row["is_entered"], row["entered_by"]) == (
        "41.50",
        "2.08",
        True,
        "tess",
    )
    assert post(api, url(execution, "sales"), body).json()["code"] == "more_sold_than_pulled"


@pytest.mark.parametrize(
    "change",
    [
        {"gross": "1.001"},
        {"gross": "-1"},
        {"gross": "NaN"},
        {"fees": "41.51"},
        {"finish": "shiny"},
        {"order": "00000000-0000-7000-8000-000000000000"},
    ],
    ids=str,
)
def test_impossible_sales_are_refused(api, box, execution, change):
    post(api, url(execution, "openings"), {"quantity": 1, "lines": [pulled(box.chase)]})

    answer = post(api, url(execution, "sales"), {**pulled(box.chase), "gross": "41.50", **change})

    assert answer.status_code == 400
    assert not Sale.objects.exists()


def test_expected_stands_beside_realised(api, box, execution):
    post(api, url(execution, "openings"), {"quantity": 1, "lines": [pulled(box.chase)]})
    post(api, url(execution, "sales"), {**pulled(box.chase), "gross": "50.00", "fees": "2.50"})

    found = api.get(url(execution, "comparison")).json()

    assert found["expected"] == {"cost": "120.00", "proceeds": "152.00", "profit": "32.00"}
    assert found["realised"] == {"cost": "120.00", "proceeds": "47.50", "profit": "-72.50"}
    assert (found["opened"], found["quantity"], found["is_settled"]) == (1, 2, False)
    chase = found["cards"][0]
    assert (chase["product"]["name"], chase["pulled"], chase["sold"], chase["average_price"]) == (
        "Chase", 1, 1, "50.00",
    )  # fmt: skip
    assert chase["product"]["id"] == str(box.chase.pk)


@pytest.mark.parametrize("what", ["openings", "sales", "comparison"])
def test_an_execution_that_does_not_exist_is_not_found(api, what: str):
    assert api.get(url(Execution(), what)).status_code == 404


@pytest.mark.parametrize("what", ["openings", "sales", "comparison"])
def test_unknown_parameters_are_refused(api, execution, what: str):
    assert api.get(f"{url(execution, what)}?nope=1").status_code == 400


@pytest.mark.parametrize("what", ["openings", "sales"])
def test_viewers_read_and_do_not_write(charlie, execution, what: str):
    client = client_of(charlie)

    assert client.get(url(execution, what)).status_code == 200
    assert post(client, url(execution, what), {}).status_code == 403
