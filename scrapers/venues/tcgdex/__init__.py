"""TCGdex, an open database of Pokémon cards, with TCGplayer's and Cardmarket's prices of each card.

Its sets list their cards in brief, which makes the catalogue; prices, rarity and versions are only in each
card's own document. There is no bulk file, and its GraphQL interface knows no prices, so that at one request
in two seconds all 20,000 cards would take eleven hours: each run reads a bounded number of cards, those that
were not read for longest, and the catalogue gains their details as it goes.
"""

from .documents import SOURCES, parse_card, parse_set, parse_sets
from .feed import TcgdexFeed

__all__ = ["SOURCES", "TcgdexFeed", "parse_card", "parse_set", "parse_sets"]
