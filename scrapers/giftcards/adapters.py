"""Which connector speaks with a market."""

from collections.abc import Callable, Mapping
from typing import Final

from scrapers.choices import LiveAdapter

from .bitrefill import BitrefillConnector
from .connector import Connector
from .json_desk import JsonConnector
from .market import Market
from .mock import MockConnector
from .reloadly import ReloadlyConnector

CONNECTORS: Final[Mapping[str, Callable[[Market], Connector]]] = {
    LiveAdapter.JSON: JsonConnector,
    LiveAdapter.RELOADLY: ReloadlyConnector,
    LiveAdapter.BITREFILL: BitrefillConnector,
    LiveAdapter.MOCK: MockConnector,
}
"""Adapter → connector; adapters of exchanges are not in here."""


def connector_for(market: Market) -> Connector:
    """Return the connector of a market.

    Raises:
        KeyError: if its adapter is one of an exchange.
    """
    return CONNECTORS[market.adapter](market)
