"""Pages of pokemontcg.io, read."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

import msgspec

from catalog.choices import Category, Finish, ProductType
from catalog.importers.articles import Article, ArticleIdentifier
from pricing.choices import PriceType
from pricing.importers import ParsedPrices
from pricing.observations import Observation
from scrapers.errors import UnreadableAnswer
from scrapers.text import clean_text
from scrapers.venues.numbers import price_or_none
from scrapers.venues.pokemon_finishes import finish_of

NAME_SPACE: Final = "tcgdex"
PAGE_SIZE: Final = 250
SOURCES: Final = ("pokemontcg_tcgplayer", "pokemontcg_cardmarket")

_CURRENCIES: Final = dict(zip(SOURCES, ("USD", "EUR"), strict=True))  # by the documentation of the API
_TCGPLAYER: Final = (
    ("low", PriceType.LOW.value),
    ("mid", PriceType.MID.value),
    ("market", PriceType.MARKET.value),
    ("directLow", PriceType.DIRECT_LOW.value),
)
_CARDMARKET: Final = (
    ("lowPrice", PriceType.LOW.value, ""),
    ("trendPrice", PriceType.TREND.value, ""),
    ("averageSellPrice", PriceType.AVG.value, ""),
    ("avg1", PriceType.AVG1.value, ""),
    ("avg7", PriceType.AVG7.value, ""),
    ("avg30", PriceType.AVG30.value, ""),
    ("reverseHoloLow", PriceType.LOW.value, Finish.REVERSE.value),
    ("reverseHoloTrend", PriceType.TREND.value, Finish.REVERSE.value),
    ("reverseHoloSell", PriceType.AVG.value, Finish.REVERSE.value),
    ("reverseHoloAvg1", PriceType.AVG1.value, Finish.REVERSE.value),
    ("reverseHoloAvg7", PriceType.AVG7.value, Finish.REVERSE.value),
    ("reverseHoloAvg30", PriceType.AVG30.value, Finish.REVERSE.value),
)
_BAD: Final = (msgspec.DecodeError, UnicodeDecodeError)

Price = Decimal | None


class AmericanPrices(msgspec.Struct, gc=False):
    """TCGplayer's statistics of one version; `high` is parked and not read."""

    low: Price = None
    mid: Price = None
    market: Price = None
    directLow: Price = None  # noqa: N815 - the venue's own names, here and below


class American(msgspec.Struct):
    """TCGplayer's prices by version, and their day."""

    updatedAt: str = ""  # noqa: N815
    prices: dict[str, AmericanPrices | None] | None = None


class European(msgspec.Struct):
    """Cardmarket's prices by statistic, and their day."""

    updatedAt: str = ""  # noqa: N815
    prices: dict[str, Price] | None = None


class CardSet(msgspec.Struct):
    """The set of a card."""

    id: str = ""
    name: str = ""
    releaseDate: str = ""  # noqa: N815


class Images(msgspec.Struct):
    """Addresses of pictures."""

    small: str = ""
    large: str = ""


class CardRow(msgspec.Struct):
    """One card."""

    id: str
    name: str
    number: str = ""
    rarity: str | None = None
    set: CardSet = msgspec.field(default_factory=CardSet)
    images: Images | None = None
    tcgplayer: American | None = None
    cardmarket: European | None = None


class Envelope(msgspec.Struct):
    """A page; rows stay raw so that one bad row costs one row."""

    data: list[msgspec.Raw]
    totalCount: int  # noqa: N815
    page: int = 0


@dataclass(slots=True)
class Page:
    """A page, read.

    Args:
        rows: cards on the page, readable or not.
        total: cards there are on all pages.
        articles: of the readable ones; they may be matched and never become products.
        prices: by source.
    """

    rows: int
    total: int
    articles: list[Article] = field(default_factory=list)
    prices: dict[str, ParsedPrices] = field(default_factory=dict)


def parse_page(body: bytes, *, page: int) -> Page:
    """Read a page of cards.

    Raises:
        UnreadableAnswer: if it is no page, another one than asked for, or holds more cards than a page does.
    """
    try:
        envelope = msgspec.json.decode(body, type=Envelope)
    except _BAD as error:
        raise UnreadableAnswer(detail=f"This is no page of pokemontcg.io: {error}.") from error
    if envelope.page not in (0, page) or len(envelope.data) > PAGE_SIZE or envelope.totalCount < 0:
        raise UnreadableAnswer(detail=f"pokemontcg.io answered with another page than {page}.")
    found = Page(rows=len(envelope.data), total=envelope.totalCount)
    observations: dict[str, list[Observation]] = {source: [] for source in SOURCES}
    for source in SOURCES:
        found.prices[source] = ParsedPrices(source, observations[source], None, len(envelope.data))
    american, european = (found.prices[source] for source in SOURCES)
    for number, raw in enumerate(envelope.data, 1):
        try:
            card = msgspec.json.decode(raw, type=CardRow)
        except _BAD as error:
            american.add_problem(number, str(error))
            continue
        observations[SOURCES[0]].extend(_american(card, american.skipped))
        observations[SOURCES[1]].extend(_european(card, european.skipped))
        found.articles.append(_article(card))
    return found


def _american(card: CardRow, skipped: Counter[str]) -> Iterator[Observation]:
    if card.tcgplayer is None:
        return
    at = _day(card.tcgplayer.updatedAt)
    for name, prices in (card.tcgplayer.prices or {}).items():
        finish = finish_of(name, skipped)
        if not finish or prices is None:
            continue
        for field_name, price_type in _TCGPLAYER:
            price = price_or_none(getattr(prices, field_name))
            if price is None:
                skipped["no_price"] += 1
            else:
                yield Observation(
                    price, price_type, _CURRENCIES[SOURCES[0]], card.id, None, finish, recorded_at=at
                )


def _european(card: CardRow, skipped: Counter[str]) -> Iterator[Observation]:
    if card.cardmarket is None:
        return
    at = _day(card.cardmarket.updatedAt)
    stated = card.cardmarket.prices or {}
    for name, price_type, finish in _CARDMARKET:
        price = price_or_none(stated.get(name))
        if price is None:
            skipped["no_price"] += not finish
        else:
            yield Observation(
                price, price_type, _CURRENCIES[SOURCES[1]], card.id, None, finish, recorded_at=at
            )


def _article(card: CardRow) -> Article:
    names = (card.tcgplayer.prices or {}) if card.tcgplayer is not None else {}
    made = (name for name, prices in names.items() if prices is not None)
    finishes = dict.fromkeys(finish for name in made if (finish := finish_of(name, Counter())))
    released_at = _day(card.set.releaseDate)
    return Article(
        identifiers=(ArticleIdentifier(NAME_SPACE, card.id),),
        name=clean_text(card.name),
        product_type=ProductType.SINGLE.value,
        category=Category.POKEMON.value,
        set_name=clean_text(card.set.name),
        set_code=card.set.id,
        number=card.number,
        rarity=clean_text(card.rarity or ""),
        finishes=tuple(finishes),
        released_on=released_at.date() if released_at is not None else None,
        image_url=(card.images.large or card.images.small) if card.images is not None else "",
        is_complete=False,
    )


def _day(text: str) -> datetime | None:
    """Return the start of a day such as 2026/11/20 in UTC, None for anything else."""
    try:
        found = date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
    return datetime(found.year, found.month, found.day, tzinfo=UTC)
