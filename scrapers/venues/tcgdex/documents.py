"""TCGdex's documents, read: the list of sets, a set with its cards in brief, and a card with its prices."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final, TypeVar

import msgspec

from catalog.choices import Category, Finish, ProductType
from catalog.importers.articles import Article, ArticleIdentifier
from pricing.choices import PriceType
from pricing.importers import ParsedPrices
from pricing.observations import Observation
from scrapers.errors import EvidenceMissing, UnreadableAnswer
from scrapers.text import clean_text
from scrapers.venues.numbers import price_or_none
from scrapers.venues.pokemon_finishes import finish_of

from .records import AmericanPrices, CardBrief, CardDocument, EuropeanPrices, Pricing, SetDocument, SetRow

NAME_SPACE: Final = "tcgdex"
SOURCES: Final = ("tcgdex_tcgplayer", "tcgdex_cardmarket")
MAX_ID: Final = 60
DIGITAL_SERIES: Final = frozenset({"tcgp"})  # Pokémon TCG Pocket: cards nobody can buy
_NOT_VARIANTS: Final = frozenset({"updated", "unit"})
_NOT_FINISHES: Final = frozenset({"wPromo"})  # a stamp, no surface
_BAD: Final = (msgspec.DecodeError, UnicodeDecodeError)
_TCGPLAYER: Final = (
    ("lowPrice", PriceType.LOW.value),
    ("midPrice", PriceType.MID.value),
    ("marketPrice", PriceType.MARKET.value),
    ("directLowPrice", PriceType.DIRECT_LOW.value),
)
_CARDMARKET: Final = ("low", "trend", "avg", "avg1", "avg7", "avg30")

T = TypeVar("T")


@dataclass(slots=True)
class SetCards:
    """The cards of a set, read: `ids` in the set's order, and what could not be read, counted."""

    ids: list[str] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class CardFacts:
    """One card, read: its article, and the prices of both markets by source."""

    article: Article
    prices: dict[str, list[Observation]]
    skipped: Counter[str]


def parse_sets(body: bytes) -> list[SetRow]:
    """Read the list of sets.

    Raises:
        UnreadableAnswer: if it is no such list, or empty.
    """
    sets = [row for row in _decoded(body, list[SetRow], "list of sets") if 0 < len(row.id) <= MAX_ID]
    if not sets:
        raise UnreadableAnswer(detail="TCGdex lists no sets.")
    return sets


def parse_set(body: bytes, *, asked: str) -> SetCards:
    """Read a set with its cards. A set that exists only on screens has none.

    Raises:
        UnreadableAnswer: if it is no set.
        EvidenceMissing: if it is another set than was asked for.
    """
    found = _decoded(body, SetDocument, "set")
    _require_same(found.id, asked)
    cards = SetCards()
    if found.serie.id in DIGITAL_SERIES:
        cards.counts["digital"] = len(found.cards)
        return cards
    released_on = _day(found.releaseDate)
    for raw in found.cards:
        try:
            card = msgspec.json.decode(raw, type=CardBrief)
        except _BAD:
            cards.counts["unreadable_row"] += 1
            continue
        if not 0 < len(card.id) <= MAX_ID:
            cards.counts["unreadable_row"] += 1
            continue
        cards.ids.append(card.id)
        cards.articles.append(_article(card, found, released_on=released_on))
    return cards


def parse_card(body: bytes, *, asked: str) -> CardFacts:
    """Read a card with its prices, each with the time its market's prices were updated.

    Cardmarket's reverse holofoil statistics are only used for a card that is made so, or they are counted as
    `holo_unclear`. Versions nobody knows are counted by name.

    Raises:
        UnreadableAnswer: if it is no card.
        EvidenceMissing: if it is another card than was asked for.
    """
    card = _decoded(body, CardDocument, "card")
    _require_same(card.id, asked)
    skipped: Counter[str] = Counter()
    pricing = card.pricing or Pricing()
    finishes = _finishes(card.variants or {}, skipped)
    american = _american(pricing.tcgplayer or {}, skipped)
    identifiers = _tcgplayer_identifiers(american)
    if pricing.cardmarket is not None and (pricing.cardmarket.idProduct or 0) > 0:
        identifiers.append(ArticleIdentifier("mcm", str(pricing.cardmarket.idProduct)))
    article = _article(card, card.set, finishes=finishes, identifiers=identifiers)
    at = {name: _text(pricing.tcgplayer or {}, name) for name in _NOT_VARIANTS}
    prices = {
        "tcgdex_tcgplayer": list(
            _american_prices(card.id, american, at["unit"], _moment(at["updated"]), skipped)
        ),
        "tcgdex_cardmarket": list(_european_prices(card.id, pricing.cardmarket, finishes, skipped)),
    }
    return CardFacts(article, prices, skipped)


def parsed_prices(cards: list[CardFacts], *, source: str) -> ParsedPrices:
    """Return the prices of one market of several cards; what was left out is counted with the first."""
    observations = [row for card in cards for row in card.prices[source]]
    parsed = ParsedPrices(source=source, observations=observations, recorded_at=None, rows_read=len(cards))
    if source == SOURCES[0]:
        for card in cards:
            parsed.skipped.update(card.skipped)
    return parsed


