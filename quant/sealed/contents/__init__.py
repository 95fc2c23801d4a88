"""What a sealed product holds, how many copies to expect of each card, and the flat lines of that."""

from .expectation import ExpectationCache, expected_copies, guaranteed_copies
from .flattening import MAX_SLOT_LENGTH, FlatLine, FlatteningCache, flatten
from .model import (
    Alternative,
    CardKey,
    Choice,
    Contents,
    ContentsError,
    Pack,
    PackConfiguration,
    SheetDraw,
)
from .sampling import inclusion_probabilities

__all__ = [
    "MAX_SLOT_LENGTH",
    "Alternative",
    "CardKey",
    "Choice",
    "Contents",
    "ContentsError",
    "ExpectationCache",
    "FlatLine",
    "FlatteningCache",
    "Pack",
    "PackConfiguration",
    "SheetDraw",
    "expected_copies",
    "flatten",
    "guaranteed_copies",
    "inclusion_probabilities",
]
