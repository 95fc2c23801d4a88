"""Reading what a control call asks for; whatever makes no sense is a `ValueError` that says why."""

import json
from math import inf
from typing import Any

from aiohttp import web


async def object_in(request: web.Request, *known: str) -> dict[str, Any]:
    """Return the JSON object of a call; an empty body is an empty object.

    Args:
        request: the call.
        known: the members there may be; any if none is given.

    Raises:
        ValueError: if the body is something else.
    """
    try:
        body = json.loads(await request.read() or b"{}")
    except json.JSONDecodeError as error:
        raise ValueError("the body is not JSON") from error
    if not isinstance(body, dict):
        raise ValueError("the body is not a JSON object")
    unknown = body.keys() - set(known)
    if known and unknown:
        raise ValueError(f"there is no {', '.join(sorted(unknown))}; there is {', '.join(known)}")
    return body


def number_in(body: dict[str, Any], name: str, *, least: float = -inf, most: float = inf) -> float:
    """Return a number of an object.

    Raises:
        ValueError: if it is missing, no number, or out of bounds.
    """
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} is a number")
    if not least <= value <= most:
        raise ValueError(f"{name} is a number from {least:g} to {most:g}")
    return float(value)
