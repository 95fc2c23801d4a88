"""eBay's `filter` parameter; what of it is not understood becomes a warning beside unfiltered results."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from .ebay_listings import Listing

OPTIONS: Final = frozenset({"FIXED_PRICE", "AUCTION", "BEST_OFFER"})
IGNORED_NAMES: Final = frozenset(
    {
        "deliveryCountry", "itemLocationCountry", "itemStartDate", "itemEndDate", "sellers", "excludeSellers",
        "sellerAccountTypes", "maxDeliveryCost", "returnsAccepted", "pickupCountry", "searchInDescription",
        "itemLocationRegion", "excludeCategoryIds", "conditions", "guaranteedDeliveryInDays", "charityOnly",
    }
)  # fmt: skip
"""Filters eBay knows that change nothing in an invented market."""

_PART: Final = re.compile(r"([A-Za-z]+):(\{[^}]*\}|\[[^\]]*\]|[^,]*)(?:,|$)")
Test = Callable[[Listing], bool]


@dataclass(slots=True)
class Filters:
    """What a search is narrowed to. Tests with a warning are not applied, as in life."""

    tests: list[Test] = field(default_factory=list)
    warnings: list[dict[str, object]] = field(default_factory=list)

    def keep(self, listing: Listing) -> bool:
        """Tell whether a listing passes all filters that were understood."""
        return all(test(listing) for test in self.tests)


def parse_filters(text: str | None) -> Filters:
    """Read a `filter` parameter. Without one only fixed prices are returned."""
    filters = Filters()
    parts = {found[1]: found[2] for found in _PART.finditer(text or "")}
    if text and "".join(found[0] for found in _PART.finditer(text)) != text:
        filters.warnings.append(_warning(12002, "The 'filter' value is invalid."))
    _add_options(filters, parts.pop("buyingOptions", "{FIXED_PRICE}"))
    currency = parts.pop("priceCurrency", "")
    if "price" in parts:
        _add_price(filters, parts.pop("price"), currency)
    if "conditionIds" in parts:
        wanted = set(_members(parts.pop("conditionIds")))
        filters.tests.append(lambda listing: listing.condition_id in wanted)
    filters.warnings += [
        _warning(12002, f"The filter name '{name}' is unknown.")
        for name in parts
        if name not in IGNORED_NAMES
    ]
    return filters


def _add_options(filters: Filters, value: str) -> None:
    wanted = set(_members(value))
    if not wanted or not wanted <= OPTIONS:
        filters.warnings.append(_warning(12004, "The 'buyingOptions' filter value is invalid."))
        wanted = {"FIXED_PRICE"}
    filters.tests.append(lambda listing: ("AUCTION" if listing.is_auction else "FIXED_PRICE") in wanted)


def _add_price(filters: Filters, value: str, currency: str) -> None:
    if not currency:
        filters.warnings.append(_warning(12012, "The 'price' filter needs the 'priceCurrency' filter."))
        return
    low, separator, high = value.strip("[]").partition("..")
    try:
        least = Decimal(low) if low else Decimal(0)
        most = Decimal(high) if high else (Decimal("Infinity") if separator else least)
    except InvalidOperation:
        filters.warnings.append(_warning(12013, "The 'price' filter value is invalid."))
        return
    filters.tests.append(lambda listing: least <= listing.price <= most)


def _members(value: str) -> list[str]:
    return [one for one in value.strip("{}").split("|") if one]


def _warning(number: int, message: str) -> dict[str, object]:
    return {
        "errorId": number, "domain": "API_BROWSE", "category": "REQUEST", "message": message,
        "parameters": [{"name": "filter", "value": "invalid"}],
    }  # fmt: skip
