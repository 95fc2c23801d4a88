"""One exchange with a venue: sent once, read within limits, every failure named. No politeness in here."""

from collections.abc import Awaitable, Callable, Mapping
from types import SimpleNamespace
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver

from scrapers.errors import FetchFailed, RequestRejected, TargetForbidden, UnreadableAnswer, VenueUnavailable

from .bodies import FileSink, MemorySink, Sink, copy_body
from .guard import Guard, Host, guarded_connector
from .judging import Answer
from .orders import Order
from .redaction import safe_url

CONNECT_SECONDS: Final = 10.0
READ_SECONDS: Final = 10.0
_PIECE_BYTES: Final = 65_536
_ERROR_BYTES: Final = 300_000
_MAX_HEADER_BYTES: Final = 32_768

Sent = Callable[[], Awaitable[None]]


class Transport:
    """The one `aiohttp` session of a polite session.

    Args:
        user_agent: sent with every request.
        guard: decides what may be connected to.
        proxy: egress proxy for public hosts, and then resolves their names; private ones are asked directly.
        resolver: of names; the system's unless a test brings one.
        read_seconds: longest silence while reading.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        guard: Guard,
        proxy: str = "",
        resolver: AbstractResolver | None = None,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        trace = aiohttp.TraceConfig()
        trace.on_request_headers_sent.append(_report_sent)
        self._proxy = proxy or None
        self._client = aiohttp.ClientSession(
            connector=guarded_connector(guard, resolver=resolver),
            headers={"User-Agent": user_agent, "Accept-Encoding": "gzip"},
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=read_seconds),
            auto_decompress=False,
            trust_env=False,
            trace_configs=[trace],
            max_line_size=_MAX_HEADER_BYTES,
            max_field_size=_MAX_HEADER_BYTES,
        )
        # aiohttp would send a GET again by itself when a kept connection broke, without asking the pacer.
        self._client._retry_connection = False

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    async def exchange(self, order: Order, host: Host, *, sent: Sent, file: FileSink | None = None) -> Answer:
        """Send a request once and read the answer, of any status.

        Args:
            order: what to send.
            host: it goes to.
            sent: awaited when the request has left.
            file: where the body of a successful answer goes instead of into memory.

        Raises:
            VenueUnavailable: for a failure of the connection.
            UnreadableAnswer: if the body is too large, damaged, or no HTTP.
            TargetForbidden: if the host leads to a forbidden address.
            RequestRejected: if a header cannot be sent.
        """
        source = safe_url(order.url)
        try:
            async with self._client.request(
                order.method,
                order.url,
                headers=order.headers,
                data=order.body,
                proxy=None if host.is_private_allowed else self._proxy,
                allow_redirects=False,
                trace_request_ctx=sent,
            ) as response:
                return await _read(order, response, file, source=source)
        except (aiohttp.ClientError, OSError) as error:
            # Their texts may hold the whole address, so neither the text nor the chain is kept.
            raise _named(error, source) from None
        except ValueError:  # a header that no request can carry
            raise RequestRejected(detail=f"The request to {source} cannot be sent as it is.") from None


async def _report_sent(session: aiohttp.ClientSession, context: SimpleNamespace, parameters: object) -> None:
    sent: Sent = context.trace_request_ctx
    await sent()


async def _read(
    order: Order, response: aiohttp.ClientResponse, file: FileSink | None, *, source: str
) -> Answer:
    headers: Mapping[str, str] = {name.lower(): value for name, value in response.headers.items()}
    is_wanted = 200 <= response.status < 300 or response.status in order.accept_statuses
    max_bytes = order.max_bytes if is_wanted else min(order.max_bytes, _ERROR_BYTES)
    sink: Sink = file if file is not None and is_wanted else MemorySink()
    encoding = headers.get("content-encoding", "")
    try:
        declared = response.content_length
        if declared is not None and declared > max_bytes and not encoding:
            raise UnreadableAnswer(detail=f"The answer of {source} is larger than {max_bytes:,} bytes.")
        await copy_body(
            response.content.iter_chunked(_PIECE_BYTES),
            sink,
            encoding=encoding,
            max_bytes=max_bytes,
            source=source,
        )
    except UnreadableAnswer:
        response.close()  # or the rest would be read to keep the connection
        if is_wanted:
            raise  # for any other status the beginning says enough
    return Answer(response.status, headers, sink.body())


def _named(error: Exception, source: str) -> FetchFailed:
    """Return our name for a failure of the connection."""
    kind = type(error).__name__
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return VenueUnavailable(None, f"{source} shows no valid certificate.", {"reason": "tls"})
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return VenueUnavailable(None, f"The proxy refuses {source} ({error.status}).", {"reason": "proxy"})
    if isinstance(error, aiohttp.InvalidURL):
        return TargetForbidden(detail=f"{source} is not an address that can be asked.")
    if isinstance(error, aiohttp.ClientResponseError):
        return UnreadableAnswer(detail=f"{source} answered with something that is not HTTP.")
    return VenueUnavailable(None, f"{source} did not answer ({kind}).", {"reason": "connection"})
