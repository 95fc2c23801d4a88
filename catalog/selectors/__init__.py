"""Reads of the catalogue that other apps build on."""

from .cards import CardFacts, cards_by_key
from .contents import contents_tree, current_contents
from .graph import contents_graph, incomplete_reason
from .products import AmbiguousIdentifier, ProductNotFound, product_by_ident

__all__ = [
    "AmbiguousIdentifier",
    "CardFacts",
    "ProductNotFound",
    "cards_by_key",
    "contents_graph",
    "contents_tree",
    "current_contents",
    "incomplete_reason",
    "product_by_ident",
]
