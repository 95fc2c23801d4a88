"""`manage.py venues`: sources, their routes, what keeps them from starting, and their hosts."""

import asyncio
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from common.clock import utc_now
from common.commands import ArbsiteCommand, PartlyDone
from scrapers.selectors import SourceOverview, source_list
from scrapers.services.probing import ProbeResult, probe_hosts, probed_urls


class Command(ArbsiteCommand):
    help = "List the sources with their routes, readiness, coverage and circuit breakers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--probe",
            action="store_true",
            help="Ask each host of a ready route for its robots.txt, politely, and say what it answered.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sources = source_list(now=utc_now())
        probes = asyncio.run(probe_hosts(probed_urls(sources))) if options["probe"] else []
        facts: dict[str, Any] = {"sources": [_data(source) for source in sources]}
        if options["probe"]:
            facts["probes"] = [asdict(probe) for probe in probes]
        self.emit(facts, "\n".join([*_lines(sources), *_probe_lines(probes)]))
        failed = [probe.key for probe in probes if not probe.is_reachable]
        if failed:
            raise PartlyDone(f"Not reachable: {', '.join(failed)}.")


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
