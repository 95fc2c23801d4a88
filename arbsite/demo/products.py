"""The packs, decks and sealed products of one invented set."""

from collections.abc import Mapping, Sequence

from .market import Card, Contents, Deck, DemoSet, Maker, Pack, Scale, Sealed, Sheet, make_cards
from .themes import Theme

DECK_SIZE = 60


def make_set(maker: Maker, theme: Theme, scale: Scale, *, released_on: str) -> DemoSet:
    """Make one whole set: 24 sealed products around its cards."""
    cards = make_cards(maker, theme, scale)
    packs = make_packs(cards)
    decks = make_decks(maker, theme, cards)
    sealed = _SealedMaker(maker, theme, cards, packs, decks).make()
    return DemoSet(theme.code, theme.name, released_on, cards, packs, tuple(decks.values()), sealed)


def by_rarity(cards: Sequence[Card], rarity: str) -> list[Card]:
    """Return the cards of a rarity in collector order; lands count as none."""
    return [card for card in cards if card.rarity == rarity and card.foil_factor > 0]


def lands(cards: Sequence[Card]) -> list[Card]:
    """Return the lands, the only cards without a foil."""
    return [card for card in cards if card.foil_factor == 0]


def make_packs(cards: Sequence[Card]) -> tuple[Pack, ...]:
    """Make the draft, play and collector boosters."""
    common, uncommon, rare, mythic = (
        by_rarity(cards, name) for name in ("common", "uncommon", "rare", "mythic")
    )
    commons = Sheet("common", dict.fromkeys(common, 1))
    uncommons = Sheet("uncommon", dict.fromkeys(uncommon, 1))
    rares = Sheet("rareMythic", {**dict.fromkeys(rare, 2), **dict.fromkeys(mythic, 1)})
    ground = Sheet("land", dict.fromkeys(lands(cards), 1))
    foils = Sheet(
        "foil",
        {
            **dict.fromkeys(common, 12),
            **dict.fromkeys(uncommon, 6),
            **dict.fromkeys(rare, 2),
            **dict.fromkeys(mythic, 1),
        },
        is_foil=True,
    )
    foil_uncommons = Sheet("foilUncommon", dict.fromkeys(uncommon, 1), is_foil=True)
    foil_rares = Sheet("foilRareMythic", {**dict.fromkeys(rare, 4), **dict.fromkeys(mythic, 1)}, is_foil=True)
    return (
        Pack(
            "draft",
            (commons, uncommons, rares, ground, foils),
            (
                ({"common": 10, "uncommon": 3, "rareMythic": 1, "land": 1}, 3),
                ({"common": 9, "uncommon": 3, "rareMythic": 1, "land": 1, "foil": 1}, 1),
            ),
        ),
        Pack(
            "play",
            (commons, uncommons, rares, ground, foils),
            (
                ({"common": 7, "uncommon": 3, "rareMythic": 1, "land": 1, "foil": 1}, 7),
                ({"common": 6, "uncommon": 3, "rareMythic": 2, "land": 1, "foil": 1}, 1),
            ),
        ),
        Pack(
            "collector",
            (uncommons, rares, foil_uncommons, foil_rares),
            (({"uncommon": 4, "rareMythic": 4, "foilUncommon": 3, "foilRareMythic": 2}, 1),),
        ),
    )


