"""Simulated desks keep their promises: quotes hold as long as they say, stock goes, orders are found."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import aiohttp
import pytest

from scrapers.simulator.faults import FaultRule
from scrapers.simulator.giftcards.desks import DESKS, DeskPrices
from scrapers.simulator.serving import RunningSimulator
from tests.scrapers.simulator.calls import answer

AUTHORIZED = {"Authorization": "Bearer simulator-secret"}


@pytest.fixture
def desk(visitor: aiohttp.ClientSession) -> Callable[..., Any]:
    """Return a function that calls a desk: (method, path, ...) -> status and body."""

    async def call(method: str, path: str, *, code: str = "desk_alpha", **options: Any) -> tuple[int, Any]:
        options.setdefault("headers", AUTHORIZED)
        return await answer(visitor.request(method, f"/giftdesk-{code}{path}", **options))

    return call


def breaks_orders(simulator: RunningSimulator, kind: str, **data: Any) -> None:
    rule = FaultRule(route="POST /giftdesk-*/orders", kind=kind, data=data)
    simulator.simulator.faults.add(rule, now=simulator.simulator.now())


def order_for(quote: dict[str, Any], name: str = "ours-1", **changes: Any) -> dict[str, Any]:
    side = "buy" if quote["side"] == "sell" else "sell"
    wanted = {name: quote[name] for name in ("brand", "denomination", "currency", "region", "quoteId")}
    return {
        "clientOrderId": name,
        "side": side,
        "quantity": 1,
        "limitPrice": quote["price"],
        **wanted,
        **changes,
    }


def plenty(rows: list[dict[str, Any]], least: int = 4) -> dict[str, Any]:
    return next(row for row in rows if row["quantity"] >= least)


async def listed(desk: Callable[..., Any], code: str = "desk_alpha") -> list[dict[str, Any]]:
    status, body = await desk("GET", "/quotes", code=code)
    assert status == 200
    rows: list[dict[str, Any]] = body["quotes"]
    return rows


async def test_quotes_have_the_form_of_the_contract(desk):
    _, body = await desk("GET", "/quotes", code="desk_gamma")

    first = body["quotes"][0]
    assert body["asOf"] == "2026-11-21T09:30:00.000Z"
    assert set(first) == {
        "brand", "denomination", "price", "currency", "quantity", "quoteId", "expiresAt", "region", "side",
    }  # fmt: skip
    assert {row["side"] for row in body["quotes"]} == {"sell", "buy"}
    assert Decimal(first["price"]) < Decimal(first["denomination"]) * Decimal("1.05")


async def test_a_token_is_wanted(desk):
    assert (await desk("GET", "/quotes", headers={}))[0] == 401
    assert (await desk("POST", "/orders", headers={"Authorization": "Bearer x"}, json={}))[0] == 401


async def test_filled_orders_take_from_the_stock(desk):
    quote = plenty(await listed(desk))

    status, order = await desk("POST", "/orders", json=order_for(quote, quantity=3))
    after = next(row for row in await listed(desk) if row["quoteId"] == quote["quoteId"])

    assert (status, order["status"], order["filledQuantity"]) == (201, "filled", 3)
    assert order["price"] == quote["price"]
    assert Decimal(order["fee"]) == (Decimal(quote["price"]) * 3 * 25 / 10_000).quantize(Decimal("0.01"))
    assert after["quantity"] == quote["quantity"] - 3


async def test_a_client_order_id_is_used_once(desk):
    quote = plenty(await listed(desk))
    first = await desk("POST", "/orders", json=order_for(quote))

    again = await desk("POST", "/orders", json=order_for(quote))
    other = await desk("POST", "/orders", json=order_for(quote, quantity=2))
    after = next(row for row in await listed(desk) if row["quoteId"] == quote["quoteId"])

    assert (first[0], again[0], other[0]) == (201, 200, 409)
    assert again[1] == first[1]
    assert after["quantity"] == quote["quantity"] - 1


async def test_orders_are_found_by_our_id(desk):
    quote = plenty(await listed(desk))
    _, order = await desk("POST", "/orders", json=order_for(quote, "known"))

    assert (await desk("GET", "/orders?clientOrderId=known"))[1] == {"orders": [order]}
    assert (await desk("GET", "/orders?clientOrderId=unknown"))[1] == {"orders": []}
    assert (await desk("GET", "/orders"))[0] == 400


async def test_more_than_the_stock_is_filled_in_part_or_refused(desk):
    part, whole = plenty(await listed(desk)), plenty(await listed(desk, "desk_beta"))

    _, filled = await desk("POST", "/orders", json=order_for(part, quantity=part["quantity"] + 5))
    _, refused = await desk(
        "POST", "/orders", code="desk_beta", json=order_for(whole, quantity=whole["quantity"] + 5)
    )

    assert (filled["status"], filled["filledQuantity"]) == ("partial", part["quantity"])
    assert (refused["status"], refused["reason"]) == ("rejected", "insufficient_stock")
    assert not [row for row in await listed(desk) if row["quoteId"] == part["quoteId"]]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"limitPrice": "0.01"}, "price_moved"),
        ({"quoteId": "desk_alpha-sell-amazon-25-0"}, "quote_expired"),
        ({"quoteId": "nonsense"}, "unknown_quote"),
        ({"side": "sell"}, "not_traded"),
        ({"region": "DE"}, "not_traded"),
        ({"denomination": "31"}, "not_traded"),
    ],
)
async def test_orders_that_cannot_be_filled_say_why(desk, changes, reason):
    quote = (await listed(desk))[0]

    status, order = await desk("POST", "/orders", json=order_for(quote, **changes))

    assert (status, order["status"], order["reason"], order["filledQuantity"]) == (201, "rejected", reason, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"side": "hold"}, {"quantity": 0}, {"quantity": "1.5"}, {"quantity": "many"}, {"brand": "Nobody's"},
        {"denomination": "NaN"}, {"limitPrice": "-1"}, {"clientOrderId": ""}, {"clientOrderId": 7},
    ],
)  # fmt: skip
async def test_senseless_orders_are_refused(desk, changes):
    quote = (await listed(desk))[0]

    status, body = await desk("POST", "/orders", json=order_for(quote, **changes))

    assert (status, body["error"]["code"]) == (400, "invalid_order")


async def test_quotes_hold_until_they_expire(desk, simulator_clock):
    quote = plenty(await listed(desk))
    simulator_clock.advance(timedelta(seconds=19))
    _, held = await desk("POST", "/orders", json=order_for(quote, "early"))
    simulator_clock.advance(timedelta(seconds=1))
    _, late = await desk("POST", "/orders", json=order_for(quote, "late"))

    assert (held["status"], held["price"]) == ("filled", quote["price"])
    assert late["reason"] == "quote_expired"


@pytest.mark.parametrize(
    ("kind", "state", "filled", "reason"),
    [
        ("order_quote_expired", "rejected", 0, "quote_expired"),
        ("order_no_stock", "rejected", 0, "insufficient_stock"),
        ("order_partial", "partial", 2, "insufficient_stock"),
    ],
)
async def test_faults_of_orders(desk, simulator, kind, state, filled, reason):
    quote = plenty(await listed(desk))
    breaks_orders(simulator, kind)

    _, order = await desk("POST", "/orders", json=order_for(quote, quantity=4))

    assert (order["status"], order["filledQuantity"], order["reason"]) == (state, filled, reason)


async def test_fee_changes_between_agreement_and_order(desk, simulator):
    quote = plenty(await listed(desk))
    breaks_orders(simulator, "order_fee", fee_bps=300)

    _, order = await desk("POST", "/orders", json=order_for(quote))

    assert Decimal(order["fee"]) == (Decimal(quote["price"]) * 325 / 10_000).quantize(Decimal("0.01"))


@pytest.mark.parametrize(
    ("kind", "state", "filled"), [("order_late_failure", "rejected", 0), ("order_late_fill", "filled", 2)]
)
async def test_pending_orders_are_decided_later(desk, simulator, simulator_clock, kind, state, filled):
    quote = plenty(await listed(desk))
    breaks_orders(simulator, kind, seconds=5)
    _, order = await desk("POST", "/orders", json=order_for(quote, quantity=2))
    _, before = await desk("GET", "/orders?clientOrderId=ours-1")
    simulator_clock.advance(timedelta(seconds=5))
    _, after = await desk("GET", "/orders?clientOrderId=ours-1")

    assert (order["status"], before["orders"][0]["status"]) == ("pending", "pending")
    assert (after["orders"][0]["status"], after["orders"][0]["filledQuantity"]) == (state, filled)


@pytest.mark.parametrize("kind", ["answer_lost", "answer_hangs"])
async def test_an_order_without_an_answer_was_carried_out(desk, simulator, kind):
    quote = plenty(await listed(desk))
    breaks_orders(simulator, kind, seconds=0)

    with pytest.raises(aiohttp.ClientError):
        await desk("POST", "/orders", json=order_for(quote))

    _, found = await desk("GET", "/orders?clientOrderId=ours-1")
    assert found["orders"][0]["status"] == "filled"


async def test_reset_gives_the_stock_back(desk, simulator):
    quote = plenty(await listed(desk))
    await desk("POST", "/orders", json=order_for(quote, quantity=2))

    simulator.simulator.reset()

    assert plenty(await listed(desk))["quantity"] == quote["quantity"]
    assert (await desk("GET", "/orders?clientOrderId=ours-1"))[1] == {"orders": []}


def test_some_routes_pay_after_fees_and_most_do_not(simulator_clock):
    prices, sellers = DeskPrices(7), [one for one in DESKS.values() if "sell" in one.sides]
    buyers = [one for one in DESKS.values() if "buy" in one.sides and one.region == "US"]
    routes = paying = moments = lucky = 0
    for minute in range(40):
        now = simulator_clock.now() + timedelta(minutes=minute)
        asks = {(one.code, quote.card): quote.price * (1 + one.fee_bps / 10_000)
                for one in sellers for quote in prices.quotes(one, now) if quote.side == "sell"}  # fmt: skip
        bids = {(one.code, quote.card): quote.price * (1 - one.fee_bps / 10_000)
                for one in buyers for quote in prices.quotes(one, now) if quote.side == "buy"}  # fmt: skip
        nets = [
            bid / ask - 1
            for (buyer, wanted), bid in bids.items()
            for (seller, card), ask in asks.items()
            if card == wanted and buyer != seller
        ]
        routes, moments = routes + len(nets), moments + 1
        found = sum(net >= Decimal("0.005") for net in nets)
        paying, lucky = paying + found, lucky + bool(found)

    assert lucky > moments / 2
    assert paying < routes / 10
