"""Scenario: a list of 100 opportunities among a million, against a plain DRF view and against an empty view.

Measured is the processor time of this process per request, through the WSGI handler and every middleware;
what PostgreSQL does in its own process is not in it, and is shown as wall time. All are asked with the same
query. The naive view is what one writes
first: a `ModelSerializer` with a nested product, numbered pages, no `select_related`. Request limits and
request logs are off for all, because the naive view would hit the one and the terminal the other; what a
request limit costs is a figure of its own.
"""

import gc
import json
import logging
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import override_settings

from opportunities.selectors.keyset import encode_cursor

from .api_seed import make_opportunities
from .results import Better, Figure, ScenarioResult

TITLE = "API: a list of 100 opportunities"
TARGET_NAIVE = 25.0
TARGET_EMPTY = 2.5
PAGE_SIZE = 100
DEPTHS = (1, 9_000)
ROOT = "/api/v1/opportunities/"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many opportunities of how many products, and how often each view is asked.

    Deep pages by number and the naive view take long in the database and are asked less often.
    """

    opportunities: int
    products: int
    requests: int
    deep: int
    naive: int
    repeats: int


FULL = Sizes(opportunities=1_000_000, products=10_000, requests=100, deep=15, naive=5, repeats=3)
QUICK = Sizes(opportunities=2_000, products=50, requests=5, deep=5, naive=1, repeats=1)


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor and wall seconds of one request."""

    processor: float
    wall: float


def run(*, is_quick: bool = False) -> ScenarioResult:
    """Measure in the current (scratch) database."""
    sizes = QUICK if is_quick else FULL
    make_opportunities(sizes.opportunities, products=sizes.products)
    last = max(1, sizes.opportunities // PAGE_SIZE)
    with _server() as get:
        empty = _cost(
            lambda: get(f"/bench/empty/?page_size={PAGE_SIZE}&page=1"), sizes.requests * 5, sizes.repeats
        )
        limited = _cost(lambda: get(f"{ROOT}?page_size={PAGE_SIZE}"), sizes.requests, sizes.repeats)
        figures = [Figure("empty view", empty.processor * 1e6, "us/request", note="the floor")]
        for page in (min(depth, last) for depth in DEPTHS):
            figures += _at_depth(get, page, sizes, empty)
        etag = _etag(get(f"/bench/list/?page_size={PAGE_SIZE}"))
        known = _cost(
            lambda: get(f"/bench/list/?page_size={PAGE_SIZE}", tag=etag, status=304),
            sizes.requests,
            sizes.repeats,
        )
    figures += [
        Figure("304, page 1", known.processor * 1e6, "us/request", note="nothing is sent, all is compared"),
        Figure("list with its request limit, page 1", limited.processor * 1e6, "us/request"),
    ]
    return ScenarioResult(
        "api", TITLE, {"opportunities": sizes.opportunities, "rows": PAGE_SIZE}, tuple(figures)
    )


def _at_depth(get: "_Get", page: int, sizes: Sizes, empty: Cost) -> list[Figure]:
    """Measure one page by number, by cursor and naively, after a look whether they say the same."""
    by_number = f"/bench/list/?page_size={PAGE_SIZE}&page={page}"
    by_cursor = f"/bench/list/?page_size={PAGE_SIZE}&{_cursor_query(page)}"
    naive_url = f"/bench/naive/?page_size={PAGE_SIZE}&page={page}"
    _check(get, by_number, by_cursor, naive_url)
    naive = _cost(lambda: get(naive_url), sizes.naive, sizes.repeats)
    numbered = _cost(lambda: get(by_number), sizes.requests if page == 1 else sizes.deep, sizes.repeats)
    keyset = _cost(lambda: get(by_cursor), sizes.requests, sizes.repeats)
    note = f"{numbered.wall * 1000:.1f} ms wall"
    return [
        Figure(
            f"page {page:,}: naive / ours",
            naive.processor / numbered.processor,
            "x",
            TARGET_NAIVE,
            Better.HIGHER,
        ),
        Figure(
            f"page {page:,}: ours / empty",
            numbered.processor / empty.processor,
            "x",
            TARGET_EMPTY,
            Better.LOWER,
        ),
        Figure(f"page {page:,}: ours", numbered.processor * 1e6, "us/request", note=note),
        Figure(
            f"page {page:,}: ours by cursor",
            keyset.processor * 1e6,
            "us/request",
            note=f"{keyset.wall * 1000:.1f} ms wall; {keyset.processor / empty.processor:.2f} x empty",
        ),
        Figure(
            f"page {page:,}: naive",
            naive.processor * 1e6,
            "us/request",
            note=f"{naive.wall * 1000:.0f} ms wall",
        ),
    ]


@contextmanager
def _server() -> "Iterator[_Get]":
    """Give a way to ask the product, with the views of the measurement beside its own, on one connection."""
    logging.disable(logging.WARNING)
    own_age = connection.settings_dict["CONN_MAX_AGE"]
    connection.settings_dict["CONN_MAX_AGE"] = None
    connection.close()
    try:
        with override_settings(ROOT_URLCONF="arbsite.bench.api_urls", API_PUBLIC_READ=True, DEBUG=False):
            yield _Get(WSGIHandler())
    finally:
        connection.settings_dict["CONN_MAX_AGE"] = own_age
        logging.disable(logging.NOTSET)


class _Get:
    """Asks a WSGI application in this process."""

    def __init__(self, application: WSGIHandler) -> None:
        self._application = application

    def __call__(self, url: str, *, tag: str = "", status: int = 200) -> Any:
        """Return the response, read to its end.

        Raises:
            RuntimeError: for another status.
        """
        path, _, query = url.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_ACCEPT": "application/json",
            "wsgi.input": BytesIO(),
            "wsgi.url_scheme": "http",
        }
        if tag:
            environ["HTTP_IF_NONE_MATCH"] = tag
        response: Any = self._application(environ, _ignore)
        if response.status_code != status:
            raise RuntimeError(f"{url}: {response.status_code} {response.content[:200]!r}")
        return response


