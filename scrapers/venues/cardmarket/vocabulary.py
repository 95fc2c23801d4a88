"""Cardmarket's words for games, conditions and kinds of products, and ours."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from catalog.choices import Category
from pricing.choices import Condition

SOURCE: Final = "cardmarket"
NAME_SPACE: Final = "mcm"
CURRENCY: Final = "EUR"


@dataclass(frozen=True, slots=True)
class Game:
    """One of our games, by its number at Cardmarket."""

    category: str
    number: int
    name: str


GAMES: Final = (
    Game(Category.MTG.value, 1, "Magic"),
    Game(Category.YUGIOH.value, 3, "Yu-Gi-Oh!"),
    Game(Category.POKEMON.value, 6, "Pokémon"),
)

# Cardmarket grades finer at the top; PL and LP are both what others call heavily played.
CONDITIONS: Final[Mapping[str, Condition]] = {
    "MT": Condition.NEAR_MINT,
    "NM": Condition.NEAR_MINT,
    "EX": Condition.LIGHTLY_PLAYED,
    "GD": Condition.MODERATELY_PLAYED,
    "LP": Condition.HEAVILY_PLAYED,
    "PL": Condition.HEAVILY_PLAYED,
    "PO": Condition.DAMAGED,
}

SEALED_KINDS: Final[Mapping[int, str]] = {
    2: "booster_pack",
    7: "booster_box",
    8: "box_set",
    17: "bundle",
    18: "deck",
    32: "deck",
    52: "booster_pack",
    53: "booster_box",
    1016: "elite_trainer_box",
}
"""Category number -> kind, for the categories that mean one kind only."""


def games_of(categories: Collection[str]) -> tuple[Game, ...]:
    """Return the games of our categories; all of them for none."""
    return tuple(game for game in GAMES if not categories or game.category in categories)
