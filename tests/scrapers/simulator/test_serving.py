"""Local files at given paths, and the simulator as a program of its own."""

import gzip
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from scrapers.simulator.app import create_simulator
from scrapers.simulator.endpoints import ENDPOINTS
from scrapers.simulator.serving import start_simulator

GUIDE = "/cardmarket_downloads/productCatalog/priceGuide/price_guide_1.json"
PROGRAM = """
from scrapers.simulator.seeded import seeded_world
from scrapers.simulator.serving import serve
say = lambda running: print(running.url, flush=True)
raise SystemExit(serve(seeded_world(7, "tiny"), port=0, announce=say))
"""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    plain, packed = tmp_path / "list.json", tmp_path / "guide.json.gz"
    plain.write_bytes(b'{"priceGuides": []}')
    packed.write_bytes(gzip.compress(b'{"priceGuides": [1]}'))
    return {GUIDE: packed, "cardkingdom/api/v2/pricelist": plain, "mtgjson/api/v5/x.json.gz": packed}


@pytest.fixture
async def session(simulated_world, files) -> AsyncIterator[aiohttp.ClientSession]:
    running = await start_simulator(create_simulator(simulated_world, files=files))
    async with aiohttp.ClientSession(running.url) as client:
        yield client
    await running.stop()


async def test_local_files_stand_at_their_paths(session):
    async with session.get(GUIDE) as response:
        unpacked_on_the_way, kind = await response.json(), response.content_type
    async with session.get("/cardkingdom/api/v2/pricelist") as response:
        plain = await response.json()
    async with session.get("/mtgjson/api/v5/x.json.gz") as response:
        packed, header = await response.read(), response.headers.get("Content-Encoding")

    assert (unpacked_on_the_way, kind) == ({"priceGuides": [1]}, "application/json")
    assert plain == {"priceGuides": []}
    assert gzip.decompress(packed) == b'{"priceGuides": [1]}'
    assert header is None


async def test_unchanged_files_are_not_sent_again(session):
    async with session.get(GUIDE) as response:
        headers = response.headers
    async with session.get(GUIDE, headers={"If-None-Match": headers["ETag"]}) as response:
        by_etag = response.status
    async with session.get(GUIDE, headers={"If-Modified-Since": headers["Last-Modified"]}) as response:
        by_time = response.status
    async with session.get(GUIDE, headers={"If-None-Match": '"other"'}) as response:
        changed = response.status

    assert (by_etag, by_time, changed) == (304, 304, 200)


def test_missing_file_is_named(simulated_world):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.json"):
        create_simulator(simulated_world, files={"x": Path("nowhere.json")})


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_program_answers_and_stops_cleanly(number):
    environment = {**os.environ, "PYTHONPATH": str(settings.BASE_DIR)}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment, cwd=settings.BASE_DIR,
    ) as program:  # fmt: skip
        assert program.stdout is not None
        url = program.stdout.readline().strip()
        program.send_signal(number)
        _, errors = program.communicate(timeout=30)

    assert url.startswith("http://127.0.0.1:")
    assert (program.returncode, errors) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [["--port", "70000"], ["--speed", "-1"], ["--publish-every", "0"], ["--file", "no-equals-sign"]],
)
def test_command_refuses_impossible_arguments(arguments):
    with pytest.raises(CommandError, match=arguments[0]):
        call_command("simulate", *arguments)


def test_command_names_a_missing_file():
    with pytest.raises(CommandError, match=r"gone\.json"):
        call_command("simulate", "--port", "0", "--file", "tcgcsv/x=gone.json")


def test_endpoints_are_those_of_the_settings():
    assert set(ENDPOINTS) == set(settings.VENUE_URLS)
