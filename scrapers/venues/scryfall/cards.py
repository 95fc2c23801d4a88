"""Scryfall's files, read: the list of bulk files, and the cards of one with their prices."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from catalog.choices import Category, Finish, ProductType
from catalog.importers.articles import Article, ArticleIdentifier
from pricing.choices import PriceType
from pricing.importers import ParsedPrices
from pricing.observations import Observation
from scrapers.errors import UnreadableAnswer
from scrapers.text import clean_text
from scrapers.venues.numbers import price_or_none
from scrapers.venues.packed import read_lines, read_whole

FILE_TYPE: Final = "default_cards"
MAX_UNPACKED: Final = 3 << 30
MAX_LINE: Final = 1 << 20
MAX_ARRAY: Final = 64 << 20  # an array on one line is decoded whole; Scryfall writes one card a line

_NOT_CARDS: Final = frozenset({"token", "double_faced_token", "art_series", "emblem", "front_card"})
_FINISHES: Final = frozenset(Finish.values)
Price = Decimal | None
Id = int | float | str | None


class AmericanPrices(msgspec.Struct, gc=False):
    """Market prices of TCGplayer in US dollars."""

    usd: Price = None
    usd_foil: Price = None
    usd_etched: Price = None


class EuropeanPrices(msgspec.Struct, gc=False):
    """Trends of Cardmarket in euros."""

    eur: Price = None
    eur_foil: Price = None
    eur_etched: Price = None


class AmericanCard(msgspec.Struct, gc=False):
    """As much of a card as its prices need: each market's are decoded alone, which is half the work."""

    id: str
    prices: AmericanPrices = msgspec.field(default_factory=AmericanPrices)


class EuropeanCard(msgspec.Struct, gc=False):
    """The same for the other market."""

    id: str
    prices: EuropeanPrices = msgspec.field(default_factory=EuropeanPrices)


class Card(msgspec.Struct, gc=False):
    """As much of a card as the catalogue needs."""

    id: str
    name: str
    set: str = ""
    set_name: str = ""
    collector_number: str = ""
    rarity: str = ""
    layout: str = ""
    digital: bool = False
    released_at: date | None = None
    finishes: list[str] = []
    tcgplayer_id: Id = None
    tcgplayer_etched_id: Id = None
    cardmarket_id: Id = None


class BulkFile(msgspec.Struct, frozen=True):
    """One entry of the list of files."""

    type: str
    updated_at: datetime
    jsonl_download_uri: str = ""
    download_uri: str = ""

    @property
    def uri(self) -> str:
        """Return where it is, the newer format first."""
        return self.jsonl_download_uri or self.download_uri


class BulkIndex(msgspec.Struct):
    """The list of files; entries stay raw so that a new kind of file is no error."""

    data: list[msgspec.Raw]


class Market(NamedTuple):
    """How one market's prices are read: its fields by finish, the plain one first."""

    decode: Callable[[bytes | msgspec.Raw], AmericanCard | EuropeanCard]
    currency: str
    price_type: str
    fields: tuple[tuple[str, str], ...]


_MARKETS: Final = {
    "scryfall_tcgplayer": Market(
        msgspec.json.Decoder(AmericanCard).decode,
        "USD",
        PriceType.MARKET.value,
        (
            ("usd", Finish.NONFOIL.value),
            ("usd_foil", Finish.FOIL.value),
            ("usd_etched", Finish.ETCHED.value),
        ),
    ),
    "scryfall_cardmarket": Market(
        msgspec.json.Decoder(EuropeanCard).decode,
        "EUR",
        PriceType.TREND.value,
        (
            ("eur", Finish.NONFOIL.value),
            ("eur_foil", Finish.FOIL.value),
            ("eur_etched", Finish.ETCHED.value),
        ),
    ),
}
SOURCES: Final = tuple(_MARKETS)

_index_decoder: Final = msgspec.json.Decoder(BulkIndex)
_file_decoder: Final = msgspec.json.Decoder(BulkFile)
_card_decoder: Final = msgspec.json.Decoder(Card)
_array_decoder: Final = msgspec.json.Decoder(list[msgspec.Raw])
_BAD_ROW: Final = (msgspec.DecodeError, UnicodeDecodeError)


def parse_index(body: bytes) -> BulkFile:
    """Return the entry of `default_cards` in the answer of `/bulk-data`.

    Raises:
        UnreadableAnswer: if it is no such list, or the entry, its address or its time are missing.
    """
    try:
        rows = _index_decoder.decode(body).data
    except _BAD_ROW as error:
        raise UnreadableAnswer(detail=f"This is not Scryfall's list of files: {error}.") from error
    for raw in rows:
        try:
            file = _file_decoder.decode(raw)
        except _BAD_ROW:  # another kind of entry; if it is ours, it is missed below
            continue
        if file.type == FILE_TYPE and file.uri and file.updated_at.tzinfo is not None:
            return file
    raise UnreadableAnswer(detail=f"Scryfall's list names no usable file of the type {FILE_TYPE}.")


