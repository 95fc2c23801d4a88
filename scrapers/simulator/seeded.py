"""A built-in world of three invented games, for tests and for trying the simulator without a database."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from .walks import chance_of
from .world import FOIL, NONFOIL, SimulatedArticle, Venue, World

NAMESPACE: Final = uuid5(NAMESPACE_URL, "https://arbsite.invalid/simulator")
SIZES: Final = {"tiny": (1, 6), "small": (2, 14), "medium": (6, 60), "large": (30, 300)}
"""Size -> (sets of each game, cards of each set)."""

GAMES: Final = ("mtg", "pokemon", "yugioh")
_ADJECTIVES: Final = (
    "Brass",
    "Drowsy",
    "Gilded",
    "Hollow",
    "Lunar",
    "Mossy",
    "Quiet",
    "Salted",
    "Tin",
    "Wry",
)
_NOUNS: Final = ("Archivist", "Badger", "Cartwheel", "Drake", "Ferryman", "Gargoyle", "Heron", "Lantern",
                 "Mason", "Otter", "Prophet", "Weaver")  # fmt: skip
_PLACES: Final = ("Harbour", "Orchard", "Foundry", "Causeway", "Observatory", "Marsh", "Bazaar", "Citadel")
_RARITIES: Final = {
    "common": (0.05, 0.4), "uncommon": (0.2, 1.5), "rare": (1.0, 12.0), "mythic": (6.0, 60.0),
}  # fmt: skip
_SEALED: Final = (
    ("Play Booster Pack", "booster_pack", "play", 4.5),
    ("Play Booster Box", "booster_box", "play", 128.0),
    ("Bundle", "bundle", "default", 42.0),
)
_VENUE_FACTORS: Final = {
    Venue.CARDMARKET: 0.92, Venue.TCGPLAYER: 1.08, Venue.CARDKINGDOM: 1.22, Venue.EBAY: 1.1,
    Venue.AMAZON: 1.25,
}  # fmt: skip


def seeded_world(seed: int = 7, size: str = "small", *, liveliness: float = 1.0) -> World:
    """Build an invented world: sets of cards and sealed products of Magic, Pokémon and Yu-Gi-Oh!.

    Args:
        seed: the same seed gives the same world, down to every id.
        size: one of `SIZES`; `small` has about a hundred articles.
        liveliness: see `World`.

    Raises:
        ValueError: for a size there is not.
    """
    if size not in SIZES:
        raise ValueError(f"there is no size {size!r}; there are {', '.join(SIZES)}")
    maker = _Maker(seed)
    sets, cards = SIZES[size]
    articles = [
        article for game in GAMES for index in range(sets) for article in maker.make_set(game, index, cards)
    ]
    return World(articles=tuple(articles), seed=seed, liveliness=liveliness)


class _Maker:
    """Hands out ids in one fixed order, which makes the world deterministic."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.number = 0

    def make_set(self, game: str, index: int, cards: int) -> Iterator[SimulatedArticle]:
        """Make the cards, then the sealed products of one set."""
        chance = chance_of(self.seed, game, index)
        code = f"{game[0].upper()}{'QXZ'[index % 3]}{index:X}"
        name = f"{_ADJECTIVES[index % 10]} {_PLACES[(index + len(game)) % 8]} {index // 8 + 1}"
        released_on = date(2025, 1, 17) + timedelta(weeks=6 * (index % 10))
        place = (game, code, name, released_on)
        for number in range(1, cards + 1):
            yield self.make_card(place, number, chance)
        for title, kind, subtype, price in _SEALED:
            yield self.make_sealed(place, (title, kind, subtype, price * chance.uniform(0.7, 1.4)), chance)

    def make_card(self, place: tuple[str, str, str, date], number: int, chance: Random) -> SimulatedArticle:
        """Make one printing; every fourth card is a common, as many are mythic as rare."""
        game, code, set_name, released_on = place
        rarity = tuple(_RARITIES)[(number - 1) % 4]
        price = chance.uniform(*_RARITIES[rarity])
        name = f"{_ADJECTIVES[number % 10]} {_NOUNS[(number * 7 + number // 10) % 12]} {self._roman(number)}"
        finishes = (NONFOIL, FOIL) if number % 5 else (NONFOIL,)
        return SimulatedArticle(
            key=f"{code}-{number}",
            name=name.strip(),
            category=game,
            set_name=set_name,
            set_code=code,
            is_sealed=False,
            number=str(number),
            rarity=rarity,
            finishes=finishes,
            foil_factor=round(chance.uniform(1.4, 2.6), 2),
            released_on=released_on,
            prices=self._prices(price, is_magic=game == "mtg", is_sealed=False),
            ids=self._ids(game, code, number, finishes=finishes),
            volatility=round(chance.uniform(0.01, 0.03), 4),
            sellers=chance.randint(4, 40),
            stock=chance.randint(40, 160),
            sales_per_day=round(chance.uniform(0.3, 3.0), 2),
            shipping={Venue.TCGPLAYER: 1.31, Venue.CARDMARKET: 1.15, Venue.EBAY: 1.6},
        )

    def make_sealed(
        self, place: tuple[str, str, str, date], line: tuple[str, str, str, float], chance: Random
    ) -> SimulatedArticle:
        """Make one sealed product."""
        game, code, set_name, released_on = place
        title, kind, subtype, price = line
        return SimulatedArticle(
            key=f"{code}-{kind}",
            name=f"{set_name} {title}",
            category=game,
            set_name=set_name,
            set_code=code,
            is_sealed=True,
            released_on=released_on,
            sealed_kind=kind,
            sealed_subtype=subtype,
            prices=self._prices(price, is_magic=game == "mtg", is_sealed=True),
            ids=self._ids(game, code, kind, finishes=(NONFOIL,), is_sealed=True),
            volatility=round(chance.uniform(0.008, 0.02), 4),
            sellers=chance.randint(3, 25),
            stock=chance.randint(30, 90),
            sales_per_day=round(chance.uniform(0.5, 4.0), 2),
            shipping={Venue.TCGPLAYER: 4.99, Venue.CARDMARKET: 4.9, Venue.EBAY: 6.5},
        )

    def _prices(self, euros: float, *, is_magic: bool, is_sealed: bool) -> dict[Venue, float]:
        return {
            venue: round(max(euros * factor, 0.05), 2)
            for venue, factor in _VENUE_FACTORS.items()
            if not (venue is Venue.AMAZON and not is_sealed)
            and not (venue is Venue.CARDKINGDOM and not is_magic)
        }

    def _ids(
        self, game: str, code: str, number: object, *, finishes: tuple[str, ...], is_sealed: bool = False
    ) -> dict[str, str]:
        """Return the ids of one article in every name space that knows it; numbers are above real ones."""
        self.number += 1
        count = self.number
        ids = {"mcm": str(980_000_000 + count), "tcgplayer": str(970_000_000 + count)}
        ids["epid"] = str(28_000_000_000 + count)
        if is_sealed:
            ids["asin"] = f"B0{count:08d}"
            ids["gtin"] = f"{8_200_000_000_000 + count:013d}"
        if game == "mtg":
            ids["mtgjson"] = str(uuid5(NAMESPACE, f"{self.seed}/{code}/{number}"))
            ids["ck"] = str(960_000_000 + 2 * count)
            if FOIL in finishes:
                ids["ck_foil"] = str(960_000_001 + 2 * count)
            if not is_sealed:
                ids["scryfall"] = str(uuid5(NAMESPACE, f"{self.seed}/scryfall/{code}/{number}"))
        elif not is_sealed:
            ids["tcgdex" if game == "pokemon" else "ygoprodeck"] = (
                f"{code.lower()}-{number}" if game == "pokemon" else str(95_000_000 + count)
            )
        return ids

    def _roman(self, number: int) -> str:
        return "I" * (number // 60) if number >= 60 else ""
