"""`manage.py venues`: sources, their routes, what keeps them from starting, and their hosts."""

import asyncio
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any, Final

from common.clock import utc_now
from common.commands import ArbsiteCommand, PartlyDone, UsageError
from common.errors import DomainError
from scrapers.models import SourceRoute
from scrapers.selectors import SourceOverview, source_list
from scrapers.services import reset_breaker, switch_route
from scrapers.services.probing import ProbeResult, probe_hosts, probed_urls

ACTIONS: Final = ("list", "check", "pause", "resume", "reset-breaker")


class Command(ArbsiteCommand):
    help = (
        "List the sources with their routes, readiness, coverage and circuit breakers; check whether their "
        "hosts answer; pause and resume routes; ask a host again that is left alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", nargs="?", choices=ACTIONS, default="list", help="Default: list.")
        parser.add_argument(
            "names", nargs="*", metavar="NAME",
            help="pause, resume: sources (ebay) or routes (ebay/browse); reset-breaker: hosts.",
        )  # fmt: skip
        parser.add_argument(
            "--probe",
            action="store_true",
            help="As check: ask each host of a ready route for its robots.txt, politely.",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="pause, resume: only say what would change."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        action, names = options["action"], options["names"]
        if action in ("list", "check"):
            if names:
                raise UsageError(f"{action} takes no names.")
            self._list(is_probed=options["probe"] or action == "check")
            return
        if not names:
            raise UsageError(f"{action}: name what you mean; `manage.py venues` lists it.")
        if action == "reset-breaker":
            self._each(names, partial(_reset, is_dry_run=options["dry_run"]))
        else:
            rows = [row for name in names for row in _routes(name)]
            switch = partial(_switch, is_enabled=action == "resume", is_dry_run=options["dry_run"])
            self._each(rows, switch)

    def _list(self, *, is_probed: bool) -> None:
        sources = source_list(now=utc_now())
        probes = asyncio.run(probe_hosts(probed_urls(sources))) if is_probed else []
        facts: dict[str, Any] = {"sources": [_data(source) for source in sources]}
        if is_probed:
            facts["probes"] = [asdict(probe) for probe in probes]
        self.emit(facts, "\n".join([*_lines(sources), *_probe_lines(probes)]))
        failed = [probe.key for probe in probes if not probe.is_reachable]
        if failed:
            raise PartlyDone(f"Not reachable: {', '.join(failed)}.")

    def _each(self, subjects: list[Any], act: Callable[[Any], str]) -> None:
        """Act on one after the other; a refusal stops no other."""
        done, refused = [], []
        for subject in subjects:
            try:
                done.append(act(subject))
            except DomainError as error:
                refused.append(f"{subject}: {error.detail}")
        self.emit({"done": done, "refused": refused}, "\n".join([*done, *(f"! {text}" for text in refused)]))
        if refused and not done:
            raise NothingDone(detail=refused[0])
        if refused:
            raise PartlyDone(f"{len(refused)} of {len(subjects)} were refused.")


class NothingDone(DomainError):
    """Every subject was refused; exit code 1."""

    default_code = "nothing_done"


def _routes(name: str) -> list[SourceRoute]:
    """Return the routes of a source, or the one route that is named.

    Raises:
        UsageError: if there is none.
    """
    source, _, code = name.partition("/")
    rows = SourceRoute.objects.filter(source=source).order_by("position")
    found = list(rows.filter(code=code) if code else rows)
    if not found:
        raise UsageError(f"There is no source or route {name!r}; `manage.py venues` lists them.")
    return found


def _switch(row: SourceRoute, *, is_enabled: bool, is_dry_run: bool) -> str:
    word = "on" if is_enabled else "off"
    if row.is_enabled == is_enabled:
        return f"{row}: {word} already"
    if is_dry_run:
        return f"{row}: would be switched {word}"
    switch_route(row, is_enabled=is_enabled, actor=None, now=utc_now())
    return f"{row}: switched {word}"


def _reset(key: str, *, is_dry_run: bool) -> str:
    if is_dry_run:
        return f"{key}: would be asked again"
    state = reset_breaker(key, actor=None, now=utc_now())
    return f"{state.key}: {state.breaker}"


def _data(source: SourceOverview) -> dict[str, Any]:
    data = asdict(source)
    data["coverage"]["share"] = source.coverage.share
    return data


def _lines(sources: list[SourceOverview]) -> list[str]:
    lines = []
    for source in sources:
        share = source.coverage
        newest = f"{source.newest_price_at:%Y-%m-%d %H:%M} UTC" if source.newest_price_at else "never"
        lines.append(
            f"{source.name} [{source.code}]  fresh {share.fresh:,}/{share.tracked:,}  newest {newest}"
            f"  24 h: {source.prices_24h:,} prices, {source.quarantined_24h:,} held"
        )
        for route in source.routes:
            lines.append(f"  {'ready' if route.is_ready else 'off  '}  {route.code:<10} {route.route:<5}")
            if route.not_ready_reason:
                lines.append(f"         {route.not_ready_reason} [{route.not_ready_code}]")
            lines += [
                f"         {host.key}: {host.breaker}, {host.failures} failures ({host.last_failure})"
                for host in route.hosts
                if host.breaker != "closed" or host.failures
            ]
    return lines


def _probe_lines(probes: list[ProbeResult]) -> list[str]:
    return [f"{probe.key}: {probe.detail} ({probe.seconds:.2f} s)" for probe in probes]
