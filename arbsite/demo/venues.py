"""`python -m arbsite.demo.venues`: the simulated venues of the installed demo market, as one process."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scrapers.simulator.faults import demo_script
from scrapers.simulator.serving import serve

from .listings import build_market
from .manifest import read_manifest
from .world import build_world

PUBLICATION = timedelta(minutes=5)  # a real price guide comes out once a day; nobody would see it move


def main(argv: Sequence[str]) -> int:
    """Serve until told to stop; return the exit code."""
    parser = argparse.ArgumentParser(prog="arbsite.demo.venues")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="where the demo market was installed")
    options = parser.parse_args(argv)
    manifest = read_manifest(options.folder)
    if manifest is None:
        sys.stderr.write(f"error: there is no demo market in {options.folder}\n")
        return 1
    market = build_market(manifest.size, manifest.seed)
    world = build_world(market, today=min(manifest.last_day, datetime.now(tz=UTC).date()))
    return serve(world, port=options.port, publication=PUBLICATION, faults=demo_script())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
