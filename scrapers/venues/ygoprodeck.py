"""YGOPRODeck's database of Yu-Gi-Oh! cards: every printing, and TCGplayer's price of each in US dollars.

`checkDBVer.php` tells the version, `cardinfo.php` gives all cards at once. A card's `card_sets` are its
printings, each with its own `set_price`; all prices are text and "0.00" stands for none. `card_prices` is one
price for the cheapest printing and says nothing about the others, so it is never read. Pictures may not be
linked to, so none is kept. Products are made from TCGplayer's catalogue: a printing whose id nobody knows is
handed to staff and never made a product, because it would appear twice.
"""

import re
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import ClassVar, Final

import msgspec

from catalog.choices import Category, ProductType
from catalog.importers.articles import Article, ArticleIdentifier
from pricing.choices import PriceType, Route
from pricing.importers import ParsedPrices
from pricing.observations import Observation
from scrapers.base import BaseScraper
from scrapers.errors import UnreadableAnswer
from scrapers.feeds import BulkPart, Download, FeedMemory
from scrapers.text import clean_text

from .numbers import price_or_none
from .packed import discard, read_whole

PARSER: Final = "ygoprodeck.cards/1"
SOURCE: Final = "ygoprodeck_tcgplayer"
NAME_SPACE: Final = "ygoprodeck"
CURRENCY: Final = "USD"  # by the documentation of the API
EVERY: Final = timedelta(hours=24)
PRICES_MOVE_WITHIN: Final = timedelta(days=2)
"""Prices change without a new version of the database; its answers are kept for two days."""
MAX_DOWNLOAD: Final = 200 << 20

_AMOUNT: Final = re.compile(r"[0-9]{1,8}(?:\.[0-9]{1,4})?|[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]{2}", re.ASCII)
_BAD_ROW: Final = (msgspec.DecodeError, UnicodeDecodeError)


class CardRow(msgspec.Struct, gc=False):
    """As much of a card as its printings need; they stay raw so that one bad row costs one row."""

    id: int
    name: str
    card_sets: list[msgspec.Raw] | None = None


class PrintingRow(msgspec.Struct, gc=False):
    """One printing of a card."""

    set_name: str
    set_code: str
    set_rarity: str = ""
    set_rarity_code: str = ""
    set_price: str | None = None


class Envelope(msgspec.Struct):
    """What the cards are wrapped in; rows stay raw."""

    data: list[msgspec.Raw]


class Version(msgspec.Struct):
    """The state of the database."""

    database_version: str | float


class Printing(msgspec.Struct, frozen=True, gc=False):
    """One printing and its price; `price` None: nobody offers it, or nobody can say which price is its."""

    external_id: str
    card_id: int
    name: str
    row: PrintingRow
    price: Decimal | None


@dataclass(slots=True)
class Cards:
    """The printings of a file.

    Args:
        printings: by external id; ids that two cards claim are left out.
        rows: cards in the file.
        skipped: what was left out and why, counted.
        problems: cards and printings that could not be read.
    """

    printings: dict[str, Printing] = field(default_factory=dict)
    rows: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[int, str]] = field(default_factory=list)

    def articles(self) -> Iterator[Article]:
        """Yield an article per printing."""
        return map(_article, self.printings.values())

    def prices(self) -> ParsedPrices:
        """Return the prices of the printings; they are of the time of the download."""
        parsed = ParsedPrices(source=SOURCE, observations=(), recorded_at=None, rows_read=len(self.printings))
        parsed.skipped.update(self.skipped)
        for row, reason in self.problems:
            parsed.add_problem(row, reason)
        parsed.observations = (
            Observation(printing.price, PriceType.MARKET.value, CURRENCY, printing.external_id)
            for printing in self.printings.values()
            if printing.price is not None
        )
        return parsed


def parse_version(body: bytes) -> str:
    """Return the version of the database.

    Raises:
        UnreadableAnswer: if the answer of `checkDBVer.php` is of another shape.
    """
    try:
        versions = msgspec.json.decode(body, type=list[Version])
    except _BAD_ROW as error:
        raise UnreadableAnswer(detail=f"This is no version of YGOPRODeck's database: {error}.") from error
    if not versions:
        raise UnreadableAnswer(detail="YGOPRODeck states no version of its database.")
    return str(versions[0].database_version)


def parse_cards(content: bytes) -> Cards:
    """Read all printings of the answer of `cardinfo.php`.

    A card or printing that cannot be read is one problem. An id that different cards claim is nobody's
    (`ambiguous_printing`); of two prices for one printing none is taken (`ambiguous_price`).

    Raises:
        UnreadableAnswer: if the answer is an error or no list of cards.
    """
    try:
        raw_cards = msgspec.json.decode(content, type=Envelope).data
    except _BAD_ROW as error:
        raise UnreadableAnswer(detail=f"This is no list of YGOPRODeck's cards: {error}.") from error
    cards = Cards(rows=len(raw_cards))
    ambiguous: set[str] = set()
    for number, raw in enumerate(raw_cards, 1):
        for printing in _printings(number, raw, cards):
            _place(printing, cards, ambiguous)
    if not cards.printings:
        raise UnreadableAnswer(detail=f"None of YGOPRODeck's {cards.rows} cards has a printing.")
    return cards


