"""Distributors' price lists: upload, preview, import. An import can be tried without leaving a trace."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from catalog.choices import Finish, VenueKind
from catalog.models import Product, ProductIdentifier
from common.audit import record_event
from pricing.choices import Condition, PriceListStatus, QuarantineReason, Route
from pricing.errors import PriceFileError
from pricing.importers.distributor import (
    ListOptions,
    ParsedPriceList,
    PriceListRow,
    Table,
    guess_mapping,
    parse_price_list,
    read_table,
)
from pricing.models import (
    DistributorOffer,
    PriceBatch,
    PriceList,
    PriceSource,
    PriceVariant,
    QuarantinedPrice,
)
from pricing.observations import BatchFacts, Observation
from users.models import User

from .record import record_prices

GTIN: Final = "gtin"
CASE_SUFFIX: Final = "_case"
MAX_PROBLEMS_SHOWN: Final = 200
PARSER: Final = "distributor.list/1"
OLDEST_LIST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class PriceListReport:
    """What an import did, or would do. `prices_held` waits for a person: per box or per case is not clear."""

    rows: int
    matched: int
    unmatched: int
    prices_stored: int
    prices_known: int
    prices_held: int
    prices_quarantined: int
    without_cost: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    problems: Sequence[tuple[int, str]] = ()
    problem_count: int = 0

    def as_data(self) -> dict[str, Any]:
        """Return the report as JSON."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def upload_price_list(
    *, source: PriceSource, file_name: str, content: bytes, actor: User | None, now: datetime
) -> PriceList:
    """Keep a file as a draft, with the mapping its source was last imported by, or a guess.

    The same content for the same source again returns the list that is there.

    Raises:
        PriceFileError: if the file is no table with a header row, or the source is no distributor.
    """
    if source.venue.kind != VenueKind.DISTRIBUTOR:
        raise PriceFileError("not_a_distributor", f"{source.code} is no distributor's source.")
    table = read_table(content)
    digest = sha256(content).hexdigest()
    with transaction.atomic():
        known = PriceList.objects.filter(source=source, content_sha256=digest).order_by("id").first()
        if known:
            return known
        before = PriceList.objects.filter(source=source, status=PriceListStatus.IMPORTED)
        last = before.order_by("-imported_at").only("mapping", "options").first()
        fits = last is not None and set(last.mapping.values()) <= set(table.headers)
        price_list = PriceList.objects.create(
            source=source,
            file_name=file_name[:200],
            content=content,
            content_sha256=digest,
            mapping=last.mapping if last and fits else guess_mapping(table.headers),
            options=last.options if last and fits else {},
            uploaded_by=actor,
            uploaded_at=now,
        )
        _audit(price_list, "price_list.uploaded", {"sha256": digest}, actor=actor, now=now)
    return price_list


def table_of(price_list: PriceList) -> Table:
    """Return the cells of a stored list."""
    return read_table(bytes(price_list.content))


def import_price_list(
    price_list: PriceList,
    *,
    mapping: Mapping[str, str],
    options: ListOptions,
    actor: User | None,
    now: datetime,
    is_dry_run: bool = False,
) -> PriceListReport:
    """Read a list, keep its offers, and record the cost of every article the catalogue knows.

    The price of a case product is its case cost, that of anything else its unit cost. A cost whose unit is
    not certain is held in quarantine until a person decides. Importing twice changes nothing.

    Args:
        price_list: the stored file.
        mapping: our column -> the list's header.
        options: what the list does not say.
        actor: who imports it.
        now: the current time; the time of the prices unless the options give one.
        is_dry_run: do everything, report it, and store nothing.

    Raises:
        PriceFileError: if the mapping does not fit, or the list's time cannot be meant.
        BatchRefused: if prices cannot be recorded.
    """
    recorded_at = options.recorded_at or now
    if not now - OLDEST_LIST <= recorded_at <= now + timedelta(days=1):
        raise PriceFileError("absurd_date", "The list's date is more than a year old, or in the future.")
    parsed = parse_price_list(table_of(price_list), mapping=mapping, options=options)
    with transaction.atomic():
        locked = PriceList.objects.select_for_update(of=("self",)).select_related("source__venue")
        price_list = locked.get(pk=price_list.pk)
        report = _import(price_list, parsed, recorded_at=recorded_at, now=now)
        price_list.mapping = {column: header for column, header in mapping.items() if header}
        price_list.options = options.as_data()
        price_list.status, price_list.imported_at = PriceListStatus.IMPORTED, now
        price_list.report = report.as_data()
        price_list.save()
        facts = {key: value for key, value in report.as_data().items() if key != "problems"}
        _audit(price_list, "price_list.imported", facts, actor=actor, now=now)
        if is_dry_run:
            transaction.set_rollback(True)
    return report


