"""The contents of a sealed product as immutable values; checked when made, so later steps need no checks.

Build each Pack once and reuse the object: computations remember packs by identity.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

CardKey: TypeAlias = Any
"""Whatever hashable value the caller tells cards apart by; the catalogue uses (product key, finish).

Not `Hashable`, because mappings are invariant in their keys: the caller's own key type would not fit.
"""


class ContentsError(ValueError):
    """Contents that cannot exist. `where` names the part, `reason` what is wrong with it."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason


@dataclass(frozen=True, slots=True)
class SheetDraw:
    """Cards taken from one weighted sheet in one pack.

    Args:
        name: of the sheet, unique within its pack.
        cards: distinct keys.
        weights: whole numbers >= 1 in the order of `cards`.
        draws: how many cards are taken, >= 1.
        allow_duplicates: each draw is from the whole sheet; otherwise drawn cards are not put back, each draw
            taking a remaining card with a chance in proportion to its weight.
        is_fixed: the whole sheet is in the pack, every card `weight` times, whatever `draws` says.

    Raises:
        ContentsError: for an empty sheet, repeated cards, bad weights, or more draws than cards.
    """

    name: str
    cards: tuple[CardKey, ...]
    weights: tuple[int, ...]
    draws: int = 1
    allow_duplicates: bool = False
    is_fixed: bool = False

    def __post_init__(self) -> None:
        where = f"sheet {self.name}"
        if not self.cards:
            raise ContentsError(where, "has no cards")
        if len(self.cards) != len(self.weights):
            raise ContentsError(where, "needs one weight per card")
        if len(set(self.cards)) != len(self.cards):
            raise ContentsError(where, "names a card twice")
        _check_counts(self.weights, where, "weights")
        _check_counts((self.draws,), where, "draws")
        if not (self.is_fixed or self.allow_duplicates) and self.draws > len(self.cards):
            raise ContentsError(where, f"cannot give {self.draws} different cards out of {len(self.cards)}")

    @property
    def size(self) -> int:
        """Number of cards it puts into the pack."""
        return sum(self.weights) if self.is_fixed else self.draws


@dataclass(frozen=True, slots=True)
class PackConfiguration:
    """One way a pack can be filled; its sheets are drawn independently of each other.

    Args:
        weight: how often it occurs relative to the pack's other configurations, >= 1.
        draws: at least one.

    Raises:
        ContentsError: for a bad weight or no draws.
    """

    weight: int
    draws: tuple[SheetDraw, ...]

    def __post_init__(self) -> None:
        _check_counts((self.weight,), "configuration", "weight")
        if not self.draws:
            raise ContentsError("configuration", "draws nothing")


@dataclass(frozen=True, slots=True)
class Pack:
    """A booster pack: exactly one configuration, by weight, fills all its slots at once.

    Raises:
        ContentsError: if it has no configuration.
    """

    name: str
    configurations: tuple[PackConfiguration, ...]

    def __post_init__(self) -> None:
        if not self.configurations:
            raise ContentsError(f"pack {self.name}", "has no configuration")

    @property
    def total_weight(self) -> int:
        """Sum of the configurations' weights."""
        return sum(configuration.weight for configuration in self.configurations)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One outcome of a choice; `weight` >= 1 is relative to the other alternatives."""

    weight: int
    contents: "Contents"

    def __post_init__(self) -> None:
        _check_counts((self.weight,), "alternative", "weight")


@dataclass(frozen=True, slots=True)
class Choice:
    """`draws` of the alternatives are in the product.

    Args:
        draws: how many, >= 1.
        with_replacement: whether one alternative can come more than once.
        alternatives: at least one.

    Raises:
        ContentsError: for bad draws, no alternatives, or more draws than alternatives without replacement.
    """

    draws: int
    with_replacement: bool
    alternatives: tuple[Alternative, ...]

    def __post_init__(self) -> None:
        _check_counts((self.draws,), "choice", "draws")
        if not self.alternatives:
            raise ContentsError("choice", "has no alternatives")
        if not self.with_replacement and self.draws > len(self.alternatives):
            raise ContentsError(
                "choice", f"cannot draw {self.draws} of {len(self.alternatives)} alternatives"
            )

    @property
    def weights(self) -> tuple[int, ...]:
        """Weights in the order of the alternatives."""
        return tuple(alternative.weight for alternative in self.alternatives)


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything in one sealed product; each part comes with how many of it there are (>= 1).

    Args:
        cards: known cards and their copies.
        packs: booster packs, independent of each other.
        choices: independent choices.
        nested: other sealed products or decks inside.
        unresolved: what is inside but unknown; any entry means the contents are incomplete.

    Raises:
        ContentsError: for a count below 1.
    """

    cards: tuple[tuple[CardKey, int], ...] = ()
    packs: tuple[tuple[Pack, int], ...] = ()
    choices: tuple[tuple[Choice, int], ...] = ()
    nested: "tuple[tuple[Contents, int], ...]" = ()
    unresolved: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for part in (self.cards, self.packs, self.choices, self.nested):
            _check_counts([count for _, count in part], "contents", "counts")

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is known to be inside; that is unknown, not worthless."""
        return not (self.cards or self.packs or self.choices or self.nested)

    def all_unresolved(self) -> tuple[str, ...]:
        """List what is unknown here and in everything inside, each once, in order of appearance."""
        found = dict.fromkeys(self.unresolved)
        for inner, _ in self.nested:
            found.update(dict.fromkeys(inner.all_unresolved()))
        for choice, _ in self.choices:
            for alternative in choice.alternatives:
                found.update(dict.fromkeys(alternative.contents.all_unresolved()))
        return tuple(found)


def _check_counts(counts: Sequence[int], where: str, what: str) -> None:
    for count in counts:
        if type(count) is not int or count < 1:
            raise ContentsError(where, f"{what} must be whole numbers >= 1, not {count!r}")
