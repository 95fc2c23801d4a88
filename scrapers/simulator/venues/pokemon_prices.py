"""What the two Pokémon databases repeat of TCGplayer's and Cardmarket's prices, as of the newest edition."""

from datetime import datetime, timedelta
from typing import Final

from scrapers.simulator.answers import published_at
from scrapers.simulator.market import Market
from scrapers.simulator.state import Simulator
from scrapers.simulator.world import FOIL, SimulatedArticle, SimulatedSet, Venue

PUBLISHED_AT: Final = timedelta(hours=6)


def edition_time(simulator: Simulator) -> datetime:
    """Return when the newest edition came out."""
    return published_at(simulator.now(), period=simulator.publication, offset=PUBLISHED_AT)


def sets(simulator: Simulator) -> list[SimulatedSet]:
    """Return the sets of the game that hold cards with ids."""
    return [one for one in simulator.world.sets if one.category == "pokemon" and any(cards_of(one))]


def cards_of(one: SimulatedSet) -> list[SimulatedArticle]:
    """Return the cards of a set that have ids."""
    return [article for article in one.cards if "tcgdex" in article.ids]


def set_id(one: SimulatedSet) -> str:
    """Return a set's id: what its cards' ids begin with."""
    return cards_of(one)[0].ids["tcgdex"].rpartition("-")[0]


def markets(simulator: Simulator, article: SimulatedArticle, venue: Venue, at: datetime) -> dict[str, Market]:
    """Return a venue's markets in the finishes of a card, empty if it does not list it."""
    if venue not in article.prices:
        return {}
    return {
        "foil" if finish == FOIL else "plain": Market(simulator.world, article, venue, at=at, finish=finish)
        for finish in article.finishes
    }
