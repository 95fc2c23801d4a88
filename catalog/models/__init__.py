"""What is traded, what it contains, and where it is traded.

Foreign keys without an index of their own lead a unique constraint, whose index serves them.
"""

from .booster import (
    BoosterConfiguration,
    BoosterConfigurationSheet,
    BoosterPack,
    BoosterSheet,
    BoosterSheetCard,
)
from .contents import ContentAlternative, ContentChoice, ContentsVersion, SealedContent
from .deck import Deck, DeckCard
from .instrument import Instrument
from .mapping import ProductSingle
from .product import Product, ProductIdentifier
from .venue import Venue

__all__ = [
    "BoosterConfiguration",
    "BoosterConfigurationSheet",
    "BoosterPack",
    "BoosterSheet",
    "BoosterSheetCard",
    "ContentAlternative",
    "ContentChoice",
    "ContentsVersion",
    "Deck",
    "DeckCard",
    "Instrument",
    "Product",
    "ProductIdentifier",
    "ProductSingle",
    "SealedContent",
    "Venue",
]
