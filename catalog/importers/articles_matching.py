"""Decides which product an article of a feed is: by outside identifiers only, never by name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from uuid import UUID

from .articles import Article, ArticleIdentifier

TCGPLAYER: Final = "tcgplayer"

TWO_PRODUCTS: Final = "two_products"
"""Its identifiers belong to different products."""
SHARED_ID: Final = "shared_id"
"""Its only known identifiers are shared by several products."""
OTHER_KIND: Final = "other_kind"
"""The product is of another game or type."""
TAKEN: Final = "taken"
"""The product is another article of the same feed already."""
DIFFERENT_ID: Final = "different_id"
"""The product goes by another id of that source; the stated one is not added, the rest is used."""


class ProductFacts(NamedTuple):
    """What must agree between an article and its product."""

    category: str
    product_type: str


@dataclass(frozen=True, slots=True)
class Match:
    """The product of an article, the identifiers it gains, and those it contradicts.

    `product_id` None: no product has any of the identifiers. `conflict` set: nothing may be written.
    """

    product_id: UUID | None = None
    added: tuple[ArticleIdentifier, ...] = ()
    contradicted: tuple[ArticleIdentifier, ...] = ()
    conflict: str = ""


@dataclass(slots=True)
class KnownIdentifiers:
    """The identifiers of the catalogue that matter for one import, kept up to date as it goes on."""

    _owners: dict[tuple[str, str], dict[UUID, set[str]]] = field(default_factory=dict)
    _held: dict[UUID, dict[str, set[tuple[str, str]]]] = field(default_factory=lambda: defaultdict(dict))
    _columns: dict[UUID, dict[str, str]] = field(default_factory=dict)
    _facts: dict[UUID, ProductFacts] = field(default_factory=dict)
    _tcgplayer_ids: set[str] = field(default_factory=set)

    def add_product(
        self, product_id: UUID, facts: ProductFacts, columns: Mapping[str, str] | None = None
    ) -> None:
        """Make a product known; `columns` are the ids that R002 keeps in the product itself, by source."""
        self._facts[product_id] = facts
        own = {source: value for source, value in (columns or {}).items() if value}
        self._columns[product_id] = own
        for source, value in own.items():
            self._owners.setdefault((source, value), {}).setdefault(product_id, set()).add("")
        if TCGPLAYER in own:
            self._tcgplayer_ids.add(own[TCGPLAYER])

    def claim_tcgplayer_id(self, product_id: UUID, article: Article) -> str | None:
        """Give a product without R002's `tcg_product_id` the first of the article's that is free."""
        if TCGPLAYER in self._columns[product_id]:
            return None
        for row in article.identifiers:
            if row.source == TCGPLAYER and row.external_id not in self._tcgplayer_ids:
                self._tcgplayer_ids.add(row.external_id)
                self._columns[product_id][TCGPLAYER] = row.external_id
                return row.external_id
        return None

    def add(self, product_id: UUID, identifiers: Iterable[ArticleIdentifier]) -> None:
        """Make identifiers of a product known."""
        for source, external_id, finish in map(_parts, identifiers):
            self._owners.setdefault((source, external_id), {}).setdefault(product_id, set()).add(finish)
            self._held[product_id].setdefault(source, set()).add((external_id, finish))

    def match(self, article: Article) -> Match:
        """Find the product of an article.

        An identifier that several products share (one per finish) is settled by the others. A product that
        already goes by another id of the article's own feed is not taken for this one, whatever else agrees.
        """
        candidates = [found for row in article.identifiers if (found := self._candidates(row))]
        if not candidates:
            return Match()
        common = set.intersection(*candidates)
        if len(common) != 1:
            return Match(conflict=SHARED_ID if common else TWO_PRODUCTS)
        (product_id,) = common
        if self._facts[product_id] != (article.category, article.product_type):
            return Match(product_id, conflict=OTHER_KIND)
        missing = [row for row in article.identifiers if not self._has(product_id, row)]
        contradicted = tuple(row for row in missing if self._has_another(product_id, row))
        if article.identifiers[0] in contradicted:
            return Match(product_id, conflict=TAKEN)
        added = tuple(row for row in missing if row not in contradicted)
        return Match(product_id, added=added, contradicted=contradicted)

    def _candidates(self, row: ArticleIdentifier) -> set[UUID]:
        owners = self._owners.get((row.source, row.external_id), {})
        return {
            product_id
            for product_id, finishes in owners.items()
            if any(_overlap(row.finish, finish) for finish in finishes)
        }

    def _has(self, product_id: UUID, row: ArticleIdentifier) -> bool:
        held = self._held[product_id].get(row.source, set())
        return any(own == row.external_id and _overlap(row.finish, finish) for own, finish in held)

    def _has_another(self, product_id: UUID, row: ArticleIdentifier) -> bool:
        held = self._held[product_id].get(row.source, set())
        column = self._columns[product_id].get(row.source, row.external_id)
        if column != row.external_id and all(own != column for own, _ in held):
            return True
        return any(own != row.external_id and _overlap(row.finish, finish) for own, finish in held)


def _overlap(one: str, other: str) -> bool:
    """Whether two finishes of an identifier have a copy in common; an empty one covers all."""
    return not one or not other or one == other


def _parts(row: ArticleIdentifier) -> tuple[str, str, str]:
    return row.source, row.external_id, row.finish
