"""What the corpus mutates: an answer, how it is parsed, and what it truly says."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from pricing.choices import Route
from pricing.observations import Observation

ASKED, OTHER = "asked", "other"


class Fact(NamedTuple):
    """One price as a parser reports it."""

    external_id: str
    price_type: str
    price: Decimal
    currency: str
    finish: str = "nonfoil"
    is_opened: bool = False


@dataclass(frozen=True)
class Sample:
    """One answer with one article.

    Args:
        name: of the parser.
        source: code of the price source.
        route: how it arrives.
        body: the answer.
        parse: body -> observations; raises FetchFailed for what cannot be believed.
        truth: price type -> amount.
        currency: as the answer writes it, or empty where the venue's documentation fixes it.
        asked: the article's id, as the answer writes it.
        external_id: the article in the source's name space.
        is_sealed: whether the article is; its price is then for an unopened one.
        finishes: the article is made in; the truth is about the plain one.
        title: of a card, as its seller writes it.
        amounts: the true amounts as the answer writes them; the truth's own by default.
        has_strict_decimals: a lost digit after the decimal mark shows.
        maps: keys whose JSON objects are maps, where a key is not just unknown but says something.
        other_asks: further asks for the article that the answer truly holds. When the lowest is lost, the
            next one is an offer that can be taken: a price that is late, not wrong.
        is_one_line: lines matter to the format.
    """

    name: str
    source: str
    route: Route
    body: bytes
    parse: Callable[[bytes], Iterable[Observation]]
    truth: Mapping[str, str]
    currency: str = ""
    asked: str = ""
    external_id: str = ""
    is_sealed: bool = True
    finishes: tuple[str, ...] = ("nonfoil",)
    title: str = ""
    amounts: tuple[str, ...] = ()
    has_strict_decimals: bool = False
    maps: frozenset[str] = frozenset()
    other_asks: tuple[str, ...] = ()
    is_one_line: bool = False

    @property
    def is_json(self) -> bool:
        return self.body.lstrip()[:1] in (b"{", b"[")

    @property
    def written_amounts(self) -> tuple[str, ...]:
        return self.amounts or tuple(self.truth.values())

    def rows(self, body: bytes) -> list[Observation]:
        """Return the observations of a body."""
        return list(self.parse(body))

    def facts(self, body: bytes) -> list[Fact]:
        """Return what the parser reports of a body."""
        found = (
            Fact(
                row.external_id or "", row.price_type, row.price, row.currency, row.finish or "nonfoil",
                is_opened=self.is_sealed and row.condition not in ("", "unopened"),
            )
            for row in self.parse(body)
        )  # fmt: skip
        return sorted(found)

    def true_facts(self, currency: str) -> list[Fact]:
        return sorted(
            Fact(self.external_id, price_type, Decimal(amount), currency)
            for price_type, amount in self.truth.items()
        )


Mutation = Callable[[Sample, random.Random], bytes | None]
"""Returns the mutated body, or None where it does not apply."""


def seeded(*parts: object) -> random.Random:
    """Return a generator that depends on nothing but its name."""
    return random.Random(":".join(map(str, parts)))
