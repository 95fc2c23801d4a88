"""Readiness of the rows of the terms register, judged once for a list, not once for a cell."""

from typing import Any

from common.clock import utc_now
from scrapers.errors import SourceNotReady, UnknownSource
from scrapers.models import SourceRoute
from scrapers.registry import RouteSpec, source_spec
from scrapers.selectors import Mode, Readiness, current_mode, readiness

_RETIRED = Readiness("retired", "The product no longer knows this route; it is kept as history.")


def judged_changelist(base: type[Any]) -> type[Any]:
    """Return a change list that judges all its rows with one look at the mode."""

    class JudgedChangeList(base):  # type: ignore[misc]  # the base is only known at run time
        def get_results(self, request: Any) -> None:
            super().get_results(request)
            mode = mode_or_refusal()
            for row in self.result_list:
                row.judgement = judge(row, mode)

    return JudgedChangeList


def mode_or_refusal() -> Mode | Readiness:
    """Return the mode of the installation, or why nothing starts in it."""
    try:
        return current_mode()
    except SourceNotReady as error:
        return Readiness(error.code, error.detail)


def judge(row: SourceRoute, mode: Mode | Readiness) -> Readiness:
    """Return whether a route would start now."""
    route = route_spec(row)
    if route is None:
        return _RETIRED
    if isinstance(mode, Readiness):
        return mode
    return readiness(row, route, mode=mode, now=utc_now())


def judgement_of(row: SourceRoute) -> Readiness:
    """Return what was judged for the list, or judge the one row of a page."""
    found: Readiness | None = getattr(row, "judgement", None)
    if found is None:
        found = row.judgement = judge(row, mode_or_refusal())  # type: ignore[attr-defined]
    return found


def route_spec(row: SourceRoute) -> RouteSpec | None:
    """Return a row's entry in the registry."""
    try:
        source = source_spec(row.source)
    except UnknownSource:
        return None
    return next((route for route in source.routes if route.code == row.code), None)
