"""Answers of Cardmarket's API 2.0. Pure.

A product carries its price guide, in EUR by the API's documentation and with 0 for "none". Articles are
offers: their currency is stated, an offer of a playset is for four copies, and sellers' personal data stands
beside it, which is not even decoded. A page beyond the last one is an empty body. Errors are an object with
`mkm_error_description`, whatever the status.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, TypeVar

import msgspec

from catalog.choices import Finish
from pricing.choices import Condition, PriceType
from scrapers.errors import EvidenceMissing, NotListed, RequestRejected, UnreadableAnswer
from scrapers.records import Quote, SearchHit
from scrapers.text import clean_text
from scrapers.venues.numbers import count_or_none, id_text, price_or_none

from .vocabulary import CONDITIONS, CURRENCY

COMPETING: Final = Decimal("1.05")  # a seller competes whose ask is at most 5 % above the lowest one
ENGLISH: Final = 1
# AVG is the average of what is on offer, not of sales, and LOWEX that of two grades: neither is used.
_GUIDE: Final = (
    ("TREND", PriceType.TREND.value, Finish.NONFOIL.value),
    ("LOW", PriceType.LOW.value, Finish.NONFOIL.value),
    ("SELL", PriceType.AVG.value, Finish.NONFOIL.value),
    ("TRENDFOIL", PriceType.TREND.value, Finish.FOIL.value),
    ("LOWFOIL", PriceType.LOW.value, Finish.FOIL.value),
)

T = TypeVar("T")


class ApiError(msgspec.Struct):
    """What the API says instead of an answer."""

    mkm_error_description: str = ""


class ExpansionRef(msgspec.Struct):
    """The set of a product."""

    enName: str = ""  # noqa: N815 - the venue's own field names


class Product(msgspec.Struct):
    """One article of the catalogue, alone or in a list of found ones."""

    idProduct: Decimal  # noqa: N815
    enName: str  # noqa: N815
    categoryName: str = ""  # noqa: N815
    number: str | None = None
    website: str | None = None
    expansionName: str | None = None  # noqa: N815
    expansion: ExpansionRef | None = None
    priceGuide: dict[str, Decimal | None] = {}  # noqa: N815

    @property
    def is_sealed(self) -> bool:
        """Whether its category is none of single cards."""
        return "single" not in self.categoryName.casefold()


class ProductAnswer(msgspec.Struct):
    """One product."""

    product: Product


class FindAnswer(msgspec.Struct):
    """Products found."""

    product: list[Product] = []


class Language(msgspec.Struct):
    """The language of an offered copy."""

    idLanguage: int  # noqa: N815


class Seller(msgspec.Struct):
    """As much of a seller as tells one from another."""

    idUser: Decimal  # noqa: N815


class Article(msgspec.Struct):
    """An offer."""

    idProduct: Decimal  # noqa: N815
    price: Decimal
    currencyCode: str  # noqa: N815
    count: Decimal
    seller: Seller
    language: Language
    condition: str | None = None
    isFoil: bool = False  # noqa: N815
    isReverseHolo: bool = False  # noqa: N815
    isFirstEd: bool = False  # noqa: N815
    isSigned: bool = False  # noqa: N815
    isAltered: bool = False  # noqa: N815
    isPlayset: bool = False  # noqa: N815

    @property
    def finish(self) -> str:
        """Return the version offered: Magic flags foils, Pokémon reverse holos and first editions."""
        if self.isFirstEd:
            return (Finish.FIRST_EDITION_FOIL if self.isFoil else Finish.FIRST_EDITION).value
        if self.isReverseHolo:
            return Finish.REVERSE.value
        return (Finish.FOIL if self.isFoil else Finish.NONFOIL).value


class ArticleAnswer(msgspec.Struct):
    """A page of offers."""

    article: list[Article]


def refuse_errors(body: bytes) -> None:
    """Raise what an answer says is wrong.

    Raises:
        RequestRejected: with the venue's description.
    """
    try:
        error = msgspec.json.decode(body, type=ApiError)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return  # of another shape: whoever reads the rest says so
    if error.mkm_error_description:
        raise RequestRejected(detail=f"Cardmarket: {clean_text(error.mkm_error_description)}")


def _decoded(body: bytes, kind: type[T], *, name: str) -> T:
    refuse_errors(body)
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableAnswer(detail=f"{name}: not Cardmarket's answer: {error}.") from error


def parse_product(body: bytes, *, product_id: str) -> Product:
    """Return a product.

    Raises:
        NotListed: if the answer is empty.
        EvidenceMissing: if it is another product, or of no category.
        UnreadableAnswer, RequestRejected: if it is of another shape, or says what is wrong.
    """
    if not body.strip():
        raise NotListed(detail=f"Cardmarket knows no product {product_id}.")
    product = _decoded(body, ProductAnswer, name="product").product
    if id_text(product.idProduct, name="idProduct") != product_id:
        raise EvidenceMissing(detail=f"The answer is about product {product.idProduct}, not {product_id}.")
    if not product.categoryName:
        raise EvidenceMissing(detail=f"The answer does not say whether product {product_id} is a card.")
    return product


def guide_quotes(product: Product) -> tuple[Quote, ...]:
    """Return the statistics of a product's price guide; of cards in any condition."""
    return tuple(
        Quote(amount, price_type, "" if product.is_sealed else finish)
        for name, price_type, finish in _GUIDE
        if (amount := price_or_none(product.priceGuide.get(name))) is not None
    )


