"""Rows of a list in the database: matched products, certain costs, doubtful ones, offers."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from catalog.choices import Finish, ProductType
from catalog.importers.articles import Article, ArticleIdentifier
from catalog.models import Product, ProductIdentifier
from pricing.choices import Condition, QuarantineReason
from pricing.importers.distributor import PriceListRow
from pricing.models import (
    DistributorOffer,
    PriceBatch,
    PriceList,
    PriceSource,
    PriceVariant,
    QuarantinedPrice,
)
from pricing.observations import Observation

from ..unmatched import name_unmatched, note_unmatched

GTIN: Final = "gtin"
CASE_SUFFIX: Final = "_case"


def match_products(source: PriceSource, rows: Sequence[PriceListRow]) -> dict[str, Product]:
    """Return SKU -> product, by the distributor's own numbers first, then by UPC or EAN."""
    by_id: dict[tuple[str, str], UUID] = {}
    for space, ids in (
        (source.identifier_source, [row.sku for row in rows]),
        (GTIN, [row.gtin for row in rows if row.gtin]),
    ):
        known = ProductIdentifier.objects.filter(source=space, external_id__in=ids)
        by_id.update({(space, key): product for key, product in known.values_list("external_id", "product")})
    products = Product.objects.only("id", "key", "sealed_kind", "name").in_bulk(set(by_id.values()))
    found: dict[str, Product] = {}
    for row in rows:
        key = by_id.get((source.identifier_source, row.sku)) or by_id.get((GTIN, row.gtin))
        if key is not None:
            found[row.sku] = products[key]
    return found


def price_of(row: PriceListRow, product: Product) -> tuple[Decimal | None, str]:
    """Return what the product costs, and why that is doubtful ("" if it is not)."""
    if product.sealed_kind.endswith(CASE_SUFFIX):
        if row.cost.case is None and row.cost.unit is not None:
            return row.cost.unit, "the product is a case and only a cost per box is stated"
        return row.cost.case, "" if not row.cost.doubt else row.cost.doubt
    return row.cost.unit, row.cost.doubt


def list_unmatched(
    source: PriceSource, rows: Sequence[PriceListRow], products: Mapping[str, Product], *, now: datetime
) -> None:
    """List the articles that no identifier of the catalogue names, for staff to match."""
    unknown = [row for row in rows if row.sku not in products]
    note_unmatched(source.identifier_source, [row.sku for row in unknown], now=now)
    articles = [
        Article(
            identifiers=(ArticleIdentifier(source.identifier_source, row.sku),),
            name=row.name,
            product_type=ProductType.SEALED,
            category=row.category,
            set_name=row.set_name,
            is_complete=False,
        )
        for row in unknown
    ]
    name_unmatched(articles, now=now, name_space=source.identifier_source)


def certain_costs(
    source: PriceSource, rows: Sequence[PriceListRow], products: Mapping[str, Product]
) -> Iterator[Observation]:
    """Yield the cost of every matched article whose unit is certain."""
    for row in rows:
        product = products.get(row.sku)
        if product is None:
            continue
        price, doubt = price_of(row, product)
        if price is None or doubt:
            continue
        yield Observation(
            price=price,
            price_type=source.market_price_type,
            currency=row.currency,
            product_key=product.key,
            available_quantity=row.available_quantity,
        )


def hold_doubtful(
    batch: PriceBatch,
    rows: Sequence[PriceListRow],
    products: Mapping[str, Product],
    *,
    recorded_at: datetime,
    now: datetime,
) -> int:
    """Put the costs whose unit is not certain into quarantine; return how many are new.

    The number of statements does not depend on the number of rows.
    """
    doubtful = list(_doubtful_costs(rows, products))
    variants = {
        currency: PriceVariant.objects.get_or_create(
            condition=Condition.UNOPENED,
            finish=Finish.NONFOIL,
            price_type=batch.source.market_price_type,
            currency=currency,
        )[0]
        for currency in {row.currency for row, *_ in doubtful}
    }
    held = [
        QuarantinedPrice(
            product=product,
            source=batch.source,
            variant=variants[row.currency],
            batch=batch,
            price=price,
            available_quantity=row.available_quantity,
            recorded_at=recorded_at,
            reasons=[QuarantineReason.UNIT_UNCLEAR],
            evidence=_evidence(row, doubt),
            created_at=now,
        )
        for row, product, price, doubt in doubtful
    ]
    before = QuarantinedPrice.objects.filter(batch=batch).count()
    QuarantinedPrice.objects.bulk_create(held, ignore_conflicts=True)
    return QuarantinedPrice.objects.filter(batch=batch).count() - before


def _doubtful_costs(
    rows: Sequence[PriceListRow], products: Mapping[str, Product]
) -> Iterator[tuple[PriceListRow, Product, Decimal, str]]:
    for row in rows:
        product = products.get(row.sku)
        price, doubt = price_of(row, product) if product else (None, "")
        if product is not None and price is not None and doubt:
            yield row, product, price, doubt


def _evidence(row: PriceListRow, doubt: str) -> dict[str, object]:
    evidence = {
        "why": doubt,
        "unit": _text(row.cost.unit),
        "case": _text(row.cost.case),
        "case_quantity": row.case_quantity,
    }
    return {name: value for name, value in evidence.items() if value is not None}


def store_offers(
    price_list: PriceList,
    rows: Sequence[PriceListRow],
    products: Mapping[str, Product],
    recorded_at: datetime,
) -> None:
    """Write the newest row of each article; an older list does not overwrite a newer one."""
    newer = DistributorOffer.objects.filter(
        source=price_list.source, recorded_at__gt=recorded_at, sku__in=[row.sku for row in rows]
    )
    kept = set(newer.values_list("sku", flat=True))
    offers = [
        _offer(price_list, row, products.get(row.sku), recorded_at) for row in rows if row.sku not in kept
    ]
    changing = [
        field.name
        for field in DistributorOffer._meta.concrete_fields
        if field.name not in ("id", "source", "sku")
    ]
    DistributorOffer.objects.bulk_create(
        offers, update_conflicts=True, unique_fields=["source", "sku"], update_fields=changing
    )


def _offer(
    price_list: PriceList, row: PriceListRow, product: Product | None, recorded_at: datetime
) -> DistributorOffer:
    return DistributorOffer(
        source=price_list.source,
        sku=row.sku,
        gtin=row.gtin,
        name=row.name,
        set_name=row.set_name,
        category=row.category,
        product_type=row.product_type,
        product=product,
        case_quantity=row.case_quantity,
        unit_cost=row.cost.unit,
        case_cost=row.cost.case,
        msrp=row.msrp,
        currency=row.currency,
        minimum_quantity=row.minimum_quantity,
        available_quantity=row.available_quantity,
        is_quantity_open=row.is_quantity_open,
        released_on=row.released_on,
        order_cutoff=row.order_cutoff,
        status=row.status,
        is_unit_clear=not row.cost.doubt,
        price_list=price_list,
        recorded_at=recorded_at,
    )


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
