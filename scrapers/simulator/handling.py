"""What every request of a simulated venue passes through: oracle, faults, files, counters."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from .endpoints import endpoint_of
from .faults import Fault, Layer
from .faults.table import Answer, Firing
from .packing import change_json
from .state import Simulator, simulator_of

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def handle(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Record a request, let the script's fault take hold of it, and answer."""
    endpoint = endpoint_of(request.path)
    if not endpoint:
        return await handler(request)
    simulator = simulator_of(request)
    body = await request.read() if request.can_read_body else b""
    seen = simulator.oracle.arrive(
        endpoint,
        target=(request.method, request.path, request.url.raw_query_string),
        headers=request.headers,
        body=body,
        at=simulator.now(),
    )
    taken = simulator.faults.take(request.method, request.path, now=simulator.now())
    status, headers = 0, {}
    try:
        response = await _answer(request, handler, simulator, taken)
        status, headers = response.status, dict(response.headers)
    finally:
        if request.transport is None or request.transport.is_closing():
            status = 0
        kind = taken[0].name if taken else ""
        simulator.oracle.answer(seen, status=status, headers=headers, fault=kind)
        simulator.metrics.requests.labels(endpoint, str(status)).inc()
        if kind:
            simulator.metrics.faults.labels(endpoint, kind).inc()
    return response


async def _answer(
    request: web.Request, handler: Handler, simulator: Simulator, taken: tuple[Fault, Firing] | None
) -> web.StreamResponse:
    if taken is None:
        return await _honest(request, handler, simulator)
    fault, firing = taken
    if fault.layer is Layer.ANSWER:
        response: web.StreamResponse = await fault.apply(request, firing)
        return response
    if fault.layer is Layer.REQUEST:
        fault.apply(request, firing)
    honest = await _honest(request, handler, simulator)
    if not isinstance(honest, web.Response) or honest.status == 304:
        return honest
    if fault.layer is Layer.DOCUMENT and honest.status < 300:
        return _changed(honest, fault, firing)
    if fault.layer is Layer.BODY:
        damaged: web.StreamResponse = await fault.apply(request, _as_answer(honest), firing)
        return damaged
    return honest


async def _honest(request: web.Request, handler: Handler, simulator: Simulator) -> web.StreamResponse:
    """Return what the venue would answer without faults."""
    file = simulator.files.answer(request.path)
    if file is not None:
        return file
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return web.json_response({"message": "Not Found"}, status=404)
    except web.HTTPMethodNotAllowed as error:
        return web.json_response({"message": "Method Not Allowed"}, status=405, headers=error.headers)


def _changed(response: web.Response, fault: Fault, firing: Firing) -> web.Response:
    """Return the answer with its document changed by a fault; what is no document stays as it is."""
    body = _bytes(response)
    if response.content_type == "text/html":
        changed = str(fault.apply(body.decode(), firing)).encode()
    else:
        try:
            changed = change_json(body, lambda document: fault.apply(document, firing))
        except ValueError:
            return response
    headers = {"Content-Type": response.headers.get("Content-Type", response.content_type)}
    return web.Response(body=changed, status=response.status, headers=headers)


def _as_answer(response: web.Response) -> Answer:
    headers = {name: value for name, value in response.headers.items() if name.lower() != "content-length"}
    headers.setdefault("Content-Type", response.content_type)
    return Answer(response.status, headers, _bytes(response), response.content_type)


def _bytes(response: web.Response) -> bytes:
    body: Any = response.body
    return bytes(body) if body is not None else b""
