"""The ids that other venues give the invented articles; each follows from the article's own numbers."""

from uuid import uuid5

from .market import NAMESPACE, Card, Sealed

TCGPLAYER_OFFSET = 10_000_000  # their numbers lie beside Cardmarket's, far above every real product
CARDKINGDOM_OFFSET = 20_000_000
FOIL_OFFSET = 30_000_000
ASIN_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


def card_ids(card: Card) -> dict[str, str]:
    """Return name space -> id of a printing; `ck_foil` is Card Kingdom's number of the foil."""
    ids = {
        "mtgjson": str(card.uuid),
        "mcm": str(card.external_id),
        "tcgplayer": str(card.external_id - TCGPLAYER_OFFSET),
        "scryfall": str(uuid5(NAMESPACE, f"scryfall/{card.uuid}")),
        "ck": str(card.external_id - CARDKINGDOM_OFFSET),
    }
    if card.foil_factor:
        ids["ck_foil"] = str(card.external_id - FOIL_OFFSET)
    return ids


def sealed_ids(product: Sealed) -> dict[str, str]:
    """Return name space -> id of a sealed product; `epid` is eBay's, `asin` Amazon's."""
    return {
        "mtgjson": str(product.uuid),
        "mcm": str(product.external_id),
        "tcgplayer": str(product.external_id - TCGPLAYER_OFFSET),
        "epid": str(product.external_id - CARDKINGDOM_OFFSET),
        "asin": _asin(product.external_id),
    }


def _asin(number: int) -> str:
    """Return ten characters as Amazon writes them, of which real ones would begin with B0."""
    letters = []
    for _ in range(7):
        number, digit = divmod(number, len(ASIN_LETTERS))
        letters.append(ASIN_LETTERS[digit])
    return "B0Z" + "".join(letters)
