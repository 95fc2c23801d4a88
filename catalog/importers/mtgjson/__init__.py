"""MTGJSON v5: cards, decks, boosters and sealed products with contents. Behind `manage.py import_mtgjson`."""

from .errors import MtgjsonFileError, UnknownSets
from .importing import import_mtgjson
from .report import ImportReport, Issues, Tally

__all__ = ["ImportReport", "Issues", "MtgjsonFileError", "Tally", "UnknownSets", "import_mtgjson"]
