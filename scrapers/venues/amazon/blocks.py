"""Finding the price on an Amazon product page, whose price block comes in several forms.

The amount to pay stands up to three times in one block: for screen readers inside the price, for screen
readers beside it (sometimes after a discount, "-40% $18.79"), and in pieces for the eye. Newer pages leave
some of them empty. All that are there must agree; struck prices, unit prices and discounts are never read.
"""

import re
from collections.abc import Mapping
from typing import Final

from bs4 import BeautifulSoup, Tag
from bs4.element import NamespacedAttribute
from bs4.filter import SoupStrainer

from quant.money import Money, currency_exponent
from scrapers.amounts import AmountUnclear, parse_price_text
from scrapers.errors import EvidenceMissing

from .marketplaces import Marketplace

PRICE_BLOCK: Final = "corePriceDisplay_desktop_feature_div"
_IDS: Final = frozenset({"productTitle", PRICE_BLOCK, "availability", "outOfStock", "usedOnlyBuybox"})
_SAVINGS: Final = re.compile(
    r"^(?:-? ?[0-9]{1,2} ?% )?(?P<price>.+?)"
    r"(?: (?:with|mit|avec|con|met) [0-9]{1,2} (?:percent|prozent|pour cent|per cento|por ciento|procent)"
    r"\b.*)?$",
    re.IGNORECASE,
)
_NOT_PAYABLE: Final = frozenset({"basisPrice", "a-text-price", "pricePerUnit"})


_Attributes = Mapping[str | NamespacedAttribute, str]


class PageParts:
    """The parts of a product page that matter, and nothing else of it.

    Args:
        page: the HTML.
    """

    def __init__(self, page: str) -> None:
        soup = BeautifulSoup(page, "lxml", parse_only=_PartsFilter(), multi_valued_attributes=None)
        tags = [child for child in soup.contents if isinstance(child, Tag)]
        self.title = next((_text(tag) for tag in tags if tag.get("id") == "productTitle"), "")
        self.asins = {str(tag.get("value") or "") for tag in tags if tag.name == "input"}
        self.blocks = [tag for tag in tags if tag.get("id") == PRICE_BLOCK]
        availability = [tag for tag in tags if tag.get("id") in ("availability", "outOfStock")]
        self.availability = " ".join(_text(tag) for tag in availability)
        self.is_used_only = any(tag.get("id") == "usedOnlyBuybox" for tag in tags)


class _PartsFilter(SoupStrainer):
    """Lets BeautifulSoup build only the elements with the ids above and the ASIN's input."""

    def allow_tag_creation(self, nsprefix: str | None, name: str, attrs: _Attributes | None) -> bool:
        """Tell whether an element that is in no other part is one."""
        if not attrs:
            return False
        return attrs.get("id") in _IDS or (name == "input" and attrs.get("name") == "ASIN")

    def allow_string_creation(self, string: str) -> bool:
        """Leave out text between the parts."""
        return False


def read_price(parts: PageParts, *, marketplace: Marketplace) -> Money | None:
    """Return the amount to pay, or None if the page has no such block.

    Raises:
        EvidenceMissing: if a block holds no readable price, its readings contradict each other or each its
            own, or it is in another currency than the marketplace's.
    """
    readings: set[Money] = set()
    for block in parts.blocks:
        for price in _with_class(block, "priceToPay"):
            if not _is_inside(price, _NOT_PAYABLE, upto=block):
                readings |= _readings(price, marketplace)
    if not parts.blocks:
        return None
    if len(readings) != 1:
        found = ", ".join(sorted(map(str, readings))) or "none"
        raise EvidenceMissing(detail=f"Amazon's price block does not hold one price: {found}.")
    money = readings.pop()
    if money.currency != marketplace.currency or not money.amount:
        raise EvidenceMissing(detail=f"Amazon's price {money} is not one in {marketplace.currency}.")
    return money


def _readings(price: Tag, marketplace: Marketplace) -> set[Money]:
    texts = [_text(tag) for tag in _with_class(price, "a-offscreen")]
    beside = price.parent.find_all(True, recursive=False) if price.parent else []
    texts.extend(_without_savings(_text(tag)) for tag in beside if "aok-offscreen" in _classes(tag))
    texts.append(_assembled(price, marketplace))
    return {_money(text, marketplace) for text in texts if text}


def _money(text: str, marketplace: Marketplace) -> Money:
    try:
        money = parse_price_text(text, currency=marketplace.currency, decimal_mark=marketplace.decimal_mark)
    except AmountUnclear as error:
        raise EvidenceMissing(detail=f"Amazon's price: {error.detail}") from error
    if money.amount.as_tuple().exponent != -currency_exponent(money.currency):  # it always writes the cents
        raise EvidenceMissing(detail=f"Amazon's price {text[:40]!r} is incomplete.")
    return money


def _without_savings(text: str) -> str:
    match = _SAVINGS.match(text)
    return match["price"] if match else text


def _assembled(price: Tag, marketplace: Marketplace) -> str:
    """Put the price together from the pieces for the eye; empty if there are none."""
    if not _with_class(price, "a-price-whole"):
        return ""
    symbol = _piece(price, "a-price-symbol")
    whole = _piece(price, "a-price-whole").rstrip(".,")
    fraction = _piece(price, "a-price-fraction")
    if len(fraction) != currency_exponent(marketplace.currency):
        raise EvidenceMissing(detail=f"Amazon's price {symbol}{whole} {fraction} is incomplete.")
    return f"{symbol}{whole}{marketplace.decimal_mark}{fraction}" if fraction else f"{symbol}{whole}"


def _piece(price: Tag, name: str) -> str:
    return next((_text(tag) for tag in _with_class(price, name)), "")


def _with_class(element: Tag, name: str) -> list[Tag]:
    return [tag for tag in element.find_all(True) if name in _classes(tag)]


def _classes(tag: Tag) -> list[str]:
    return str(tag.get("class") or "").split()


def _is_inside(tag: Tag, names: frozenset[str], *, upto: Tag) -> bool:
    here: Tag | None = tag
    while here is not None and here is not upto:
        if not names.isdisjoint(_classes(here)):
            return True
        here = here.parent
    return False


def _text(tag: Tag) -> str:
    return " ".join(tag.get_text().split())