def parse_prices(
    path: Path, *, source: str, observed_at: datetime | None = None, rows_read: int = 0
) -> ParsedPrices:
    """Read the prices of one source from a file of cards, lazily.

    Args:
        path: JSON lines or an array of cards, packed or not.
        source: one of `SOURCES`.
        observed_at: when Scryfall made the file.
        rows_read: how many cards it has, if that is known.

    Returns:
        Observations by Scryfall id; a card that cannot be read is a problem, an empty price `no_price`. A
        file that turns out truncated or no list of cards raises `UnreadableAnswer` while it is consumed.
    """
    parsed = ParsedPrices(source=source, observations=(), recorded_at=observed_at, rows_read=rows_read)
    parsed.observations = _observations(path, parsed)
    return parsed


def parse_articles(path: Path, counts: Counter[str]) -> Iterator[Article]:
    """Read the printings of a file of cards, lazily; they may be matched and never become products.

    Args:
        path: JSON lines or an array of cards, packed or not.
        counts: takes `rows`, `unreadable_row`, and what was left out: digital cards, tokens and the like.

    Raises:
        UnreadableAnswer: while it is consumed, if the file is truncated or no list of cards.
    """
    for raw in _cards(path):
        counts["rows"] += 1
        try:
            card = _card_decoder.decode(raw)
        except _BAD_ROW:
            counts["unreadable_row"] += 1
            continue
        if card.digital or card.layout in _NOT_CARDS:
            counts["digital" if card.digital else f"layout: {card.layout}"] += 1
            continue
        yield _article(card)
    _refuse_unreadable(path, counts["rows"], counts["unreadable_row"])


def _observations(path: Path, parsed: ParsedPrices) -> Iterator[Observation]:
    decode, currency, price_type, fields = _MARKETS[parsed.source]
    plain = fields[0][0]
    number = 0
    for number, raw in enumerate(_cards(path), 1):
        try:
            card = decode(raw)
        except _BAD_ROW as error:
            parsed.add_problem(number, str(error))
            continue
        for field, finish in fields:
            stated = getattr(card.prices, field)
            if stated is not None and (price := price_or_none(stated)) is not None:
                yield Observation(price, price_type, currency, card.id, None, finish)
            elif field == plain:
                parsed.skipped["no_price"] += 1
    parsed.rows_read = number
    _refuse_unreadable(path, number, parsed.skipped["unreadable_row"])


def _refuse_unreadable(path: Path, rows: int, unreadable: int) -> None:
    if rows == unreadable:
        raise UnreadableAnswer(detail=f"{path.name} is no list of cards: not one of {rows} rows is a card.")


def _cards(path: Path) -> Iterator[bytes | msgspec.Raw]:
    """Yield the cards still encoded: one a line, or the items of an array."""
    lines = read_lines(path, max_bytes=MAX_UNPACKED, max_line=MAX_LINE)
    seen = 0
    try:
        for line in lines:
            if line in (b"[", b"]"):
                continue
            if not seen and line.startswith(b"[") and line != b"[]":
                raise _WholeArray
            seen += 1
            yield line.removesuffix(b",")
    except _WholeArray:
        rows = _array(path)
        seen = len(rows)
        yield from rows
    if not seen:
        raise UnreadableAnswer(detail=f"{path.name} holds no cards.")


class _WholeArray(Exception):
    """The file is an array on one line."""


def _array(path: Path) -> list[msgspec.Raw]:
    try:
        return _array_decoder.decode(read_whole(path, max_bytes=MAX_ARRAY))
    except _BAD_ROW as error:
        raise UnreadableAnswer(detail=f"{path.name} is no list of cards: {error}.") from error


def _article(card: Card) -> Article:
    stated = (
        ("scryfall", card.id, ""),
        ("tcgplayer", _id_text(card.tcgplayer_id), ""),
        ("tcgplayer", _id_text(card.tcgplayer_etched_id), Finish.ETCHED.value),
        ("mcm", _id_text(card.cardmarket_id), ""),
    )
    return Article(
        identifiers=tuple(ArticleIdentifier(*row) for row in stated if row[1]),
        name=clean_text(card.name),
        product_type=ProductType.SINGLE.value,
        category=Category.MTG.value,
        set_name=clean_text(card.set_name),
        set_code=card.set.upper(),
        number=card.collector_number,
        rarity=card.rarity,
        finishes=tuple(finish for finish in card.finishes if finish in _FINISHES),
        released_on=card.released_at,
        is_complete=False,
    )


def _id_text(value: Id) -> str:
    """Return an id as text, "" for none; ids have been integers, floats and text."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and 0 < value < 1e15 else ""
    return str(value) if value else ""
