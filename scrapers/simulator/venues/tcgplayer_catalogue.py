"""TCGplayer's catalogue as its API, its site and the mirror tcgcsv.com share it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from scrapers.simulator.market import Market
from scrapers.simulator.state import Simulator
from scrapers.simulator.walks import number_of, share_of
from scrapers.simulator.world import FOIL, NONFOIL, SimulatedArticle, SimulatedSet, Venue

VENUE: Final = Venue.TCGPLAYER


@dataclass(frozen=True, slots=True)
class Line:
    """One product line (category): its number, names, and what its finishes are called."""

    number: int
    name: str
    display_name: str
    slug: str
    printings: Mapping[str, str]


LINES: Final[Mapping[str, Line]] = MappingProxyType(
    {
        "mtg": Line(1, "Magic", "Magic: The Gathering", "magic", {NONFOIL: "Normal", FOIL: "Foil"}),
        "yugioh": Line(2, "YuGiOh", "YuGiOh", "yugioh", {NONFOIL: "Unlimited", FOIL: "1st Edition"}),
        "pokemon": Line(3, "Pokemon", "Pokemon", "pokemon", {NONFOIL: "Normal", FOIL: "Holofoil"}),
    }
)
GAMES: Final[Mapping[int, str]] = MappingProxyType({line.number: game for game, line in LINES.items()})
CONDITIONS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "Near Mint": 1, "Lightly Played": 2, "Moderately Played": 3, "Heavily Played": 4, "Damaged": 5,
        "Unopened": 6,
    }
)  # fmt: skip
CARD_GRADES: Final = ("Near Mint", "Lightly Played", "Moderately Played")
RARITY_LETTERS: Final = {"common": "C", "uncommon": "U", "rare": "R", "mythic": "M"}


def groups_of(simulator: Simulator, category: str) -> list[SimulatedSet]:
    """Return the groups (sets) of a category in the order of the world."""
    return [one for one in simulator.world.sets if one.category == category]


def group(simulator: Simulator, number: int) -> SimulatedSet | None:
    """Return a group by its number, or None."""
    return next((one for one in simulator.world.sets if one.group_id == number), None)


def listed(articles: tuple[SimulatedArticle, ...]) -> list[SimulatedArticle]:
    """Return the articles TCGplayer lists."""
    return [one for one in articles if VENUE in one.prices and "tcgplayer" in one.ids]


def product_number(article: SimulatedArticle) -> int:
    """Return an article's product number."""
    return int(article.ids["tcgplayer"])


def finishes_of(article: SimulatedArticle) -> tuple[str, ...]:
    """Return the finishes that have a price of their own."""
    return (NONFOIL,) if article.is_sealed else article.finishes


def printing(article: SimulatedArticle, finish: str) -> str:
    """Return what TCGplayer calls a finish of an article."""
    return "Normal" if article.is_sealed else LINES[article.category].printings[finish]


def grades(article: SimulatedArticle) -> tuple[str, ...]:
    """Return the conditions an article is sold in."""
    return ("Unopened",) if article.is_sealed else CARD_GRADES


def sku_number(article: SimulatedArticle, finish: str, condition: str) -> int:
    """Return the SKU (productConditionId) of a finish in a condition."""
    return 10_000_000 + number_of(article.key, finish, condition, "sku", below=89_999_999)


def skus(article: SimulatedArticle) -> list[tuple[int, str, str]]:
    """Return (SKU, finish, condition) of everything an article is sold as."""
    return [
        (sku_number(article, finish, condition), finish, condition)
        for finish in finishes_of(article)
        for condition in grades(article)
    ]


def market(simulator: Simulator, article: SimulatedArticle, finish: str, at: datetime) -> Market:
    """Return TCGplayer's market in an article and finish."""
    return Market(simulator.world, article, VENUE, at=at, finish=finish)


def price_row(
    simulator: Simulator, article: SimulatedArticle, finish: str, at: datetime
) -> dict[str, object]:
    """Return a row of statistics as v1.39 and tcgcsv print it, in USD. Unsold articles have nulls."""
    shown = market(simulator, article, finish, at).statistics()
    is_direct = share_of(article.key, finish, "direct") < 0.5
    direct = None if shown.low is None or not is_direct else (shown.low * Decimal("1.12")).quantize(shown.low)
    return {
        "productId": product_number(article),
        "lowPrice": shown.low,
        "midPrice": shown.mid,
        "highPrice": shown.high,
        "marketPrice": shown.market or None,
        "directLowPrice": direct,
        "subTypeName": printing(article, finish),
    }


def url_name(text: str) -> str:
    """Return a name as it stands in addresses."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in text.lower()).split())
