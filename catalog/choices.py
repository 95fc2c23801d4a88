"""The closed lists of the catalogue."""

from django.db import models


class ProductType(models.TextChoices):
    """Whether an article is a sealed product or one printing of a card."""

    SEALED = "sealed", "Sealed"
    SINGLE = "single", "Single"


class Category(models.TextChoices):
    """The game an article belongs to."""

    MTG = "mtg", "Magic: The Gathering"
    POKEMON = "pokemon", "Pokémon"
    YUGIOH = "yugioh", "Yu-Gi-Oh!"


class Finish(models.TextChoices):
    """The surface or edition of a card; it changes the price, not the printing."""

    NONFOIL = "nonfoil", "Non-foil"
    FOIL = "foil", "Foil"
    ETCHED = "etched", "Etched foil"
    GLOSSY = "glossy", "Glossy"
    SIGNED = "signed", "Signed"
    REVERSE = "reverse", "Reverse holofoil"
    FIRST_EDITION = "first_ed", "1st Edition"
    FIRST_EDITION_FOIL = "first_foil", "1st Edition holofoil"


class ContentKind(models.TextChoices):
    """What one line of a sealed product's contents is."""

    CARD = "card", "Card"
    DECK = "deck", "Deck"
    PACK = "pack", "Booster pack"
    SEALED = "sealed", "Sealed product"
    OTHER = "other", "Other item"


class PullBasis(models.TextChoices):
    """What the trials of a random line are counted per."""

    PER_PRODUCT = "per_product", "Per product"
    PER_PACK = "per_pack", "Per pack"


class MappingSource(models.TextChoices):
    """Who wrote a row of the flattened mapping."""

    CONTENTS = "contents", "Contents graph"
    STAFF = "staff", "Staff"


class Board(models.TextChoices):
    """The part of a deck a card belongs to."""

    MAIN = "main", "Main board"
    SIDE = "side", "Sideboard"
    COMMANDER = "commander", "Commander"
    PLANES = "planes", "Planes"
    SCHEMES = "schemes", "Schemes"


class VenueKind(models.TextChoices):
    """What kind of place a venue is."""

    MARKETPLACE = "marketplace", "Marketplace"
    STORE = "store", "Store"
    DISTRIBUTOR = "distributor", "Distributor"
    GIFT_CARD_DESK = "giftcard", "Gift-card desk"
    EXCHANGE = "exchange", "Crypto exchange"


class InstrumentKind(models.TextChoices):
    """Which live market an instrument belongs to."""

    GIFT_CARD = "giftcard", "Gift card"
    CRYPTO = "crypto", "Crypto pair"
