"""pokemontcg.io: Pokémon cards in pages of 250, with TCGplayer's and Cardmarket's prices and their day.

Zero and absent prices stand for none. Its card ids are TCGdex's where the two agree, mostly in older sets; a
card whose id nobody knows is handed to staff and never made a product, because newer sets would appear twice.
A key (POKEMONTCG_API_KEY) raises the limits and may be absent.
"""

from .feed import PokemonTcgFeed
from .pages import SOURCES, parse_page

__all__ = ["SOURCES", "PokemonTcgFeed", "parse_page"]
