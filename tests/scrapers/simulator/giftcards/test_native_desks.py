"""Reloadly and Bitrefill speak their own formats, as they were recorded."""

import json
from decimal import Decimal

import pytest

from tests.scrapers.simulator.calls import answer
from tests.scrapers.simulator.test_shapes import differences, without

LOGIN = {
    "client_id": "simulator", "client_secret": "simulator-secret", "grant_type": "client_credentials",
    "audience": "https://giftcards.reloadly.com",
}  # fmt: skip
KEY = {"Authorization": "Bearer simulator-secret"}


@pytest.fixture
async def reloadly(visitor):
    _, body = await answer(visitor.post("/reloadly/oauth/token", json=LOGIN))
    return {"Authorization": f"Bearer {body['access_token']}"}


async def test_reloadly_has_the_recorded_forms(visitor, reloadly, shared_data):
    def sample(name):
        return json.loads((shared_data / "wire/giftcards" / f"reloadly_{name}.json").read_text())

    async def get(path):
        return (await answer(visitor.get(f"/reloadly{path}", headers=reloadly)))[1]

    ordered = {"productId": 5, "quantity": 1, "unitPrice": 50, "customIdentifier": "ours"}
    status, order = await answer(visitor.post("/reloadly/orders", json=ordered, headers=reloadly))

    assert status == 200
    maps = (".fixedRecipientToSenderDenominationsMap", ".content[].fixedRecipientToSenderDenominationsMap")
    assert without(differences(sample("products_page"), await get("/products")), *maps) == []
    assert without(differences(sample("product_10"), await get("/products/5")), *maps) == []
    assert differences(sample("discounts_page"), await get("/discounts")) == []
    assert differences(sample("order"), order) == []
    codes = await get(f"/orders/transactions/{order['transactionId']}/cards")
    assert differences(sample("card_codes"), codes) == []
    _, refused = await answer(visitor.post("/reloadly/oauth/token", json={**LOGIN, "audience": "x"}))
    assert refused.keys() == sample("error_invalid_audience").keys()


async def test_reloadly_orders_are_found_by_the_custom_identifier(visitor, reloadly):
    ordered = {"productId": 5, "quantity": 1, "unitPrice": 50, "customIdentifier": "ours"}
    _, product = await answer(visitor.get("/reloadly/products/5", headers=reloadly))
    _, order = await answer(visitor.post("/reloadly/orders", json=ordered, headers=reloadly))
    _, again = await answer(visitor.post("/reloadly/orders", json=ordered, headers=reloadly))
    _, page = await answer(
        visitor.get("/reloadly/reports/transactions?customIdentifier=ours", headers=reloadly)
    )
    _, none = await answer(
        visitor.get("/reloadly/reports/transactions?customIdentifier=else", headers=reloadly)
    )

    prices = product["fixedRecipientToSenderDenominationsMap"]
    assert Decimal(str(order["amount"])) == Decimal(str(prices["50.00"])) + Decimal(str(product["senderFee"]))
    assert page["content"] == [order] == [again]
    assert none["content"] == []


async def test_reloadly_pages_count_from_one_and_from_zero(visitor, reloadly):
    _, first = await answer(visitor.get("/reloadly/products?page=1&size=4", headers=reloadly))
    _, second = await answer(visitor.get("/reloadly/products?page=2&size=4", headers=reloadly))

    assert (first["number"], first["last"], len(first["content"])) == (0, False, 4)
    assert (second["number"], second["last"], len(second["content"])) == (1, True, 3)


@pytest.mark.parametrize(
    "ordered",
    [
        {"productId": 77, "quantity": 1, "unitPrice": 50, "customIdentifier": "a"},
        {"productId": 5, "quantity": 1, "unitPrice": 51, "customIdentifier": "a"},
        {"productId": 5, "quantity": 0, "unitPrice": 50, "customIdentifier": "a"},
        {"productId": 5, "quantity": 999, "unitPrice": 50, "customIdentifier": "a"},
        {"productId": 5, "unitPrice": 50},
    ],
)
async def test_reloadly_refuses_in_its_own_words(visitor, reloadly, ordered):
    status, body = await answer(visitor.post("/reloadly/orders", json=ordered, headers=reloadly))

    assert status == 400
    assert body["errorCode"]


async def test_reloadly_tokens_expire(visitor, reloadly, simulator):
    simulator.simulator.tokens.expire("reloadly")

    status, body = await answer(visitor.get("/reloadly/products", headers=reloadly))

    assert (status, body["errorCode"]) == (401, "INVALID_TOKEN")


async def test_bitrefill_sells_by_invoice(visitor):
    _, listed = await answer(visitor.get("/bitrefill/v2/products?limit=50", headers=KEY))
    package = listed["data"][0]["packages"][0]
    bought = {
        "products": [{"product_id": "amazon-usa", "package_id": package["id"], "quantity": 1}],
        "payment_method": "balance", "auto_pay": True,
    }  # fmt: skip
    status, invoice = await answer(visitor.post("/bitrefill/v2/invoices", json=bought, headers=KEY))
    name = invoice["data"]["id"]
    _, again = await answer(visitor.get(f"/bitrefill/v2/invoices/{name}", headers=KEY))
    _, order = await answer(visitor.get(f"/bitrefill/v2/orders/{name}", headers=KEY))
    _, all_of_them = await answer(visitor.get("/bitrefill/v2/invoices", headers=KEY))

    assert (status, invoice["data"]["status"]) == (201, "complete")
    assert invoice["data"]["payment"]["price"] == package["usdPrice"]
    assert again["data"] == invoice["data"]
    assert all_of_them["data"] == [invoice["data"]]
    assert order["data"]["redemption_info"]
    assert listed["meta"] == {"_endpoint": "GET /v2/products"}


async def test_bitrefill_refuses(visitor):
    for headers, body, status in (
        ({}, {}, 401),
        (KEY, {}, 400),
        (KEY, {"products": [{"package_id": "x"}], "payment_method": "balance", "auto_pay": True}, 400),
        (KEY, {"products": [{"package_id": "amazon-usa<&>50"}], "payment_method": "bitcoin"}, 400),
    ):
        assert (await answer(visitor.post("/bitrefill/v2/invoices", json=body, headers=headers)))[0] == status
    assert (await answer(visitor.get("/bitrefill/v2/products?limit=51", headers=KEY)))[0] == 400
    assert (await answer(visitor.get("/bitrefill/v2/products/nothing", headers=KEY)))[0] == 404
