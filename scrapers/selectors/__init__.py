"""Reads of the scrapers app: sources with their routes, readiness, coverage, hosts."""

from scrapers.scheduling import SLOTS_PER_CYCLE

from .coverage import (
    COVERAGE_WINDOW,
    Coverage,
    SourceCoverage,
    coverage,
)
from .endpoints import Mode, configuration_for, current_mode
from .hosts import HostState, host_key, host_state, host_states
from .readiness import REVIEW_LASTS, Readiness, readiness, review_due_on
from .sources import RouteOverview, SourceOverview, source_list
from .stale import stale_products

__all__ = [
    "COVERAGE_WINDOW",
    "REVIEW_LASTS",
    "SLOTS_PER_CYCLE",
    "Coverage",
    "HostState",
    "Mode",
    "Readiness",
    "RouteOverview",
    "SourceCoverage",
    "SourceOverview",
    "configuration_for",
    "coverage",
    "current_mode",
    "host_key",
    "host_state",
    "host_states",
    "readiness",
    "review_due_on",
    "source_list",
    "stale_products",
]
