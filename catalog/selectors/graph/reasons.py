"""Why contents are incomplete, in words. What stands before the colon is the kind of reason, for counting."""

CONTENTS_UNKNOWN = "Contents unknown"
UNREADABLE = "Line of the source unreadable"
CARD_MISSING = "Card not in the catalogue"
DECK_MISSING = "Deck not in the catalogue"
PACK_MISSING = "Booster not in the catalogue"
SEALED_MISSING = "Sealed product not in the catalogue"
DECK_INCOMPLETE = "Deck list incomplete"
PACK_INCOMPLETE = "Booster sheets incomplete"
PACK_IMPOSSIBLE = "Booster cannot be filled"
CONTAINS_ITSELF = "Contains itself"
TOO_DEEP = "Nested too deeply"

MISSING_BY_KIND = {"card": CARD_MISSING, "deck": DECK_MISSING, "pack": PACK_MISSING, "sealed": SEALED_MISSING}


def reason(kind: str, what: str) -> str:
    """Join a kind of reason with what it is about."""
    return f"{kind}: {what}"


def incomplete_reason(text: str) -> str:
    """Give the kind of a reason made by `reason`."""
    return text.partition(": ")[0]
