"""TCGdex, an open database of Pokémon cards, with TCGplayer's and Cardmarket's prices of each card.

Products are made from TCGplayer's catalogue; here they are only matched. A card's own document names its
TCGplayer and Cardmarket ids, so that it joins the product and brings it the `tcgdex` id, by which prices and
the briefs that sets list of their cards find it. There is no bulk file, and the GraphQL interface knows no
prices, so that at one request in two seconds all 20,000 cards would take eleven hours: each run reads a
bounded number of cards, those that were not read for longest.
"""

from .documents import SOURCES, parse_card, parse_set, parse_sets
from .feed import TcgdexFeed

__all__ = ["SOURCES", "TcgdexFeed", "parse_card", "parse_set", "parse_sets"]