def _import(
    price_list: PriceList, parsed: ParsedPriceList, *, recorded_at: datetime, now: datetime
) -> PriceListReport:
    source = price_list.source
    products = _products(source, parsed.rows)
    _store_offers(price_list, parsed.rows, products, recorded_at)
    batch = record_prices(
        source=source,
        observations=_observations(source, parsed.rows, products),
        batch=BatchFacts(
            recorded_at=recorded_at,
            route=Route.FILE,
            source_url=price_list.file_name,
            content_sha256=price_list.content_sha256,
            rows_read=len(parsed.rows),
            skipped=Counter(parsed.skipped),
            fetched_at=price_list.uploaded_at,
            parser=PARSER,
        ),
        now=now,
    )
    price_list.batch = batch
    return PriceListReport(
        rows=len(parsed.rows),
        matched=len(products),
        unmatched=len(parsed.rows) - len(products),
        prices_stored=batch.prices_stored,
        prices_known=batch.prices_known,
        prices_held=_hold_doubtful(batch, parsed.rows, products, recorded_at=recorded_at, now=now),
        prices_quarantined=batch.prices_quarantined,
        without_cost=sum(row.cost.unit is None and row.cost.case is None for row in parsed.rows),
        skipped=dict(parsed.skipped),
        problems=[(problem.row, problem.reason) for problem in parsed.problems[:MAX_PROBLEMS_SHOWN]],
        problem_count=len(parsed.problems),
    )


def _products(source: PriceSource, rows: Sequence[PriceListRow]) -> dict[str, Product]:
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


def _price(row: PriceListRow, product: Product) -> tuple[Decimal | None, str]:
    """Return what the product costs, and why that is doubtful ("" if it is not)."""
    if product.sealed_kind.endswith(CASE_SUFFIX):
        if row.cost.case is None and row.cost.unit is not None:
            return row.cost.unit, "the product is a case and only a cost per box is stated"
        return row.cost.case, "" if not row.cost.doubt else row.cost.doubt
    return row.cost.unit, row.cost.doubt


def _observations(
    source: PriceSource, rows: Sequence[PriceListRow], products: Mapping[str, Product]
) -> Iterator[Observation]:
    for row in rows:
        product = products.get(row.sku)
        if product is None:
            continue
        price, doubt = _price(row, product)
        if price is None or doubt:
            continue
        yield Observation(
            price=price,
            price_type=source.market_price_type,
            currency=row.currency,
            product_key=product.key,
            available_quantity=row.available_quantity,
        )


def _hold_doubtful(
    batch: PriceBatch,
    rows: Sequence[PriceListRow],
    products: Mapping[str, Product],
    *,
    recorded_at: datetime,
    now: datetime,
) -> int:
    held = []
    for row in rows:
        product = products.get(row.sku)
        price, doubt = _price(row, product) if product else (None, "")
        if product is None or price is None or not doubt:
            continue
        variant, _ = PriceVariant.objects.get_or_create(
            condition=Condition.UNOPENED,
            finish=Finish.NONFOIL,
            price_type=batch.source.market_price_type,
            currency=row.currency,
        )
        evidence = {
            "why": doubt,
            "unit": _text(row.cost.unit),
            "case": _text(row.cost.case),
            "case_quantity": row.case_quantity,
        }
        held.append(
            QuarantinedPrice(
                product=product,
                source=batch.source,
                variant=variant,
                batch=batch,
                price=price,
                available_quantity=row.available_quantity,
                recorded_at=recorded_at,
                reasons=[QuarantineReason.UNIT_UNCLEAR],
                evidence={name: value for name, value in evidence.items() if value is not None},
                created_at=now,
            )
        )
    before = QuarantinedPrice.objects.filter(batch=batch).count()
    QuarantinedPrice.objects.bulk_create(held, ignore_conflicts=True)
    return QuarantinedPrice.objects.filter(batch=batch).count() - before


def _store_offers(
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


def _audit(
    price_list: PriceList, verb: str, data: Mapping[str, Any], *, actor: User | None, now: datetime
) -> None:
    record_event(
        actor=actor,
        verb=verb,
        subject=f"price_list:{price_list.pk}",
        data={"source": price_list.source.code, **data},
        now=now,
    )
