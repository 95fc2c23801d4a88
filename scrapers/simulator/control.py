"""The control interface under `/__sim__/`: faults, time, tokens, what was seen and what was impolite.

JSON in and out. It has no login: the simulator listens on the loopback address alone unless told otherwise.
"""

from collections import deque
from dataclasses import asdict, fields
from datetime import timedelta
from itertools import islice
from typing import Any, Final

from aiohttp import web

from .answers import iso, json_answer
from .control_calls import number_in, object_in
from .endpoints import ENDPOINTS, is_live
from .faults import FAULTS, FaultRule
from .state import simulator_of

routes = web.RouteTableDef()

MOST_REQUESTS: Final = 1_000
_TOKEN_ACTIONS: Final = ("expire", "revoke", "restore")


class _BadControl(ValueError):
    """A control call that makes no sense; the message says why."""


@routes.get("/__sim__/health")
async def health(request: web.Request) -> web.Response:
    """Say that it runs, and what it sells."""
    simulator = simulator_of(request)
    return json_answer(
        {
            "status": "ok", "now": iso(simulator.now()), "seed": simulator.seed,
            "articles": len(simulator.world.articles), "endpoints": list(ENDPOINTS),
        }
    )  # fmt: skip


@routes.get("/__sim__/faults")
async def list_faults(request: web.Request) -> web.Response:
    """List the rules in force and the faults there are."""
    simulator = simulator_of(request)
    kinds = {name: one.description for name, one in sorted(FAULTS.items())}
    return json_answer({"rules": simulator.faults.as_data(now=simulator.now()), "kinds": kinds})


@routes.post("/__sim__/faults")
async def add_fault(request: web.Request) -> web.Response:
    """Put a rule in force; the members are those of `FaultRule`."""
    simulator = simulator_of(request)
    body = await object_in(request)
    unknown = body.keys() - {field.name for field in fields(FaultRule)}
    if unknown:
        raise _BadControl(f"a rule has no {', '.join(sorted(unknown))}")
    try:
        rule = FaultRule(**body)
    except TypeError as error:
        raise _BadControl("a rule needs a route and a kind") from error
    number = simulator.faults.add(rule, now=simulator.now())
    return json_answer({"id": number, **asdict(rule)}, status=201)


@routes.delete("/__sim__/faults")
async def clear_faults(request: web.Request) -> web.Response:
    """Take all rules out of force."""
    simulator_of(request).faults.clear()
    return web.Response(status=204)


@routes.delete(r"/__sim__/faults/{number:\d+}")
async def remove_fault(request: web.Request) -> web.Response:
    """Take one rule out of force."""
    found = simulator_of(request).faults.remove(int(request.match_info["number"]))
    return web.Response(status=204 if found else 404)


@routes.get("/__sim__/clock")
async def read_clock(request: web.Request) -> web.Response:
    """Return the simulated time."""
    clock = simulator_of(request).clock
    return json_answer({"now": iso(clock.now(), timespec="milliseconds"), "speed": clock.speed})


@routes.post("/__sim__/clock")
async def move_clock(request: web.Request) -> web.Response:
    """Move the time by `advance_seconds`, run it at `speed`, or both."""
    clock = simulator_of(request).clock
    body = await object_in(request)
    if "speed" in body:
        clock.set_speed(number_in(body, "speed"))
    if "advance_seconds" in body:
        clock.advance(timedelta(seconds=number_in(body, "advance_seconds")))
    return json_answer({"now": iso(clock.now(), timespec="milliseconds"), "speed": clock.speed})


@routes.post("/__sim__/tokens")
async def change_tokens(request: web.Request) -> web.Response:
    """Let a venue (`endpoint`) `expire` its tokens, `revoke` its key or `restore` it (`action`)."""
    tokens = simulator_of(request).tokens
    body = await object_in(request)
    action, endpoint = body.get("action"), body.get("endpoint")
    is_known = endpoint in ENDPOINTS or is_live(str(endpoint))
    if action not in _TOKEN_ACTIONS or not is_known:
        raise _BadControl(f"action is one of {', '.join(_TOKEN_ACTIONS)}, endpoint one of /__sim__/health")
    {"expire": tokens.expire, "revoke": tokens.revoke, "restore": tokens.restore}[str(action)](str(endpoint))
    return json_answer({"endpoint": endpoint, "is_revoked": tokens.is_revoked(str(endpoint))})


@routes.put("/__sim__/robots/{endpoint}")
async def replace_robots(request: web.Request) -> web.Response:
    """Replace an endpoint's robots.txt by the text of the body."""
    endpoint = request.match_info["endpoint"]
    if endpoint not in ENDPOINTS:
        raise web.HTTPNotFound
    simulator_of(request).robots[endpoint] = await request.text()
    return web.Response(status=204)


@routes.get("/__sim__/requests")
async def list_requests(request: web.Request) -> web.Response:
    """List the newest requests, newest first, of one `endpoint` if given, at most `limit` (default 100)."""
    endpoint = request.query.get("endpoint")
    text = request.query.get("limit", "100")
    if not text.isdecimal():
        raise _BadControl("limit is a whole number")
    seen = simulator_of(request).oracle.requests
    chosen = (one for one in reversed(seen) if endpoint in (None, one.endpoint))
    rows = [_seen_row(one) for one in islice(chosen, min(int(text), MOST_REQUESTS))]
    return json_answer({"count": len(seen), "results": rows})


@routes.get("/__sim__/oracle")
async def judge(request: web.Request) -> web.Response:
    """Return what was impolite so far."""
    return json_answer(simulator_of(request).oracle.report())


@routes.post("/__sim__/reset")
async def reset(request: web.Request) -> web.Response:
    """Forget faults, requests, tokens and published editions; world and time stay."""
    simulator_of(request).reset()
    return web.Response(status=204)


@routes.get("/__sim__/metrics")
async def metrics(request: web.Request) -> web.Response:
    """Return the counters in Prometheus' text format."""
    simulator = simulator_of(request)
    for rule, number in _by_rule(simulator.oracle.violations).items():
        simulator.metrics.violations.labels(rule).set(number)
    return web.Response(
        body=simulator.metrics.render(),
        headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
    )


@web.middleware
async def explain_bad_control(request: web.Request, handler: Any) -> web.StreamResponse:
    """Answer 400 with the reason when a control call makes no sense."""
    if not request.path.startswith("/__sim__/"):
        answer: web.StreamResponse = await handler(request)
        return answer
    try:
        answer = await handler(request)
    except ValueError as error:
        return json_answer({"error": str(error)}, status=400)
    return answer


def _seen_row(one: Any) -> dict[str, Any]:
    row = asdict(one)
    row["at"] = iso(one.at, timespec="milliseconds")
    took = None if one.answered is None else round(one.answered - one.arrived, 4)
    del row["arrived"], row["answered"]
    return {**row, "took_seconds": took}


def _by_rule(violations: deque[Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in violations:
        counts[one.rule] = counts.get(one.rule, 0) + 1
    return counts