def _printings(number: int, raw: msgspec.Raw, cards: Cards) -> Iterator[Printing]:
    try:
        card = msgspec.json.decode(raw, type=CardRow)
        name = clean_text(card.name)
    except _BAD_ROW as error:
        cards.problems.append((number, str(error)))
        return
    if not card.card_sets:
        cards.skipped["card_without_printing"] += 1
    for raw_printing in card.card_sets or ():
        try:
            row = msgspec.json.decode(raw_printing, type=PrintingRow)
        except _BAD_ROW as error:
            cards.problems.append((number, f"{name}: {error}"))
            continue
        if not name or not row.set_code.strip():
            cards.problems.append((number, f"{name}: no name or set code"))
            continue
        yield Printing(_external_id(row), card.id, name, row, _price(row, cards))


def _place(printing: Printing, cards: Cards, ambiguous: set[str]) -> None:
    """Add a printing, unless its id turns out to be another card's too."""
    key = printing.external_id
    known = cards.printings.get(key)
    if key in ambiguous:
        cards.skipped["ambiguous_printing"] += 1
    elif known is None:
        cards.printings[key] = printing
    elif known.card_id != printing.card_id:
        del cards.printings[key]
        ambiguous.add(key)
        cards.skipped["ambiguous_printing"] += 2
    else:
        cards.skipped["repeated_printing"] += 1
        if printing.price != known.price:
            cards.printings[key] = msgspec.structs.replace(known, price=None)
            cards.skipped["ambiguous_price"] += 1


def _external_id(row: PrintingRow) -> str:
    rarity = row.set_rarity_code.strip("() ") or " ".join(row.set_rarity.split())
    return f"{row.set_code.strip()}/{rarity}" if rarity else row.set_code.strip()


def _price(row: PrintingRow, cards: Cards) -> Decimal | None:
    text = (row.set_price or "").strip()
    if text and _AMOUNT.fullmatch(text) is None:
        cards.skipped["bad_price"] += 1
        return None
    price = price_or_none(Decimal(text.replace(",", "") or 0))
    if price is None:
        cards.skipped["no_price"] += 1
    return price


def _article(printing: Printing) -> Article:
    row = printing.row
    return Article(
        identifiers=(ArticleIdentifier(NAME_SPACE, printing.external_id),),
        name=printing.name,
        product_type=ProductType.SINGLE.value,
        category=Category.YUGIOH.value,
        set_name=clean_text(row.set_name),
        set_code=row.set_code.strip().partition("-")[0],
        number=row.set_code.strip(),
        rarity=clean_text(row.set_rarity),
        is_complete=False,
    )


class YgoprodeckFeed(BaseScraper):
    """All printings and their prices, at most once a day."""

    source: ClassVar[str] = "ygoprodeck"
    code: ClassVar[str] = "bulk"
    route: ClassVar[Route] = Route.BULK
    offers: ClassVar[frozenset[str]] = frozenset({"bulk"})

    async def fetch_bulk(
        self, memory: FeedMemory, *, categories: Collection[str] = ()
    ) -> AsyncIterator[BulkPart]:
        """Fetch all cards if the database or, after two days, at least the prices may be new.

        Yields:
            The printings, then their prices, which carry what to remember.

        Raises:
            FetchFailed: a subclass.
        """
        if categories and Category.YUGIOH.value not in categories:
            return
        url = f"{self.url('ygoprodeck')}/api/v7/cardinfo.php"
        now = self.clock.now()
        unchanged = BulkPart(name="yugioh cards", url=url, fetched_at=now, unchanged=True, total=1)
        if memory.is_recent(url, now=now, within=EVERY):
            yield unchanged
            return
        answer = await self.session.get(f"{self.url('ygoprodeck')}/api/v7/checkDBVer.php")
        version = parse_version(answer.body)
        known = memory.downloads.get(url)
        is_same = known is not None and known.etag == version
        if is_same and memory.is_recent(url, now=now, within=PRICES_MOVE_WITHIN):
            yield unchanged
            return
        path = self.configuration.folder / "ygoprodeck-cards"
        try:
            arrived, digest = await self.session.download(url, path, max_bytes=MAX_DOWNLOAD)
            download = Download(url=url, fetched_at=arrived.fetched_at, sha256=digest, etag=version)
            for part in _parts(path, download):
                yield part
        finally:
            discard(path)


def _parts(path: Path, download: Download) -> Iterator[BulkPart]:
    cards = parse_cards(read_whole(path, max_bytes=MAX_DOWNLOAD))
    yield BulkPart(
        name="yugioh cards", url=download.url, fetched_at=download.fetched_at, articles=cards.articles(),
        total=2, parser=PARSER, sha256=download.sha256, file=download.url,
    )  # fmt: skip
    yield BulkPart(
        name="yugioh prices", url=download.url, fetched_at=download.fetched_at, prices=cards.prices(),
        download=download, total=2, parser=PARSER, sha256=download.sha256, file=download.url,
    )  # fmt: skip
