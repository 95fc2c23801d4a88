"""What a test or a demo sets about the simulated exchanges, under `/__sim__/exchanges`."""

from typing import Any

from aiohttp import web

from scrapers.simulator.answers import json_answer
from scrapers.simulator.control_calls import number_in, object_in
from scrapers.simulator.state import simulator_of

from .hub import ExchangeHub

routes = web.RouteTableDef()

MOST_STEPS = 100_000


@routes.get("/__sim__/exchanges")
async def describe(request: web.Request) -> web.Response:
    """Return rate, limits, open gaps, connections and best prices."""
    return json_answer(simulator_of(request).exchanges.describe())


@routes.post("/__sim__/exchanges")
async def change(request: web.Request) -> web.Response:
    """Set `rate` (updates a second), `limits`, `has_gaps` (whether gaps open by themselves), or open a `gap`.

    A gap is an object of `exchange`, `symbol`, `bps` and `seconds`.
    """
    hub = simulator_of(request).exchanges
    body = await object_in(request, "rate", "limits", "has_gaps", "gap")
    if "limits" in body:
        if not isinstance(body["limits"], dict):
            raise ValueError("limits is an object")
        hub.limits.change(body["limits"])
    if "rate" in body:
        hub.set_rate(number_in(body, "rate"))
    if "has_gaps" in body:
        if not isinstance(body["has_gaps"], bool):
            raise ValueError("has_gaps is true or false")
        hub.prices.has_gaps = body["has_gaps"]
    if "gap" in body:
        _open_gap(hub, body["gap"])
    return json_answer(hub.describe())


@routes.post("/__sim__/exchanges/step")
async def step(request: web.Request) -> web.Response:
    """Let `seconds` pass for all, or make `updates` of one `exchange`'s `symbol`."""
    hub = simulator_of(request).exchanges
    body = await object_in(request, "seconds", "updates", "exchange", "symbol")
    if "seconds" in body:
        hub.prices.advance(number_in(body, "seconds", least=0))
    if "updates" in body:
        updates = int(number_in(body, "updates", least=0, most=MOST_STEPS))
        hub.step(str(body.get("exchange")), str(body.get("symbol")), updates=updates)
    return json_answer(hub.describe())


def _open_gap(hub: ExchangeHub, gap: Any) -> None:
    if not isinstance(gap, dict) or gap.keys() != {"exchange", "symbol", "bps", "seconds"}:
        raise ValueError("a gap has exchange, symbol, bps and seconds")
    bps, seconds = number_in(gap, "bps", least=-5_000, most=5_000), number_in(gap, "seconds", least=0)
    hub.prices.open_gap(str(gap["exchange"]), str(gap["symbol"]), bps=bps, seconds=seconds)
