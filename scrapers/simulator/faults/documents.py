"""Faults in what surrounds the figures: times, totals, paging, errors under 200 and markup that moved on."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import web

from .figures import objects
from .table import Firing, Layer, fault

DRIFT_BYTES: Final = 120_000
_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\d)([T ])(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?")
_TOTALS: Final = frozenset(
    {"total", "totalItems", "totalResults", "totalCount", "total_rows", "totalElements"}
)


@dataclass(frozen=True, slots=True)
class MovedPaging:
    """Where pages start instead of where they were asked to."""

    start_of: Callable[[int], int]


PAGING: Final = web.RequestKey("paging", MovedPaging)


def page_start(request: web.Request, start: int) -> int:
    """Return where a page really starts, which a fault may have moved."""
    moved = request.get(PAGING)
    return start if moved is None else max(moved.start_of(start), 0)


@fault("page_shift", Layer.REQUEST)
def page_shift(request: web.Request, firing: Firing) -> None:
    """Something was inserted before the page: it starts `rows` (default 1) early; the first page is right."""
    rows = int(firing.number("rows", 1))
    request[PAGING] = MovedPaging(lambda start: start - rows if start else 0)


@fault("duplicated_page", Layer.REQUEST)
def duplicated_page(request: web.Request, firing: Firing) -> None:
    """Every page is the first one."""
    request[PAGING] = MovedPaging(lambda start: 0)


@fault("total_lies", Layer.DOCUMENT)
def total_lies(document: Any, firing: Firing) -> Any:
    """The stated total is `factor` times (default 3) the truth."""
    factor = int(firing.number("factor", 3))
    for one in objects(document):
        for name in _TOTALS & one.keys():
            if isinstance(one[name], int):
                one[name] = one[name] * factor + 1
    return document


@fault("empty_result", Layer.DOCUMENT)
def empty_result(document: Any, firing: Firing) -> Any:
    """Every list in the answer is empty."""
    for one in objects(document):
        for name, value in one.items():
            if isinstance(value, list) and name != "errors":
                one[name] = []
    return [] if isinstance(document, list) else document


@fault("errors_in_200", Layer.ANSWER)
async def errors_in_200(request: web.Request, firing: Firing) -> web.StreamResponse:
    """200 with an error in the body, as TCGplayer's CAPI-35."""
    return web.json_response(
        {"errors": [{"code": "CAPI-35", "message": "ProductCategoryNotVisible"}], "results": []}
    )


@fault("filter_ignored", Layer.DOCUMENT)
def filter_ignored(document: Any, firing: Firing) -> Any:
    """200 with eBay's warning that a filter was not applied."""
    if isinstance(document, dict):
        document["warnings"] = [
            {
                "errorId": 12002, "domain": "API_BROWSE", "category": "REQUEST",
                "message": "The 'filter' value is invalid.", "parameters": [],
            }
        ]  # fmt: skip
    return document


@fault("stale_as_of", Layer.DOCUMENT)
def stale_as_of(document: Any, firing: Firing) -> Any:
    """Every time is `days` (default 5) ago: a feed that stopped."""
    return _change_times(document, _moved(-timedelta(days=firing.number("days", 5))))


@fault("clock_skew", Layer.DOCUMENT)
def clock_skew(document: Any, firing: Firing) -> Any:
    """Every time is `minutes` (default 90) ahead: the venue's clock is wrong."""
    return _change_times(document, _moved(timedelta(minutes=firing.number("minutes", 90))))


@fault("naive_times", Layer.DOCUMENT)
def naive_times(document: Any, firing: Firing) -> Any:
    """No time states its zone."""
    return _change_times(document, lambda found: found[1] + found[2] + found[3])


@fault("zero_dates", Layer.DOCUMENT)
def zero_dates(document: Any, firing: Firing) -> Any:
    """Every time is 0000-00-00 00:00:00."""
    return _change_times(document, lambda found: "0000-00-00 00:00:00")


@fault("markup_drift", Layer.DOCUMENT)
def markup_drift(document: Any, firing: Firing) -> Any:
    """A page of full size with the same content under classes and ids nobody knows."""
    if not isinstance(document, str):
        return document
    renamed = re.sub(
        r'(class|id|data-[a-z-]+)="[^"]*"',
        lambda found: f'class="x{firing.chance.randrange(16**6):06x}"',
        document,
    )
    padding = "<!-- " + "lorem " * (DRIFT_BYTES // 6) + "-->"
    return renamed.replace("</body>", f"{padding}</body>")


@fault("results_null", Layer.DOCUMENT)
def results_null(document: Any, firing: Firing) -> Any:
    """The member that holds the results is null."""
    if isinstance(document, dict):
        for name in ("results", "result", "data", "priceGuides", "products", "itemSummaries", "itemsResult"):
            if name in document:
                document[name] = None
    return document


def _moved(step: timedelta) -> Callable[[re.Match[str]], str]:
    def move(found: re.Match[str]) -> str:
        zone = found[4] or ""
        text = found[1] + "T" + found[3]
        moved = datetime.fromisoformat(text) + step
        return moved.isoformat(sep=found[2]) + zone

    return move


def _change_times(document: Any, change: Callable[[re.Match[str]], str]) -> Any:
    """Return the document with every time of day in it changed."""
    if isinstance(document, list):
        return [_change_times(item, change) for item in document]
    if isinstance(document, dict):
        return {name: _change_times(value, change) for name, value in document.items()}
    if isinstance(document, str) and len(document) < 40:
        found = _MOMENT.fullmatch(document)
        return change(found) if found else document
    return document
