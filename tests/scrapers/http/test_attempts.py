"""What is tried again, what never is, and how long a venue may take."""

import asyncio
import socket
import struct
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count

import pytest
from aiohttp import web

from scrapers.errors import (
    CredentialsRefused,
    FetchFailed,
    NotListed,
    RateLimited,
    RequestRejected,
    UnreadableAnswer,
    VenueUnavailable,
)
from scrapers.http import Expect

from .sessions import USER_AGENT, quick_session, venue


class Flaky:
    """Answers with the given statuses one after the other, then with 200."""

    def __init__(self, *statuses: int, **headers: str) -> None:
        self.statuses, self.headers = list(statuses), headers
        self.seen: list[str] = []
        self.agents: set[str] = set()

    async def __call__(self, request: web.Request) -> web.Response:
        self.seen.append(request.method)
        self.agents.add(request.headers["User-Agent"])
        if not self.statuses:
            return web.json_response({})
        headers = {name.replace("_", "-"): value for name, value in self.headers.items()}
        return web.Response(status=self.statuses.pop(0), text="sorry", headers=headers)


@asynccontextmanager
async def raw_server(
    react: Callable[[bytes, asyncio.StreamWriter], None],
) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Serve whatever bytes a test likes; give the base address and the requests."""
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        seen.append(head)
        react(head, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", seen


def reset(head: bytes, writer: asyncio.StreamWriter) -> None:
    """Drop the connection so that the other side sees a reset."""
    found: socket.socket = writer.get_extra_info("socket")
    found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
async def test_a_passing_failure_is_tried_again(status):
    flaky = Flaky(status, status)
    async with venue(flaky) as base, quick_session(base) as session:
        assert (await session.get(f"{base}/")).status == 200

    assert flaky.seen == ["GET"] * 3
    assert flaky.agents == {USER_AGENT}


async def test_every_attempt_is_signed_anew():
    seen: list[str] = []

    async def fail_once(request: web.Request) -> web.Response:
        seen.append(request.headers["Authorization"])
        return web.json_response({}, status=503 if len(seen) == 1 else 200)

    numbers = count(1)
    async with venue(fail_once) as base, quick_session(base) as session:
        await session.get(f"{base}/", sign=lambda: {"Authorization": f"Signed {next(numbers)}"})

    assert seen == ["Signed 1", "Signed 2"]


async def test_a_signature_is_of_one_address_and_goes_to_no_other():
    seen: dict[str, str] = {}

    async def move(request: web.Request) -> web.Response:
        seen[request.path] = request.headers.get("Authorization", "")
        headers = {"Location": "/new"} if request.path == "/old" else {}
        return web.json_response({}, status=302 if headers else 200, headers=headers)

    async with venue(move) as base, quick_session(base) as session:
        await session.get(f"{base}/old", sign=lambda: {"Authorization": "Signed"})

    assert seen == {"/old": "Signed", "/new": ""}


async def test_three_attempts_are_all():
    flaky = Flaky(*[503] * 9)
    async with venue(flaky) as base, quick_session(base) as session:
        with pytest.raises(VenueUnavailable) as failed:
            await session.get(f"{base}/")

    assert len(flaky.seen) == 3
    assert failed.value.details["status"] == 503


@pytest.mark.parametrize(("status", "error"), [
    (400, RequestRejected), (401, CredentialsRefused), (402, RequestRejected), (404, NotListed),
    (405, RequestRejected), (409, RequestRejected), (410, NotListed), (418, RateLimited),
    (422, RequestRejected), (431, RequestRejected), (501, VenueUnavailable),
    (505, VenueUnavailable), (520, VenueUnavailable), (304, UnreadableAnswer), (300, UnreadableAnswer),
])  # fmt: skip
async def test_everything_else_is_final_and_has_its_name(status, error):
    flaky = Flaky(*[status] * 3)
    async with venue(flaky) as base, quick_session(base) as session:
        with pytest.raises(error) as failed:
            await session.get(f"{base}/")

    assert type(failed.value) is error
    assert len(flaky.seen) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 422, 500, 503])
async def test_a_status_the_caller_accepts_is_an_answer(status):
    flaky = Flaky(status)
    async with venue(flaky) as base, quick_session(base) as session:
        response = await session.get(f"{base}/", expect=Expect.TEXT, accept_statuses={status})

    assert response.status == status
    assert response.text == "sorry"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_a_post_is_sent_once_whatever_happens(status):
    flaky = Flaky(*[status] * 3)
    async with venue(flaky) as base, quick_session(base) as session:
        with pytest.raises(FetchFailed):
            await session.post(f"{base}/", json={"order": 1})

    assert flaky.seen == ["POST"]


async def test_a_post_that_only_reads_is_tried_again():
    flaky = Flaky(503)
    async with venue(flaky) as base, quick_session(base) as session:
        await session.post(f"{base}/", json={"query": "box"}, is_safe=True)

    assert flaky.seen == ["POST"] * 2


async def test_a_reset_is_tried_again_only_where_that_is_safe():
    async with raw_server(reset) as (base, seen), quick_session(base) as session:
        with pytest.raises(VenueUnavailable):
            await session.get(f"{base}/")
        assert len(seen) == 3
        seen.clear()

        with pytest.raises(VenueUnavailable):
            await session.post(f"{base}/", json={"order": 1})
        assert len(seen) == 1


async def test_a_kept_connection_that_broke_is_not_used_again_behind_the_pacers_back():
    def once(head: bytes, writer: asyncio.StreamWriter) -> None:
        if b"/first" in head:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}")

    async with raw_server(once) as (base, seen), quick_session(base) as session:
        await session.get(f"{base}/first")
        with pytest.raises(VenueUnavailable):
            await session.get(f"{base}/second")

    assert len(seen) <= 1 + 3


@pytest.mark.parametrize("noise", [
    b"", b"\x00\x01\x02\x03", b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: nine\r\n\r\n",
    b"HTTP/1.1 999999 ?\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
    b"HTTP/1.1 302 Found\r\nLocation: http://[\r\n\r\n",
])  # fmt: skip
async def test_noise_is_a_failure_with_a_name(noise):
    async with raw_server(lambda _, writer: writer.write(noise)) as (base, _), quick_session(base) as session:
        with pytest.raises((VenueUnavailable, UnreadableAnswer)):
            await session.get(f"{base}/")


async def test_nobody_listening_is_unavailable():
    async with raw_server(reset) as (base, _):
        pass
    async with quick_session(base) as session:
        with pytest.raises(VenueUnavailable):
            await session.get(f"{base}/")


async def test_plain_text_where_tls_is_due_is_not_tried_again():
    def plain(head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await reader.read(100)
        plain(b"", writer)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        base = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with quick_session(base) as session:
            with pytest.raises(VenueUnavailable) as failed:
                await session.get(f"{base}/")

    assert failed.value.details["reason"] == "tls"
    assert connections == 1


async def test_a_slow_drip_is_cut_by_the_deadline():
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        try:
            for _ in range(3_000):
                await response.write(b" ")
                await asyncio.sleep(0.02)
        except ConnectionError:
            pass
        return response

    async with venue(answer) as base, quick_session(base, deadline=0.25) as session:
        started = time.monotonic()
        with pytest.raises(VenueUnavailable) as failed:
            await session.get(f"{base}/")
        duration = time.monotonic() - started

    assert failed.value.details["reason"] == "deadline"
    assert duration < 30  # all of it would take a minute


async def test_a_silent_venue_is_cut_by_the_read_timeout():
    seen = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.path)
        await asyncio.sleep(120)
        return web.Response()

    async with venue(answer) as base, quick_session(base, deadline=90, read_seconds=0.3) as session:
        started = time.monotonic()
        with pytest.raises(VenueUnavailable):
            await session.get(f"{base}/")
        duration = time.monotonic() - started

    assert duration < 60
    assert len(seen) == 3


async def test_the_deadline_stands_still_while_we_wait_for_our_turn():
    async with venue(Flaky()) as base, quick_session(base, delay=1.2, deadline=1.0) as session:
        started = time.monotonic()
        await session.get(f"{base}/1")
        await session.get(f"{base}/2")

    assert time.monotonic() - started >= 1.2


async def test_a_caller_who_gives_up_gives_up_at_once():
    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    async with venue(answer) as base, quick_session(base) as session:
        call = asyncio.create_task(session.get(f"{base}/"))
        await asyncio.sleep(0.05)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call


async def test_a_session_that_is_not_open_says_so():
    async with quick_session("http://127.0.0.1:9") as session:
        pass
    with pytest.raises(RuntimeError, match="not open"):
        await session.get("http://127.0.0.1:9/")