def parse_articles(body: bytes, *, product_id: str) -> list[Article]:
    """Return the offers of a page as they are; an empty body is the end.

    Raises:
        EvidenceMissing: if an offer is of another product.
        UnreadableAnswer, RequestRejected: if the answer is of another shape, or says what is wrong.
    """
    if not body.strip():
        return []
    articles = _decoded(body, ArticleAnswer, name="articles").article
    for article in articles:
        if id_text(article.idProduct, name="idProduct") != product_id:
            raise EvidenceMissing(detail=f"An offer is of product {article.idProduct}, not {product_id}.")
    return articles


def lowest_offers(articles: Sequence[Article], *, is_sealed: bool, is_complete: bool) -> tuple[Quote, ...]:
    """Return the lowest ask of each version and condition, with the sellers and copies within 5 % of it.

    Playsets, signed and altered copies, other languages and other currencies are left out. Offers that are
    neither all there are nor in the order of their prices say nothing of the lowest: none is returned.
    """
    asks = [article.price for article in articles if price_or_none(article.price) is not None]
    if not is_complete and asks != sorted(asks):
        return ()
    groups: dict[tuple[str, str], list[Article]] = defaultdict(list)
    for article in articles:
        condition = Condition.UNOPENED if is_sealed else CONDITIONS.get(article.condition or "")
        if condition is not None and _is_comparable(article):
            groups["" if is_sealed else article.finish, condition.value].append(article)
    return tuple(_lowest(group, finish, condition) for (finish, condition), group in groups.items())


def _is_comparable(article: Article) -> bool:
    return (
        price_or_none(article.price) is not None
        and bool(count_or_none(article.count))
        and article.currencyCode == CURRENCY
        and article.language.idLanguage == ENGLISH
        and not (article.isPlayset or article.isSigned or article.isAltered)
    )


def _lowest(articles: Iterable[Article], finish: str, condition: str) -> Quote:
    offers = list(articles)
    lowest = min(article.price for article in offers)
    competing = [article for article in offers if article.price <= lowest * COMPETING]
    return Quote(
        amount=lowest,
        price_type=PriceType.LOW.value,
        finish=finish,
        condition=condition,
        seller_count=len({id_text(article.seller.idUser, name="idUser") for article in competing}),
        available_quantity=sum(count_or_none(article.count) or 0 for article in competing),
    )


def parse_found(body: bytes) -> list[SearchHit]:
    """Return the products a search found.

    Raises:
        UnreadableAnswer, RequestRejected: if the answer is of another shape, or says what is wrong.
    """
    if not body.strip():
        return []
    return [
        SearchHit(
            external_id=id_text(product.idProduct, name="idProduct"),
            name=clean_text(product.enName),
            set_name=clean_text(
                product.expansionName or (product.expansion.enName if product.expansion else "")
            ),
            number=clean_text(product.number or ""),
            url=f"https://www.cardmarket.com{product.website}" if _is_path(product.website) else "",
            currency=CURRENCY,
        )
        for product in _decoded(body, FindAnswer, name="found products").product
    ]


def _is_path(text: str | None) -> bool:
    return (
        bool(text)
        and str(text).startswith("/")
        and not str(text).startswith("//")
        and str(text).isprintable()
    )
