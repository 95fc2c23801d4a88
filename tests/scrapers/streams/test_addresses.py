"""Where an exchange is: the environment's word, the simulator, its own address."""

from typing import Any

import pytest

from scrapers.streams.addresses import REAL, AddressInvalid, StreamAddress, address_of
from scrapers.streams.exchanges import EXCHANGES


@pytest.fixture
def plain(settings: Any) -> Any:
    settings.VENUE_SIMULATOR_URL = ""
    settings.SCRAPING_PROXY = ""
    settings.CRYPTO_EXCHANGES = {code: {"ws_url": "", "rest_url": ""} for code in EXCHANGES}
    return settings


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_own_address_is_the_default(plain: Any, exchange: str):
    address = address_of(exchange)

    assert address == REAL[exchange]
    assert address.ws_url.startswith("wss://")


def test_simulator_serves_every_exchange_below_its_endpoint(plain: Any):
    plain.VENUE_SIMULATOR_URL = "http://127.0.0.1:8900"

    assert address_of("binance") == StreamAddress(
        "ws://127.0.0.1:8900/binance_ws", "http://127.0.0.1:8900/binance_rest"
    )
    plain.VENUE_SIMULATOR_URL = "https://simulator.test/"
    assert address_of("kraken").ws_url == "wss://simulator.test/kraken_ws"


def test_environment_wins_over_the_simulator(plain: Any):
    plain.VENUE_SIMULATOR_URL = "http://127.0.0.1:8900"
    plain.CRYPTO_EXCHANGES["okx"]["ws_url"] = "wss://wsaws.okx.com:8443/"

    assert address_of("okx").ws_url == "wss://wsaws.okx.com:8443"


def test_proxy_is_for_what_is_outside(plain: Any):
    plain.SCRAPING_PROXY = "http://proxy.test:3128"

    assert address_of("okx").proxy == "http://proxy.test:3128"
    plain.VENUE_SIMULATOR_URL = "http://127.0.0.1:8900"
    assert address_of("okx").proxy is None


@pytest.mark.parametrize("url", ["http://example.test", "wss://", "nonsense", "wss://example.test/?key=1"])
def test_address_that_is_none_names_its_variable(plain: Any, url: str):
    plain.CRYPTO_EXCHANGES["okx"]["ws_url"] = url

    with pytest.raises(AddressInvalid, match="OKX_WS_URL"):
        address_of("okx")
