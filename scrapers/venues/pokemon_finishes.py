"""The names the two Pokémon databases have for the versions of a card, as finishes of our catalogue."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

from catalog.choices import Finish

MAX_NAMES: Final = 30  # unknown names counted one by one
_SEPARATORS: Final = re.compile(r"[^a-z0-9]")

# Both styles of TCGdex (holo, holofoil; with and without hyphens) and pokemontcg.io's, without separators.
_FINISHES: Final[Mapping[str, Finish]] = {
    "normal": Finish.NONFOIL,
    "unlimited": Finish.NONFOIL,
    "unlimitednormal": Finish.NONFOIL,
    "holo": Finish.FOIL,
    "holofoil": Finish.FOIL,
    "unlimitedholo": Finish.FOIL,
    "unlimitedholofoil": Finish.FOIL,
    "reverse": Finish.REVERSE,
    "reverseholo": Finish.REVERSE,
    "reverseholofoil": Finish.REVERSE,
    "firstedition": Finish.FIRST_EDITION,
    "1stedition": Finish.FIRST_EDITION,
    "firsteditionnormal": Finish.FIRST_EDITION,
    "1steditionnormal": Finish.FIRST_EDITION,
    "firsteditionholo": Finish.FIRST_EDITION_FOIL,
    "1steditionholo": Finish.FIRST_EDITION_FOIL,
    "firsteditionholofoil": Finish.FIRST_EDITION_FOIL,
    "1steditionholofoil": Finish.FIRST_EDITION_FOIL,
}


def finish_of(name: str, unknown: Counter[str]) -> str:
    """Return the finish a version's name means, or "" for a name nobody knows, which is counted."""
    found = _FINISHES.get(_SEPARATORS.sub("", name.lower()))
    if found is not None:
        return found.value
    reason = f"variant: {name[:40]}"
    unknown[reason if reason in unknown or len(unknown) < MAX_NAMES else "variant: others"] += 1
    return ""