def _ignore(
    status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
) -> Callable[[bytes], object]:
    """Take the start of an answer as a WSGI server does."""
    return bytes


def _cost(ask: Callable[[], object], requests: int, repeats: int) -> Cost:
    """Return the median cost of a request over repeated runs, after one to warm up."""
    ask()
    costs = []
    for _ in range(repeats):
        gc.collect()
        processor, wall = time.process_time(), time.perf_counter()
        for _ in range(requests):
            ask()
        costs.append(((time.process_time() - processor) / requests, (time.perf_counter() - wall) / requests))
    return Cost(statistics.median(cost[0] for cost in costs), statistics.median(cost[1] for cost in costs))


def _check(get: _Get, *urls: str) -> None:
    """Make sure that all ways list the same opportunities before they are timed."""
    lists = [[item["id"] for item in json.loads(get(url).content)["results"]] for url in urls]
    if any(ids != lists[0] for ids in lists) or len(lists[0]) != PAGE_SIZE:
        raise RuntimeError("the ways list different opportunities")


def _etag(response: Any) -> str:
    return str(response["ETag"])


def _cursor_query(page: int) -> str:
    """Return the parameters of a page by cursor that begins where a numbered one does."""
    if page == 1:
        return "pagination=cursor"
    order = ("-rank_score", "-net_profit", "created_at", "id")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rank_score::text, net_profit::text, to_jsonb(created_at) #>> '{}', id::text"
            "  FROM arbitrage_opportunities"
            " ORDER BY rank_score DESC, net_profit DESC, created_at, id LIMIT 1 OFFSET %s",
            [(page - 1) * PAGE_SIZE - 1],
        )
        return f"cursor={encode_cursor(order, cursor.fetchone(), is_backward=False)}"
