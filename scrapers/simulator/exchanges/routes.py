"""The paths of the simulated exchanges; below the prefix they are the real ones."""

from typing import cast

from aiohttp import web

from scrapers.simulator.answers import json_answer
from scrapers.simulator.state import simulator_of

from .binance import Binance
from .connection import Connection
from .exchange import milliseconds

routes = web.RouteTableDef()


async def _serve(request: web.Request, code: str) -> web.StreamResponse:
    hub = simulator_of(request).exchanges
    hub.start()
    return await Connection(hub.exchanges[code], request).run()


@routes.get("/binance_ws/ws")
@routes.get("/binance_ws/ws/{streams:.+}")
async def binance_raw(request: web.Request) -> web.StreamResponse:
    """Serve Binance's raw streams."""
    return await _binance(request, request.match_info.get("streams", ""), is_combined=False)


@routes.get("/binance_ws/stream")
async def binance_combined(request: web.Request) -> web.StreamResponse:
    """Serve Binance's combined streams."""
    return await _binance(request, request.query.get("streams", ""), is_combined=True)


@routes.get("/binance_rest/api/v3/depth")
async def binance_depth(request: web.Request) -> web.Response:
    """Answer a snapshot of a book."""
    return _binance_of(request).depth(request)


@routes.get("/binance_rest/api/v3/time")
async def binance_time(request: web.Request) -> web.Response:
    """Answer the exchange's time."""
    return json_answer({"serverTime": milliseconds(simulator_of(request).now())})


@routes.get("/coinbase_ws")
@routes.get("/coinbase_ws/")
async def coinbase(request: web.Request) -> web.StreamResponse:
    """Serve Coinbase Exchange's feed."""
    return await _serve(request, "coinbase")


@routes.get("/kraken_ws/v2")
async def kraken(request: web.Request) -> web.StreamResponse:
    """Serve Kraken's second version."""
    return await _serve(request, "kraken")


@routes.get("/okx_ws/ws/v5/public")
async def okx(request: web.Request) -> web.StreamResponse:
    """Serve OKX's public channels."""
    return await _serve(request, "okx")


@routes.get("/bybit_ws/v5/public/spot")
async def bybit(request: web.Request) -> web.StreamResponse:
    """Serve Bybit's public spot topics."""
    return await _serve(request, "bybit")


async def _binance(request: web.Request, streams: str, *, is_combined: bool) -> web.StreamResponse:
    hub = simulator_of(request).exchanges
    hub.start()
    exchange = _binance_of(request)
    connection = Connection(exchange, request)
    names = [name for name in streams.split("/") if name]
    exchange.opened_with(connection, streams=names, is_combined=is_combined)
    return await connection.run()


def _binance_of(request: web.Request) -> Binance:
    return cast(Binance, simulator_of(request).exchanges.exchanges["binance"])
