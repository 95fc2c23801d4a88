"""Puts the simulator together: one aiohttp application with every venue under its endpoint's name."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from common.clock import Clock

from . import control
from .clock import SimulatorClock
from .endpoints import ENDPOINTS
from .exchanges import control as exchange_control
from .exchanges import routes as exchange_routes
from .exchanges.hub import ExchangeHub
from .faults import FaultRule, FaultScript
from .giftcards import bitrefill, desk_routes, reloadly
from .giftcards.desks import DeskPrices
from .giftcards.orders import DeskLedger
from .handling import handle
from .metrics import SimulatorMetrics
from .oracle import LEAST_GAP_SECONDS, Oracle
from .replay import FileReplay
from .state import DAY, SIMULATOR, Simulator, simulator_of
from .tokens import SimulatorCredentials
from .venues import ROUTES
from .world import World

MOST_BODY_BYTES = 1_000_000
LIVE_ROUTES = (exchange_routes.routes, desk_routes.routes, reloadly.routes, bitrefill.routes)


def create_simulator(  # noqa: PLR0913 - what can be set about a simulator
    world: World,
    *,
    clock: Clock | None = None,
    seed: int = 7,
    credentials: SimulatorCredentials | None = None,
    speed: float = 1.0,
    publication: timedelta = DAY,
    token_lifetime: timedelta | None = None,
    least_gap: float = LEAST_GAP_SECONDS,
    faults: Iterable[FaultRule] = (),
    files: Mapping[str, Path] | None = None,
) -> web.Application:
    """Build the simulator's application. Its state is `app[SIMULATOR]`.

    Args:
        world: what is for sale.
        clock: the time it follows; the machine's by default.
        seed: of faults' chances and tokens.
        credentials: what venues accept; the well-known ones by default.
        speed: of the simulated time.
        publication: how often feeds come out (price guides, mirrors, bulk files); within it their files are
            byte-identical.
        token_lifetime: of bearer tokens, instead of each venue's own.
        least_gap: seconds the oracle wants between two requests to one endpoint.
        faults: rules in force from the start.
        files: path -> local file that is served there instead.

    Raises:
        FileNotFoundError: if a local file is missing.
    """
    simulated = SimulatorClock(clock, speed=speed)
    accepted = credentials or SimulatorCredentials()
    script = FaultScript(seed=seed, now=simulated.now(), rules=faults)
    simulator = Simulator(
        world=world,
        clock=simulated,
        seed=seed,
        credentials=accepted,
        faults=script,
        oracle=Oracle(
            robots=lambda endpoint: simulator.robots[endpoint],
            secrets=(accepted.client_secret,),
            least_gap=least_gap,
        ),
        files=FileReplay(files),
        metrics=SimulatorMetrics(),
        exchanges=ExchangeHub(seed=seed, faults=script, now=simulated.now),
        gift_cards=DeskLedger(DeskPrices(seed), simulated.now),
        publication=publication,
        token_lifetime=token_lifetime,
    )
    app = web.Application(middlewares=[control.explain_bad_control, handle], client_max_size=MOST_BODY_BYTES)
    app[SIMULATOR] = simulator
    for controls in (control.routes, exchange_control.routes):
        app.add_routes(controls)
    app.router.add_get("/robots.txt", _all_robots)
    for endpoint in ENDPOINTS:
        app.router.add_get(f"/{endpoint}/robots.txt", _robots, name=f"robots-{endpoint}")
    for routes in (*ROUTES, *LIVE_ROUTES):
        app.add_routes(routes)
    app.on_shutdown.append(_end_streams)
    app.router.add_route("*", "/{endpoint}/{rest:.*}", _nothing_there)
    return app


async def _end_streams(app: web.Application) -> None:
    """Close the exchanges' streams, which would otherwise go on for ever."""
    await app[SIMULATOR].exchanges.stop()


async def _robots(request: web.Request) -> web.Response:
    """Answer the robots.txt of one endpoint."""
    simulator = simulator_of(request)
    return web.Response(text=simulator.robots[request.path.split("/")[1]])


async def _all_robots(request: web.Request) -> web.Response:
    """Answer the rules of all endpoints for those who look at the root."""
    simulator = simulator_of(request)
    simulator.oracle.root_robots_read()
    lines = [
        line
        for endpoint in ENDPOINTS
        for line in simulator.robots[endpoint].splitlines()
        if f": /{endpoint}/" in line
    ]
    return web.Response(text="\n".join(["User-agent: *", *(lines or ["Disallow:"])]) + "\n")


async def _nothing_there(request: web.Request) -> web.Response:
    raise web.HTTPNotFound
