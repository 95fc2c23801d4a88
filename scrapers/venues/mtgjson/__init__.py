"""MTGJSON's daily build: the whole Magic catalogue, and today's prices of three shops by MTGJSON uuid."""

from .feed import MtgjsonFeed
from .prices import SOURCES, parse_prices

__all__ = ["SOURCES", "MtgjsonFeed", "parse_prices"]
