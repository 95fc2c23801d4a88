"""Staff pages of the catalogue."""

from .contents import ContentsVersionAdmin
from .instrument import InstrumentAdmin
from .lists import BoosterPackAdmin, DeckAdmin
from .product import ProductAdmin
from .singles import ProductSingleAdmin
from .venue import VenueAdmin

__all__ = [
    "BoosterPackAdmin",
    "ContentsVersionAdmin",
    "DeckAdmin",
    "InstrumentAdmin",
    "ProductAdmin",
    "ProductSingleAdmin",
    "VenueAdmin",
]
