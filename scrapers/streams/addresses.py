"""Where each exchange is: its own address, the simulator's, or one from the environment."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings


class AddressInvalid(Exception):
    """An address from the environment is none."""


@dataclass(frozen=True, slots=True)
class StreamAddress:
    """Base addresses of one exchange, without a slash at the end.

    Args:
        ws_url: of the stream; the adapter's path follows.
        rest_url: of the REST interface.
    """

    ws_url: str
    rest_url: str


REAL: Final = {
    "binance": StreamAddress("wss://stream.binance.com:9443", "https://api.binance.com"),
    "coinbase": StreamAddress("wss://ws-feed.exchange.coinbase.com", "https://api.exchange.coinbase.com"),
    "kraken": StreamAddress("wss://ws.kraken.com", "https://api.kraken.com"),
    "okx": StreamAddress("wss://ws.okx.com:8443", "https://www.okx.com"),
    "bybit": StreamAddress("wss://stream.bybit.com", "https://api.bybit.com"),
}


def address_of(exchange: str) -> StreamAddress:
    """Return where an exchange is: `<EXCHANGE>_WS_URL`, else the simulator when there is one, else its own.

    Raises:
        AddressInvalid: naming the variable, if an address from the environment is none.
    """
    own = settings.CRYPTO_EXCHANGES[exchange]
    simulator = settings.VENUE_SIMULATOR_URL.rstrip("/")
    real = REAL[exchange]
    ws = f"ws{simulator.removeprefix('http')}/{exchange}_ws" if simulator else real.ws_url
    rest = f"{simulator}/{exchange}_rest" if simulator else real.rest_url
    return StreamAddress(
        _checked(f"{exchange.upper()}_WS_URL", own["ws_url"], ("ws", "wss")) or ws,
        _checked(f"{exchange.upper()}_REST_URL", own["rest_url"], ("http", "https")) or rest,
    )


def _checked(name: str, text: str, schemes: tuple[str, ...]) -> str:
    text = text.rstrip("/")
    parts = urlsplit(text)
    if text and not (parts.scheme in schemes and parts.hostname and not parts.query):
        msg = f"{name}: {text!r} is not a {' or '.join(schemes)} address"
        raise AddressInvalid(msg)
    return text
