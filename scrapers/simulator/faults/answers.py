"""Faults that answer instead of the venue: refusals, challenge pages, redirects and silence."""

import asyncio
from datetime import timedelta
from email.utils import format_datetime

from aiohttp import web

from .table import Firing, Layer, fault

HANG_SECONDS = 120.0
PARDON_BYTES = 13_000


@fault("429", Layer.ANSWER)
async def too_many_requests(request: web.Request, firing: Firing) -> web.StreamResponse:
    """429 with Retry-After in seconds (`retry_after`, default 10)."""
    seconds = int(firing.number("retry_after", 10))
    return _refusal(429, "Too Many Requests", {"Retry-After": str(seconds)})


@fault("429_date", Layer.ANSWER)
async def too_many_requests_until(request: web.Request, firing: Firing) -> web.StreamResponse:
    """429 with Retry-After as an HTTP date `retry_after` seconds (default 10) ahead of simulated time."""
    until = firing.now + timedelta(seconds=firing.number("retry_after", 10))
    return _refusal(429, "Too Many Requests", {"Retry-After": format_datetime(until, usegmt=True)})


@fault("429_bare", Layer.ANSWER)
async def too_many_requests_bare(request: web.Request, firing: Firing) -> web.StreamResponse:
    """429 that does not say how long to wait."""
    return _refusal(429, "Too Many Requests")


@fault("418", Layer.ANSWER)
async def banned(request: web.Request, firing: Firing) -> web.StreamResponse:
    """418: the address is banned for ignoring 429s (`retry_after` seconds, default 120)."""
    return _refusal(418, "I'm a teapot", {"Retry-After": str(int(firing.number("retry_after", 120)))})


@fault("500", Layer.ANSWER)
async def internal_error(request: web.Request, firing: Firing) -> web.StreamResponse:
    """500 with a JSON body."""
    return web.json_response({"message": "Internal server error"}, status=500)


@fault("502", Layer.ANSWER)
async def bad_gateway(request: web.Request, firing: Firing) -> web.StreamResponse:
    """502 with the HTML of a proxy."""
    return _page("<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>", 502)


@fault("503", Layer.ANSWER)
async def unavailable(request: web.Request, firing: Firing) -> web.StreamResponse:
    """503, with Retry-After when `retry_after` is given."""
    wait = firing.data.get("retry_after")
    return _refusal(503, "Service Unavailable", {"Retry-After": str(wait)} if wait is not None else {})


@fault("401", Layer.ANSWER)
async def unauthorized(request: web.Request, firing: Firing) -> web.StreamResponse:
    """401 although the token is good; with `count` 1 the renewed token works."""
    return web.json_response({"errors": [{"errorId": 1001, "message": "Invalid access token"}]}, status=401)


@fault("403_html", Layer.ANSWER)
async def access_denied(request: web.Request, firing: Firing) -> web.StreamResponse:
    """403 with the page of a content delivery network that names an error reference."""
    return _page(
        "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>"
        "You don't have permission to access this resource on this server.<P>"
        "Reference&#32;&#35;18&#46;5d3e1002&#46;1760000000&#46;2a7c"
        "<P>https&#58;&#47;&#47;errors&#46;edgesuite&#46;net&#47;18&#46;5d3e1002</BODY></HTML>",
        403,
    )


@fault("captcha", Layer.ANSWER)
async def captcha(request: web.Request, firing: Firing) -> web.StreamResponse:
    """200 with a captcha form instead of the content; it shows a price to lead a careless reader astray."""
    return _page(
        "<html><head><title>Robot Check</title></head><body><h4>Enter the characters you see below</h4>"
        "<p>To discuss automated access contact api-services-support@amazon.com.</p>"
        '<form method="get" action="/errors/validateCaptcha"><input name="field-keywords"></form>'
        '<span class="a-price"><span class="a-offscreen">$1.00</span></span></body></html>',
        200,
    )


@fault("pardon", Layer.ANSWER)
async def pardon_our_interruption(request: web.Request, firing: Firing) -> web.StreamResponse:
    """200 with the 13 KB page "Pardon Our Interruption..."."""
    head = (
        "<!DOCTYPE html><html><head><title>Pardon Our Interruption...</title></head><body>"
        "<h1>Pardon Our Interruption...</h1><p>As you were browsing, something about your browser made us "
        "think you were a bot.</p><script>"
    )
    tail = "</script></body></html>"
    return _page(head + "/*" + "0123456789abcdef" * ((PARDON_BYTES - len(head)) // 16) + "*/" + tail, 200)


@fault("consent", Layer.ANSWER)
async def consent_page(request: web.Request, firing: Firing) -> web.StreamResponse:
    """200 with a page that wants consent to cookies before it shows anything."""
    return _page(
        "<html><head><title>Before you continue</title></head><body><form action='/consent'>"
        "<h1>We value your privacy</h1><button>Accept all cookies</button></form></body></html>",
        200,
    )


@fault("redirect_login", Layer.ANSWER)
async def redirect_to_login(request: web.Request, firing: Firing) -> web.StreamResponse:
    """302 to the venue's own login page."""
    prefix = request.path.split("/")[1]
    return web.Response(status=302, headers={"Location": f"/{prefix}/signin?ru={prefix}"})


@fault("redirect_host", Layer.ANSWER)
async def redirect_to_another_host(request: web.Request, firing: Firing) -> web.StreamResponse:
    """302 to another host (`url`, by default the address of a cloud's metadata service)."""
    target = str(firing.data.get("url", "http://169.254.169.254/latest/meta-data/"))
    return web.Response(status=302, headers={"Location": target})


@fault("redirect_loop", Layer.ANSWER)
async def redirect_to_itself(request: web.Request, firing: Firing) -> web.StreamResponse:
    """302 to the same address."""
    return web.Response(status=302, headers={"Location": str(request.rel_url)})


@fault("hang", Layer.ANSWER)
async def hang(request: web.Request, firing: Firing) -> web.StreamResponse:
    """No answer for `seconds` (default 120), then the connection is closed."""
    await asyncio.sleep(firing.number("seconds", HANG_SECONDS))
    _abort(request)
    return web.Response(status=504)


@fault("reset", Layer.ANSWER)
async def reset(request: web.Request, firing: Firing) -> web.StreamResponse:
    """The connection is reset before any answer."""
    _abort(request)
    return web.Response(status=500)


@fault("delisted", Layer.ANSWER)
async def delisted(request: web.Request, firing: Firing) -> web.StreamResponse:
    """404 with a JSON error: the venue does not know the article any more."""
    return web.json_response(
        {"errors": [{"errorId": 11001, "message": "The specified item Id was not found."}]}, status=404
    )


def _refusal(status: int, text: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"message": text}, status=status, headers=headers)


def _page(text: str, status: int) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")


def _abort(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
