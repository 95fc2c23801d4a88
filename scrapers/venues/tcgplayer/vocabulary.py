"""TCGplayer's words for games, versions and conditions, and ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from catalog.choices import Category
from pricing.choices import Condition
from pricing.importers.tcgcsv import FINISHES

SOURCE: Final = "tcgplayer"
CURRENCY: Final = "USD"  # the venue's documentation: every amount is in US dollars


@dataclass(frozen=True, slots=True)
class Game:
    """One of our games at TCGplayer: its number there, its name, and its name in addresses."""

    category: str
    number: int
    name: str
    url_name: str


GAMES: Final = (
    Game(Category.MTG.value, 1, "Magic", "magic"),
    Game(Category.YUGIOH.value, 2, "YuGiOh", "yugioh"),
    Game(Category.POKEMON.value, 3, "Pokemon", "pokemon"),
)
DEAD_CATEGORIES: Final = frozenset({21, 69, 70})  # dead, or thousands of empty groups: never asked for

CONDITIONS: Final[Mapping[str, Condition]] = {
    "Near Mint": Condition.NEAR_MINT,
    "Lightly Played": Condition.LIGHTLY_PLAYED,
    "Moderately Played": Condition.MODERATELY_PLAYED,
    "Heavily Played": Condition.HEAVILY_PLAYED,
    "Damaged": Condition.DAMAGED,
    "Unopened": Condition.UNOPENED,
}
CONDITION_NUMBERS: Final[Mapping[int, Condition]] = dict(enumerate(CONDITIONS.values(), 1))
ENGLISH: Final = "English"
ENGLISH_NUMBER: Final = 1

# The first words of a name that tell the kind of a sealed product, in MTGJSON's vocabulary where it has one.
_KINDS: Final = (
    (" case", "booster_case"),
    ("booster box", "booster_box"),
    ("booster display", "booster_box"),
    ("elite trainer box", "elite_trainer_box"),
    ("bundle", "bundle"),
    ("fat pack", "bundle"),
    ("blister", "blister"),
    ("booster pack", "booster_pack"),
    (" deck", "deck"),
    (" tin", "tin"),
    ("collection", "box_set"),
    (" box", "box_set"),
    (" pack", "booster_pack"),
)


def finish_of(printing: str, *, is_sealed: bool = False) -> str | None:
    """Return the finish a printing's name stands for; None if we do not know the name.

    A sealed product has no finish: the empty text.
    """
    if is_sealed:
        return ""
    finish = FINISHES.get(printing)
    return None if finish is None else finish.value


def sealed_kind(name: str) -> str:
    """Return what kind of sealed product a name tells of; empty if it does not."""
    words = f" {name.casefold()}"
    return next((kind for phrase, kind in _KINDS if phrase in words), "")


def games_of(categories: object) -> tuple[Game, ...]:
    """Return the games of our categories; all of them for none."""
    wanted = set(categories) if isinstance(categories, list | tuple | set | frozenset) else set()
    return tuple(game for game in GAMES if not wanted or game.category in wanted)
