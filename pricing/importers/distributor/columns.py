"""Our columns, and the headers distributors use for them."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from pricing.errors import PriceFileError

# `cost` is a cost of which the list does not say what it is for; unit_cost and case_cost say it.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "sku": ("sku", "item", "item number", "item no", "item code", "stock number", "stock code", "part number",
            "product code", "code", "artikelnummer", "art nr", "reference", "ref"),
    "gtin": ("upc", "ean", "gtin", "barcode", "upc code", "ean code", "upc ean", "bar code", "upc/ean"),
    "name": ("name", "product", "product name", "description", "item description", "title", "bezeichnung",
             "item name"),
    "game": ("game", "brand", "line", "product line", "category", "franchise"),
    "set_name": ("set", "set name", "expansion", "edition", "series"),
    "product_type": ("product type", "type", "format", "kind"),
    "case_quantity": ("case qty", "case quantity", "case pack", "pack size", "units per case",
                      "qty per case", "carton qty", "case", "inner", "boxes per case", "ve"),
    "unit_cost": ("unit cost", "box cost", "cost per unit", "unit price", "cost each", "each", "per box",
                  "dealer cost each", "wholesale unit", "stückpreis"),
    "case_cost": ("case cost", "case price", "cost per case", "carton price", "price per case"),
    "cost": ("cost", "price", "dealer cost", "dealer price", "wholesale", "wholesale price",
             "net price",
             "net", "your price", "your cost", "ek", "preis"),
    "msrp": ("msrp", "rrp", "srp", "retail", "list price", "suggested retail", "uvp"),
    "currency": ("currency", "cur", "währung"),
    "minimum_quantity": ("moq", "min qty", "minimum", "minimum order", "min order", "minimum quantity"),
    "available_quantity": ("available", "available qty", "qty available", "stock", "qty", "quantity",
                           "on hand", "availability", "in stock", "bestand"),
    "released_on": ("release date", "street date", "release", "on sale date", "date"),
    "order_cutoff": ("order cutoff", "cutoff", "order by", "foc", "order due", "preorder deadline",
                     "due date"),
    "status": ("status", "item status", "notes", "allocation"),
}  # fmt: skip
COLUMNS: Final = tuple(ALIASES)
COST_COLUMNS: Final = ("unit_cost", "case_cost", "cost")
_BY_ALIAS: Final = {alias: column for column, aliases in ALIASES.items() for alias in aliases}


def normal(header: str) -> str:
    """Return a header as aliases are spelled: lower case, words with single blanks, no punctuation."""
    return " ".join(re.sub(r"[^\w/]+", " ", header.lower().replace("#", " number ")).split())


def known_headers(headers: Iterable[str]) -> int:
    """Return how many different columns of ours the headers name."""
    return len({_BY_ALIAS[normal(header)] for header in headers if normal(header) in _BY_ALIAS})


def guess_mapping(headers: Collection[str]) -> dict[str, str]:
    """Return our column -> the list's header, for headers that are known by name; the first of equals.

    A plain `cost` is left out when the list also states unit or case costs.
    """
    mapping: dict[str, str] = {}
    for header in headers:
        column = _BY_ALIAS.get(normal(header))
        if column:
            mapping.setdefault(column, header)
    if "unit_cost" in mapping or "case_cost" in mapping:
        mapping.pop("cost", None)
    return mapping


def check_mapping(mapping: Mapping[str, str], headers: Collection[str]) -> dict[str, str]:
    """Return the mapping without empty entries.

    Raises:
        PriceFileError: if a column or header does not exist, a header serves twice, or there is nothing to
            tell articles apart by, no name, or no cost.
    """
    chosen = {column: header for column, header in mapping.items() if header}
    for column, header in chosen.items():
        if column not in ALIASES:
            raise PriceFileError("mapping_refused", f"There is no column {column!r}: {', '.join(COLUMNS)}.")
        if header not in headers:
            raise PriceFileError("mapping_refused", f"The list has no header {header!r}.")
    twice = {header for header in chosen.values() if list(chosen.values()).count(header) > 1}
    if twice:
        raise PriceFileError("mapping_refused", f"Mapped twice: {', '.join(sorted(twice))}.")
    if "sku" not in chosen and "gtin" not in chosen:
        raise PriceFileError("mapping_refused", "Map the SKU or the UPC/EAN; names are not enough.")
    if "name" not in chosen:
        raise PriceFileError("mapping_refused", "Map the name: unmatched articles are listed by it.")
    if not any(column in chosen for column in COST_COLUMNS):
        raise PriceFileError("mapping_refused", "Map a cost: per unit, per case, or of unknown unit.")
    return chosen