def _american(stated: dict[str, msgspec.Raw], skipped: Counter[str]) -> dict[str, AmericanPrices]:
    """Return TCGplayer's versions by finish."""
    found: dict[str, AmericanPrices] = {}
    for name, raw in stated.items():
        if name in _NOT_VARIANTS or bytes(raw) == b"null":
            continue
        finish = finish_of(name, skipped)
        if not finish:
            continue
        try:
            prices = msgspec.json.decode(raw, type=AmericanPrices)
        except _BAD:
            skipped["unreadable_row"] += 1
            continue
        if found.setdefault(finish, prices) is not prices:
            skipped["repeated_variant"] += 1
    return found


def _american_prices(
    card: str, found: dict[str, AmericanPrices], currency: str, at: datetime | None, skipped: Counter[str]
) -> Iterator[Observation]:
    if found and not currency:
        skipped["no_currency"] += 1
        return
    for finish, prices in found.items():
        for field_name, price_type in _TCGPLAYER:
            price = price_or_none(getattr(prices, field_name))
            if price is None:
                skipped["no_price"] += 1
            else:
                yield Observation(price, price_type, currency, card, None, finish, recorded_at=at)


def _european_prices(
    card: str, prices: EuropeanPrices | None, finishes: tuple[str, ...], skipped: Counter[str]
) -> Iterator[Observation]:
    if prices is None:
        return
    if not prices.unit:
        skipped["no_currency"] += 1
        return
    at = _moment(prices.updated)
    for suffix, finish in (("", ""), ("_holo", Finish.REVERSE.value)):
        for name in _CARDMARKET:
            price = price_or_none(getattr(prices, f"{name}{suffix}"))
            if price is None:
                skipped["no_price"] += not suffix
            elif finish and finish not in finishes:
                skipped["holo_unclear"] += 1
            else:
                yield Observation(
                    price, PriceType(name).value, prices.unit, card, None, finish, recorded_at=at
                )


def _tcgplayer_identifiers(found: dict[str, AmericanPrices]) -> list[ArticleIdentifier]:
    """Return TCGplayer's ids: one for all finishes, or one of each finish where they differ."""
    ids = {finish: str(row.productId) for finish, row in found.items() if (row.productId or 0) > 0}
    if len(set(ids.values())) == 1:
        return [ArticleIdentifier("tcgplayer", next(iter(ids.values())))]
    return [ArticleIdentifier("tcgplayer", product_id, finish) for finish, product_id in ids.items()]


def _article(
    card: CardBrief,
    of: SetRow | None,
    *,
    released_on: date | None = None,
    finishes: tuple[str, ...] = (),
    identifiers: list[ArticleIdentifier] | None = None,
) -> Article:
    rarity = card.rarity if isinstance(card, CardDocument) else None
    return Article(
        identifiers=(ArticleIdentifier(NAME_SPACE, card.id), *(identifiers or ())),
        name=clean_text(card.name),
        product_type=ProductType.SINGLE.value,
        category=Category.POKEMON.value,
        set_name=clean_text(of.name) if of is not None else "",
        set_code=of.id if of is not None else "",
        number=str(card.localId),
        rarity="" if rarity in (None, "None") else clean_text(rarity or ""),
        finishes=finishes,
        released_on=released_on,
        image_url=f"{card.image}/high.webp" if card.image else "",
        is_complete=False,  # TCGplayer's catalogue makes Pokémon products; two owners would make each twice
    )


def _finishes(variants: dict[str, bool | None], skipped: Counter[str]) -> tuple[str, ...]:
    """Return the finishes a card is made in; a first edition is of the plain or the holofoil version."""
    made = [name for name, is_made in variants.items() if is_made and name not in _NOT_FINISHES]
    finishes = dict.fromkeys(finish for name in made if (finish := finish_of(name, skipped)))
    if Finish.FIRST_EDITION.value in finishes and Finish.FOIL.value in finishes:
        finishes[Finish.FIRST_EDITION_FOIL.value] = None
        if Finish.NONFOIL.value not in finishes:
            del finishes[Finish.FIRST_EDITION.value]
    return tuple(finishes)


def _decoded(body: bytes, kind: type[T], what: str) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except _BAD as error:
        raise UnreadableAnswer(detail=f"This is no {what} of TCGdex: {error}.") from error


def _require_same(stated: str, asked: str) -> None:
    if stated.casefold() != asked.casefold():
        raise EvidenceMissing(detail=f"TCGdex answered with {stated[:60]!r} when asked for {asked!r}.")


def _text(stated: dict[str, msgspec.Raw], name: str) -> str:
    try:
        return msgspec.json.decode(stated.get(name, b'""'), type=str)
    except _BAD:
        return ""


def _moment(text: str) -> datetime | None:
    """Return a time with a zone; None, which stands for the time of the answer, for anything else."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
