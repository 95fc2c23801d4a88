"""Faults in the figures: the answer has its usual form, but a price in it is wrong, absent or another thing.

They know prices by the names the venues give them; a page's amounts by their currency sign. `data` may hold
`only`: a piece of text that must occur in a JSON object (or a page) for its prices to be changed.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final

from aiohttp import web

from .table import Answer, Firing, Layer, fault

PRICE_NAMES: Final = frozenset(
    {
        "lowPrice", "midPrice", "highPrice", "marketPrice", "directLowPrice", "lowestPrice", "price",
        "lowestPriceWithShipping", "lowestListingPrice", "medianPrice", "sellerPrice", "purchasePrice",
        "lowSalePrice", "highSalePrice", "lowSalePriceWithShipping", "highSalePriceWithShipping", "value",
        "amount", "usd", "usd_foil", "usd_etched", "eur", "eur_foil", "tcgplayer_price", "cardmarket_price",
        "ebay_price", "amazon_price", "set_price", "price_retail", "price_buy", "market", "mid", "high",
        "averageSellPrice", "trendPrice", "avg", "low", "trend", "avg1", "avg7", "avg30", "SELL", "LOW",
        "LOWEX", "LOWFOIL", "AVG", "TREND", "TRENDFOIL", "nm_price",
    }
)  # fmt: skip
ID_NAMES: Final = frozenset(
    {"productId", "idProduct", "itemId", "legacyItemId", "epid", "asin", "skuId", "uuid", "scryfall_id"}
)
_SUFFIXES: Final = ("-foil", "-holo")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_AMOUNT: Final = re.compile(r"(?<=[$£€])\d[\d,]*\.\d\d")
_WHOLE: Final = re.compile(r'(?<=a-price-whole">)\d[\d,]*')

Scalar = Any


def is_price(name: str, value: object) -> bool:
    """Tell whether a member of a JSON object is an amount."""
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    is_named = name in PRICE_NAMES or _DAY.fullmatch(name) is not None
    return is_named and _amount(value) is not None


def change_prices(document: Any, change: Callable[[Decimal], Scalar], *, only: str = "") -> Any:
    """Return the document with every price changed. Texts stay texts, and a page's amounts keep their sign.

    Args:
        document: decoded JSON, or a page's text.
        change: what becomes of an amount: another amount, or None to write `null`.
        only: change objects that hold this text alone; empty changes all.
    """
    if isinstance(document, str):
        return _change_page(document, change) if only in document else document
    return _walk(document, change, only)


def objects(document: Any) -> Iterator[dict[str, Any]]:
    """Yield every JSON object in a document, outer ones first."""
    if isinstance(document, dict):
        yield document
    if isinstance(document, dict | list):
        for value in document.values() if isinstance(document, dict) else document:
            yield from objects(value)


@fault("price_null", Layer.DOCUMENT)
def price_null(document: Any, firing: Firing) -> Any:
    """Every price is null; a page shows none."""
    return change_prices(document, lambda amount: None, only=_only(firing))


@fault("price_zero", Layer.DOCUMENT)
def price_zero(document: Any, firing: Firing) -> Any:
    """Every price is 0."""
    return change_prices(document, lambda amount: Decimal("0.00"), only=_only(firing))


@fault("price_negative", Layer.DOCUMENT)
def price_negative(document: Any, firing: Firing) -> Any:
    """Every price is below zero."""
    return change_prices(document, lambda amount: -amount, only=_only(firing))


@fault("price_missing", Layer.DOCUMENT)
def price_missing(document: Any, firing: Firing) -> Any:
    """No object has its prices."""
    if isinstance(document, str):
        return price_null(document, firing)
    for one in objects(document):
        for name in [name for name, value in one.items() if is_price(name, value)]:
            del one[name]
    return document


@fault("price_x100", Layer.DOCUMENT)
def price_x100(document: Any, firing: Firing) -> Any:
    """Every price is a hundred times too high (`factor`): cents taken for dollars, a lost decimal point."""
    factor = Decimal(str(firing.data.get("factor", 100)))
    return change_prices(document, lambda amount: amount * factor, only=_only(firing))


@fault("price_text", Layer.DOCUMENT)
def price_text(document: Any, firing: Firing) -> Any:
    """Every price is a word."""
    if isinstance(document, str):
        return _AMOUNT.sub("N/A", document)
    return change_prices(document, lambda amount: "call", only=_only(firing))


@fault("price_nan", Layer.BODY)
async def price_nan(request: web.Request, answer: Answer, firing: Firing) -> web.StreamResponse:
    """Prices are NaN and Infinity, which is no JSON but what some servers write."""
    text = _NUMBER_MEMBER.sub(
        lambda found: f'"{found[1]}":{firing.chance.choice(_NO_NUMBERS)}', _text(answer)
    )
    return web.Response(body=text.encode(), status=answer.status, headers=answer.headers)


@fault("duplicate_keys", Layer.BODY)
async def duplicate_keys(request: web.Request, answer: Answer, firing: Firing) -> web.StreamResponse:
    """Every price is stated twice in its object; the second is a hundredth of the first."""

    def twice(found: re.Match[str]) -> str:
        small = Decimal(found[2]) / 100
        return f'"{found[1]}":{found[2]},"{found[1]}":{small}'

    body = _NUMBER_MEMBER.sub(twice, _text(answer)).encode()
    return web.Response(body=body, status=answer.status, headers=answer.headers)


@fault("float_ids", Layer.DOCUMENT)
def float_ids(document: Any, firing: Firing) -> Any:
    """Whole numbers arrive as floats: `84597.0`."""
    for one in objects(document):
        for name, value in one.items():
            if isinstance(value, int) and not isinstance(value, bool):
                one[name] = float(value)
    return document


@fault("string_numbers", Layer.DOCUMENT)
def string_numbers(document: Any, firing: Firing) -> Any:
    """Numbers arrive as texts."""
    for one in objects(document):
        for name, value in one.items():
            if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                one[name] = str(value)
    return document


@fault("currency_change", Layer.DOCUMENT)
def currency_change(document: Any, firing: Firing) -> Any:
    """The same figures in another currency (`currency`, default JPY), where the answer states one."""
    currency = str(firing.data.get("currency", "JPY"))
    if isinstance(document, str):
        return document.replace("$", f"{currency} ")
    for one in objects(document):
        for name in ("currency", "currencyCode", "unit"):
            if isinstance(one.get(name), str):
                one[name] = currency
        if isinstance(one.get("displayAmount"), str):
            one["displayAmount"] = f"{currency} {one['displayAmount'].lstrip('$')}"
    return document


@fault("currency_missing", Layer.DOCUMENT)
def currency_missing(document: Any, firing: Firing) -> Any:
    """No currency is stated."""
    if isinstance(document, str):
        return document.replace("$", "")
    for one in objects(document):
        for name in ("currency", "currencyCode", "unit"):
            one.pop(name, None)
    return document


@fault("unit_change", Layer.DOCUMENT)
def unit_change(document: Any, firing: Firing) -> Any:
    """A box becomes a case of six: name and price both change, the id stays."""
    renamed = _rename(document)
    return change_prices(renamed, lambda amount: amount * 6, only=_only(firing))


@fault("wrong_article", Layer.DOCUMENT)
def wrong_article(document: Any, firing: Firing) -> Any:
    """The answer is about other articles: every id is another one, the prices look right."""
    if isinstance(document, str):
        return re.sub(r"B0\d{8}", "B099999999", re.sub(r"(?<=/itm/)\d+", "199999999999", document))
    for one in objects(document):
        for name in ID_NAMES & one.keys():
            one[name] = _other_id(one[name])
    return document


_NUMBER_MEMBER: Final = re.compile(
    '"((?:' + "|".join(sorted(PRICE_NAMES)) + r')(?:-foil|-holo)?)":\s?(\d+(?:\.\d+)?)'
)
_NO_NUMBERS: Final = ("NaN", "Infinity", "-Infinity")


def _other_id(value: Any) -> Any:
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, str):
        return value[:-1] + ("1" if value[-1:] != "1" else "2")
    return value


def _walk(value: Any, change: Callable[[Decimal], Scalar], only: str) -> Any:
    if isinstance(value, list):
        return [_walk(item, change, only) for item in value]
    if not isinstance(value, dict):
        return value
    applies = not only or only in str(value)
    return {
        name: _like(item, change) if applies and is_price(name, item) else _walk(item, change, only)
        for name, item in value.items()
    }


def _like(value: Scalar, change: Callable[[Decimal], Scalar]) -> Scalar:
    """Return the changed amount in the form the original had."""
    amount = _amount(value)
    changed = change(amount) if amount is not None else value
    return str(changed) if isinstance(value, str) and isinstance(changed, Decimal) else changed


def _amount(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    text = str(value)
    return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def _change_page(page: str, change: Callable[[Decimal], Scalar]) -> str:
    def replaced(found: re.Match[str]) -> str:
        changed = change(Decimal(found[0].replace(",", "")))
        return "" if changed is None else f"{changed:.2f}"

    def replaced_whole(found: re.Match[str]) -> str:
        changed = change(Decimal(found[0].replace(",", "")))
        return "" if changed is None else f"{changed:.0f}"

    return _WHOLE.sub(replaced_whole, _AMOUNT.sub(replaced, page))


def _rename(document: Any) -> Any:
    if isinstance(document, str):
        return document.replace("Booster Box", "Booster Box Case")
    for one in objects(document):
        for name, value in one.items():
            if isinstance(value, str) and value.endswith("Booster Box"):
                one[name] = f"{value} Case"
    return document


def _only(firing: Firing) -> str:
    return str(firing.data.get("only", ""))


def _text(answer: Answer) -> str:
    return answer.body.decode("utf-8", errors="replace")
