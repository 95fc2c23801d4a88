import socket
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from arbsite.up.live import live_programs, wanted
from arbsite.up.programs import HOST, Program
from catalog.choices import InstrumentKind
from catalog.models import Venue
from scrapers.choices import LiveAdapter, MarketSide
from scrapers.models import LiveMarket

DEMO = {"has_demo": True}


@pytest.fixture(autouse=True)
def _nothing_configured(settings: Any) -> None:
    settings.CRYPTO_EXCHANGES = {
        code: {**exchange, "enabled": False} for code, exchange in settings.CRYPTO_EXCHANGES.items()
    }
    settings.ENABLE_MOCK_MARKETS = False


def programs(environment: dict[str, str], var: Path, **report: Any) -> dict[str, Program]:
    found = live_programs(report, environment, base=Path("/product"), var=var)
    return {program.name: program for program in found}


def market(*, is_enabled: bool) -> None:
    venue = Venue.objects.create(code="alpha", name="Alpha")
    LiveMarket.objects.create(
        code="alpha", venue=venue, kind=InstrumentKind.GIFT_CARD, adapter=LiveAdapter.JSON,
        side=MarketSide.SELL, is_enabled=is_enabled,
    )  # fmt: skip


def test_the_demo_runs_the_whole_desk_on_every_exchange(tmp_path: Path) -> None:
    environment: dict[str, str] = {}

    found = programs(environment, tmp_path, **DEMO)

    assert set(found) == {"ingest", "signals", "sink", "giftcards"}
    assert list(found["ingest"].argv)[1:] == ["/product/manage.py", "run_ingest"]
    enabled = [name for name, value in environment.items() if name.endswith("_ENABLED") and value == "true"]
    assert len(enabled) == len(django_settings.CRYPTO_EXCHANGES)


def test_what_somebody_set_is_kept(tmp_path: Path) -> None:
    environment = {"KRAKEN_ENABLED": "false", "ZMQ_ENDPOINT": "tcp://127.0.0.1:6000", "LOG_LEVEL": "DEBUG"}

    found = programs(environment, tmp_path, **DEMO)

    assert environment["KRAKEN_ENABLED"] == "false"
    assert environment["ZMQ_ENDPOINT"] == "tcp://127.0.0.1:6000"
    assert found["sink"].environment["LOG_LEVEL"] == "DEBUG"


def test_sources_stop_before_what_they_feed(tmp_path: Path) -> None:
    turns = {name: program.stop_turn for name, program in programs({}, tmp_path, **DEMO).items()}

    assert turns["ingest"] == turns["giftcards"] < turns["signals"] < turns["sink"]


def test_ticks_go_where_only_this_user_reaches_them(tmp_path: Path) -> None:
    environment: dict[str, str] = {}

    programs(environment, Path("/data"), **DEMO)

    assert environment["ZMQ_ENDPOINT"] == "ipc:///data/run/ticks.sock"


def test_a_data_folder_with_a_long_name_gets_a_port(tmp_path: Path) -> None:
    environment: dict[str, str] = {}

    programs(environment, Path("/data") / ("x" * 100), **DEMO)

    assert environment["ZMQ_ENDPOINT"].startswith("tcp://127.0.0.1:")


def test_health_pages_get_ports_of_their_own(tmp_path: Path, settings: Any) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings.INGEST_HEALTH_PORT = settings.SIGNALS_HEALTH_PORT = settings.SINK_HEALTH_PORT = port
        settings.GIFTCARDS_HEALTH_PORT = 0

        found = programs({}, tmp_path, **DEMO)

    ports = [found[name].environment[f"{name.upper()}_HEALTH_PORT"] for name in ("ingest", "signals", "sink")]
    assert len({*ports, str(port)}) == 4
    assert found["giftcards"].environment["GIFTCARDS_HEALTH_PORT"] == "0"


@pytest.mark.django_db
def test_without_a_demo_and_without_markets_nothing_runs(tmp_path: Path) -> None:
    environment: dict[str, str] = {}

    assert programs(environment, tmp_path) == {}
    assert environment == {}


@pytest.mark.django_db
def test_an_enabled_exchange_brings_the_crypto_desk(settings: Any) -> None:
    settings.CRYPTO_EXCHANGES["kraken"]["enabled"] = True

    assert wanted(has_demo=False, environment={}) == ["sink", "signals", "ingest"]


@pytest.mark.parametrize(
    ("environment", "is_wanted"),
    [({"MKT_ALPHA_URL": "https://a.example"}, True), ({"MKT_ALPHA_URL": ""}, False), ({}, False)],
)
@pytest.mark.django_db
def test_a_declared_gift_card_market_brings_the_gift_card_desk(
    environment: dict[str, str], is_wanted: bool
) -> None:
    assert wanted(has_demo=False, environment=environment) == (["sink", "giftcards"] if is_wanted else [])


def test_invented_markets_bring_the_gift_card_desk(settings: Any) -> None:
    settings.ENABLE_MOCK_MARKETS = True

    assert wanted(has_demo=False, environment={}) == ["sink", "giftcards"]


@pytest.mark.parametrize("is_enabled", [True, False])
@pytest.mark.django_db(transaction=True)
def test_a_market_of_staff_brings_the_gift_card_desk(is_enabled: bool) -> None:
    market(is_enabled=is_enabled)

    assert wanted(has_demo=False, environment={}) == (["sink", "giftcards"] if is_enabled else [])
