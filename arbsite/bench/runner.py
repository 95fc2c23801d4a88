"""Runs scenarios one after the other, each in its own scratch database, and writes the report as text."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Protocol

import structlog
from django.db import connection

from . import analysis, api, box, coverage, feeds, ingest, latest, parsing, stream, ticks
from .machine import describe_machine
from .results import Better, Figure, Report, ScenarioResult
from .scratch import scratch_database

logger = structlog.get_logger(__name__)


class Scenario(Protocol):
    """A measurement; `is_quick` takes sizes that only show that it works."""

    def __call__(self, *, is_quick: bool) -> ScenarioResult:
        """Measure, in the current database."""
        ...


SCENARIOS: dict[str, Scenario] = {
    "ingest": ingest.run,
    "latest": latest.run,
    "analysis": analysis.run,
    "box": box.run,
    "feeds": feeds.run,
    "coverage": coverage.run,
    "parsing": parsing.run,
    "stream": stream.run,
    "api": api.run,
    "ticks": ticks.run,
}
PURE = {"box", "coverage", "parsing", "stream", "ticks"}  # need no database


def run_scenarios(
    names: Sequence[str], *, is_quick: bool, started: Callable[[str], object] = lambda name: None
) -> Report:
    """Run the named scenarios, all when none is named.

    A scenario that crashes is reported with its error and does not stop the others. Quick sizes are too small
    to judge, so their figures carry no targets.

    Args:
        names: keys of `SCENARIOS`.
        is_quick: tiny sizes.
        started: called with each scenario's name before it runs.
    """
    report = Report(machine=describe_machine(), is_quick=is_quick)
    for name in names or SCENARIOS:
        started(name)
        began = time.perf_counter()
        result = _run(name, is_quick=is_quick)
        if is_quick:
            result = replace(result, figures=tuple(replace(figure, target=None) for figure in result.figures))
        report.results.append(replace(result, seconds=time.perf_counter() - began))
    return report


def _run(name: str, *, is_quick: bool) -> ScenarioResult:
    try:
        with nullcontext() if name in PURE else scratch_database():
            return SCENARIOS[name](is_quick=is_quick)
    except Exception as error:  # the process edge of one scenario: the others still run
        logger.exception("bench.crashed", scenario=name)
        connection.close()
        return ScenarioResult(name, "", {}, error=f"{type(error).__name__}: {error}")


def render(report: Report) -> Iterator[str]:
    """Yield the report line by line."""
    machine = report.machine
    yield (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB,"
        f" load {machine['load_1m']}, Python {machine['python']}"
    )
    database = machine["postgresql"]
    if isinstance(database, dict):
        yield "PostgreSQL " + ", ".join(f"{name} {value}" for name, value in database.items())
    for result in report.results:
        yield ""
        yield from _render_scenario(result)
    yield ""
    yield _verdict(report)


def _render_scenario(result: ScenarioResult) -> Iterator[str]:
    sizes = ", ".join(f"{name} {count:,}" for name, count in result.sizes.items())
    yield f"{result.scenario}: {result.title} ({sizes}) {result.seconds:.1f} s"
    if result.error:
        yield f"  CRASHED  {result.error}"
    for figure in result.figures:
        value = f"{_number(figure.value):>12} {figure.unit}"
        yield f"  {_mark(figure):<6} {figure.name:<48} {value}{_aside(figure)}"


def _mark(figure: Figure) -> str:
    return {None: "", True: "pass", False: "SHORT"}[figure.has_passed]


def _aside(figure: Figure) -> str:
    parts = [figure.note] if figure.note else []
    if figure.target is not None:
        sign = "≥" if figure.better is Better.HIGHER else "≤"
        parts.insert(0, f"target {sign} {figure.target:g}")
    return f"  ({'; '.join(parts)})" if parts else ""


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:,.2f}" if value >= 0.1 else f"{value:.2g}"


def _verdict(report: Report) -> str:
    if report.has_crashed:
        return "A scenario crashed."
    if report.is_quick:
        return "Quick sizes: the harness works; the figures are no measurement."
    return "Some targets are missed." if report.is_short else "All targets are reached."