def make_decks(maker: Maker, theme: Theme, cards: Sequence[Card]) -> dict[str, Deck]:
    """Make four strong decks, five sample decks, two starters, a land pack and a drop of foils."""
    chance = maker.random
    common, uncommon, rare, mythic = (
        by_rarity(cards, name) for name in ("common", "uncommon", "rare", "mythic")
    )
    decks: dict[str, Deck] = {}

    def add(name: str, kind: str, picks: list[tuple[Card, int, bool]]) -> None:
        copies = sum(count for _, count, _ in picks)
        grounds = lands(cards)
        missing = max(DECK_SIZE - copies, 0) if kind != "Land Pack" else 0
        fill = [(land, missing // 4 + (index < missing % 4), False) for index, land in enumerate(grounds)]
        decks[name] = Deck(name, kind, tuple(picks + [line for line in fill if line[1]]))

    for position, name in enumerate(theme.decks):
        leader = mythic[position % len(mythic)]
        picks = [(leader, 1, True)]
        picks += [(card, 1, False) for card in chance.sample(rare, 7)]
        picks += [(card, 2, False) for card in chance.sample(uncommon, 6)]
        picks += [(card, 2, False) for card in chance.sample(common, 10)]
        add(name, "Commander Deck", picks)
    for letter in "ABCDE":
        picks = [(chance.choice(rare), 1, False)]
        picks += [(card, 2, False) for card in chance.sample(uncommon, 4)]
        picks += [(card, 2, False) for card in chance.sample(common, 8)]
        add(f"{theme.name} Sample Deck {letter}", "Sample Deck", picks)
    for colour in ("Dawn", "Dusk"):
        picks = [(card, 1, False) for card in chance.sample(rare, 4)]
        picks += [(card, 2, False) for card in chance.sample(uncommon, 6)]
        picks += [(card, 2, False) for card in chance.sample(common, 10)]
        add(f"{theme.name} {colour} Starter", "Starter Deck", picks)
    add(f"{theme.name} Land Pack", "Land Pack", [(land, 5, False) for land in lands(cards)])
    drop = [(card, 1, True) for card in chance.sample(rare, 3) + chance.sample(mythic, 1)]
    decks[f"{theme.name} Foil Drop"] = Deck(f"{theme.name} Foil Drop", "Box Set", tuple(drop))
    return decks


class _SealedMaker:
    """Makes the sealed products of one set, smallest first, so that boxes can name their packs."""

    def __init__(
        self,
        maker: Maker,
        theme: Theme,
        cards: Sequence[Card],
        packs: Sequence[Pack],
        decks: Mapping[str, Deck],
    ) -> None:
        self.maker, self.theme, self.cards, self.decks = maker, theme, cards, decks
        self.packs = {pack.code: pack for pack in packs}
        self.products: list[Sealed] = []

    def make(self) -> tuple[Sealed, ...]:
        """Make all of them."""
        boosters = self.make_boosters()
        self.make_bundles(boosters)
        self.make_deck_products()
        return tuple(self.products)

    def add(self, name: str, category: str, subtype: str, contents: Contents) -> Sealed:
        """Add one product named after the set."""
        product = Sealed(
            uuid=self.maker.uuid("sealed", self.theme.code, name),
            external_id=self.maker.external_id(),
            name=f"{self.theme.name} {name}",
            set_code=self.theme.code,
            category=category,
            subtype=subtype,
            contents=contents,
        )
        self.products.append(product)
        return product

    def make_boosters(self) -> dict[str, Sealed]:
        """Make pack, box and case of each kind of booster."""
        packs: dict[str, Sealed] = {}
        for code, per_box, per_case in (("draft", 36, 6), ("play", 30, 6), ("collector", 12, 4)):
            title = code.capitalize()
            pack = self.add(
                f"{title} Booster Pack", "booster_pack", code, Contents(packs=(self.packs[code],))
            )
            box = self.add(f"{title} Booster Box", "booster_box", code, Contents(sealed=((pack, per_box),)))
            self.add(f"{title} Booster Box Case", "booster_case", code, Contents(sealed=((box, per_case),)))
            packs[code] = pack
        return packs

    def make_bundles(self, boosters: Mapping[str, Sealed]) -> None:
        """Make what mixes boosters with promos and things that are not cards."""
        chance = self.maker.random
        rare, mythic = by_rarity(self.cards, "rare"), by_rarity(self.cards, "mythic")
        land_pack = self.decks[f"{self.theme.name} Land Pack"]
        die = f"{self.theme.name} Spindown Die"
        bundle = self.add(
            "Bundle",
            "bundle",
            "default",
            Contents(
                cards=((chance.choice(rare), True),),
                decks=(land_pack,),
                sealed=((boosters["play"], 8),),
                others=(die,),
            ),
        )
        self.add("Bundle Case", "bundle_case", "default", Contents(sealed=((bundle, 6),)))
        self.add(
            "Gift Bundle",
            "bundle",
            "gift_bundle",
            Contents(
                cards=((chance.choice(mythic), True),),
                decks=(land_pack,),
                sealed=((boosters["play"], 8), (boosters["collector"], 1)),
                others=(die, f"{self.theme.name} Storage Box"),
            ),
        )
        self.add(
            "Prerelease Pack",
            "limited",
            "prerelease",
            Contents(sealed=((boosters["draft"], 6),), one_of=tuple(chance.sample(rare, 6)), others=(die,)),
        )
        self.add(
            "Three-Booster Blister",
            "booster_pack",
            "draft_set",
            Contents(cards=((chance.choice(rare), True),), sealed=((boosters["draft"], 3),)),
        )
        self.add(
            "Lucky Dip",
            "booster_pack",
            "promotional",
            Contents(one_of=tuple(chance.sample(rare, 8) + mythic[:2])),
        )

    def make_deck_products(self) -> None:
        """Make the decks on their own and boxed together."""
        theme = self.theme
        singles = [
            self.add(f"Warband Deck: {name}", "deck", "commander", Contents(decks=(self.decks[name],)))
            for name in theme.decks
        ]
        self.add(
            "Warband Deck Set of 4",
            "deck_box",
            "commander",
            Contents(sealed=tuple((deck, 1) for deck in singles)),
        )
        starters = tuple(self.decks[f"{theme.name} {colour} Starter"] for colour in ("Dawn", "Dusk"))
        self.add("Starter Kit", "multi_deck", "two_player_starter", Contents(decks=starters))
        self.add(
            "Duel Box",
            "multi_deck",
            "duel",
            Contents(
                decks=(self.decks[theme.decks[0]], self.decks[theme.decks[1]]), others=("Two life counters",)
            ),
        )
        samples = tuple(self.decks[f"{theme.name} Sample Deck {letter}"] for letter in "ABCDE")
        self.add("Sample Deck", "deck", "starter", Contents(one_of=samples))
        self.add(
            "Foil Drop", "box_set", "secret_lair", Contents(decks=(self.decks[f"{theme.name} Foil Drop"],))
        )
