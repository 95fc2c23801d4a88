"""The catalogue files of tcgcsv.com: categories, groups (sets) and products. Pure.

The same envelope and rows as in the official API v1.39. Times are naive and of no stated zone, so only their
day is used. A product is a card if its extended data has a number or a rarity; otherwise it is taken for a
sealed product. It is the one catalogue that Pokémon and Yu-Gi-Oh! products are made from; Magic's comes from
MTGJSON, and here its products only bring their ids and names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Generic, TypeVar

import msgspec

from catalog.choices import Category, ProductType
from catalog.importers.articles import Article, ArticleIdentifier
from scrapers.errors import EvidenceMissing, MarkupDrift, RequestRejected, UnreadableAnswer
from scrapers.text import clean_text

from .vocabulary import DEAD_CATEGORIES, SOURCE, Game, sealed_kind

MAX_NUMBER: Final = 20
MAX_IMAGE_URL: Final = 300
_FIRST_YEAR: Final = 1990  # earlier "dates" are placeholders

Row = TypeVar("Row", bound=msgspec.Struct)


class Envelope(msgspec.Struct):
    """What every answer is wrapped in; rows stay raw so that one bad row costs one row."""

    success: bool
    results: list[msgspec.Raw] = []
    errors: list[object] = []


class CategoryRow(msgspec.Struct):
    """A game."""

    categoryId: int  # noqa: N815 - the venue's own field names
    name: str


class GroupRow(msgspec.Struct, frozen=True):
    """A set."""

    groupId: int  # noqa: N815
    name: str
    categoryId: int  # noqa: N815
    abbreviation: str | None = None
    publishedOn: str | None = None  # noqa: N815

    @property
    def published_on(self) -> date | None:
        """Return the day of release, if it can be meant."""
        return day_of(self.publishedOn)


class ExtendedDatum(msgspec.Struct):
    """One further field of a product; card text holds HTML and is not used."""

    name: str
    value: str | int | float | None = None


class PresaleInfo(msgspec.Struct):
    """Whether a product can only be ordered ahead."""

    isPresale: bool = False  # noqa: N815
    releasedOn: str | None = None  # noqa: N815


class ProductRow(msgspec.Struct):
    """A card in all its printings, or a sealed product."""

    productId: int  # noqa: N815
    name: str
    groupId: int  # noqa: N815
    imageUrl: str | None = None  # noqa: N815
    presaleInfo: PresaleInfo | None = None  # noqa: N815
    extendedData: list[ExtendedDatum] = []  # noqa: N815

    def extended(self, name: str) -> str:
        """Return one further field as text; empty if it is absent."""
        for datum in self.extendedData:
            if datum.name == name and datum.value is not None:
                return clean_text(str(datum.value))
        return ""

    @property
    def is_sealed(self) -> bool:
        """Whether nothing says that it is a card."""
        return not any(datum.name in ("Number", "Rarity") for datum in self.extendedData)


@dataclass(frozen=True, slots=True)
class Rows(Generic[Row]):
    """The readable rows of one answer, and how many could not be read."""

    rows: tuple[Row, ...]
    unreadable: int


_envelope_decoder: Final = msgspec.json.Decoder(Envelope)


def read_rows(body: bytes, kind: type[Row], *, name: str, may_be_empty: bool = False) -> Rows[Row]:
    """Read the rows of an answer. Errors beside results are a partial success: the results count.

    Args:
        body: the JSON document.
        kind: type of the rows.
        name: of the answer, for messages.
        may_be_empty: `success: false` without results stands for "there are none" (the API's 404).

    Raises:
        UnreadableAnswer: if it is no such document, or most of its rows are of another shape.
        RequestRejected: if it holds an error instead of results.
    """
    try:
        envelope = _envelope_decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableAnswer(detail=f"{name}: not TCGplayer's envelope: {error}.") from error
    if not envelope.success and not envelope.results:  # with results they are the fault of those missing
        if may_be_empty:
            return Rows((), 0)
        raise RequestRejected(detail=f"{name}: {clean_text(str(envelope.errors))}")
    rows = tuple(row for raw in envelope.results if (row := _decode(raw, kind)) is not None)
    unreadable = len(envelope.results) - len(rows)
    if unreadable > len(rows):
        raise MarkupDrift(
            detail=f"{name}: {unreadable} of {len(envelope.results)} rows are of another shape."
        )
    return Rows(rows, unreadable)


def _decode(raw: msgspec.Raw, kind: type[Row]) -> Row | None:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def parse_categories(body: bytes, *, games: tuple[Game, ...]) -> tuple[Game, ...]:
    """Return which of the games the mirror has, by number and name.

    Raises:
        EvidenceMissing: if a game's number belongs to another name, or none of the games is there.
        UnreadableAnswer, RequestRejected: see `read_rows`.
    """
    names = {row.categoryId: row.name for row in read_rows(body, CategoryRow, name="categories").rows}
    for game in games:
        name = names.get(game.number)
        if name is not None and name.casefold() != game.name.casefold():
            raise EvidenceMissing(
                detail=f"Category {game.number} is {clean_text(name)!r}, not {game.name}: numbers moved."
            )
    found = tuple(game for game in games if game.number in names and game.number not in DEAD_CATEGORIES)
    if not found:
        raise EvidenceMissing(detail="The categories name none of our games.")
    return found


def parse_groups(body: bytes, *, game: Game) -> tuple[GroupRow, ...]:
    """Return the groups of a game.

    Raises:
        UnreadableAnswer, RequestRejected: see `read_rows`.
    """
    rows = read_rows(body, GroupRow, name=f"{game.name} groups").rows
    return tuple(row for row in rows if row.categoryId == game.number)


def newest_first(groups: Mapping[GroupRow, Game]) -> list[tuple[GroupRow, Game]]:
    """Return groups with their games, latest release first and those without a day last."""
    return sorted(
        groups.items(), key=lambda item: (item[0].published_on or date.min, item[0].groupId), reverse=True
    )


def parse_products(
    body: bytes, *, group: GroupRow, game: Game, finishes: Mapping[str, tuple[str, ...]]
) -> tuple[Article, ...]:
    """Return the products of a group as articles.

    Args:
        body: the JSON document; an empty group may be told by the API's error.
        group: as asked for; products of another one are refused.
        game: of the group.
        finishes: product id -> the versions that prices name.

    Raises:
        EvidenceMissing: if a product says that it is of another group.
        UnreadableAnswer, RequestRejected: see `read_rows`.
    """
    name = f"{game.name} {group.name} products"
    rows = read_rows(body, ProductRow, name=name, may_be_empty=True).rows
    strangers = [row.productId for row in rows if row.groupId != group.groupId]
    if strangers:
        raise EvidenceMissing(detail=f"{name}: product {strangers[0]} is of another group.")
    return tuple(_articles(rows, group, game, finishes))


def _articles(
    rows: tuple[ProductRow, ...], group: GroupRow, game: Game, finishes: Mapping[str, tuple[str, ...]]
) -> Iterator[Article]:
    for row in rows:
        external_id = str(row.productId)
        number = row.extended("Number").partition("/")[0].strip()
        name = clean_text(row.name)
        if row.productId <= 0 or not name:
            continue
        presale = row.presaleInfo or PresaleInfo()
        yield Article(
            identifiers=(ArticleIdentifier(SOURCE, external_id),),
            name=name,
            product_type=(ProductType.SEALED if row.is_sealed else ProductType.SINGLE).value,
            category=game.category,
            set_name=clean_text(group.name),
            set_code=clean_text(group.abbreviation or ""),
            number=number if len(number) <= MAX_NUMBER else "",
            rarity=row.extended("Rarity"),
            finishes=() if row.is_sealed else finishes.get(external_id, ()),
            sealed_kind=sealed_kind(name) if row.is_sealed else "",
            released_on=day_of(presale.releasedOn) or group.published_on,
            image_url=_image_url(row.imageUrl),
            is_complete=game.category != Category.MTG and (row.is_sealed or bool(number)),
        )


def _image_url(text: str | None) -> str:
    url = (text or "").strip()
    return url if url.startswith("https://") and len(url) <= MAX_IMAGE_URL and url.isprintable() else ""


def day_of(text: str | None) -> date | None:
    """Return the day of a naive ISO time; None for placeholders and what is no time."""
    try:
        day = date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
    return day if day.year >= _FIRST_YEAR else None
