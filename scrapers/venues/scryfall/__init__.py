"""Scryfall's daily export of every Magic card: identifiers, and prices of TCGplayer and Cardmarket.

`/bulk-data` names the files. Since July 2026 they are gzipped JSON lines (`jsonl_download_uri`); an array of
cards (`download_uri`) is read too. Prices are text or null, change once a day and are dangerously stale after
another; a file is fetched at most every 24 hours. The data may not stand behind a paywall and its use implies
no endorsement: the attribution travels with the source's prices.
"""

from .cards import SOURCES, BulkFile, parse_articles, parse_index, parse_prices
from .feed import ScryfallFeed

__all__ = ["SOURCES", "BulkFile", "ScryfallFeed", "parse_articles", "parse_index", "parse_prices"]
