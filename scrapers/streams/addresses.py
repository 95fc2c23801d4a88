"""Where each exchange is: its own address, the simulator's, or one from the environment."""

from dataclasses import dataclass
from ipaddress import ip_address
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
        proxy: egress proxy both are asked through; None for none.
    """

    ws_url: str
    rest_url: str
    proxy: str | None = None


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
    ws = _checked(f"{exchange.upper()}_WS_URL", str(own["ws_url"]), ("ws", "wss")) or ws
    rest = _checked(f"{exchange.upper()}_REST_URL", str(own["rest_url"]), ("http", "https")) or rest
    return StreamAddress(ws, rest, None if _is_private(ws) else settings.SCRAPING_PROXY or None)


def _is_private(url: str) -> bool:
    """Tell whether an address is of this machine or network; a proxy outside could not reach it."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost"


def _checked(name: str, text: str, schemes: tuple[str, ...]) -> str:
    text = text.rstrip("/")
    parts = urlsplit(text)
    if text and not (parts.scheme in schemes and parts.hostname and not parts.query):
        msg = f"{name}: {text!r} is not a {' or '.join(schemes)} address"
        raise AddressInvalid(msg)
    return text
