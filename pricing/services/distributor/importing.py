"""Distributors' price lists: upload, preview, import. An import can be tried without leaving a trace."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.db import transaction

from catalog.choices import VenueKind
from common.audit import record_event
from common.outbox import enqueue
from pricing.choices import PriceListStatus, Route
from pricing.errors import PriceFileError
from pricing.importers.distributor import (
    ListOptions,
    ParsedPriceList,
    Table,
    guess_mapping,
    parse_price_list,
    read_table,
)
from pricing.models import PriceList, PriceSource
from pricing.observations import BatchFacts
from users.models import User

from ..record import record_prices
from .storing import certain_costs, hold_doubtful, list_unmatched, match_products, store_offers

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
        if report.unmatched:
            key = f"suggest-matches:{now:%Y-%m-%dT%H:%M}"
            enqueue(task="pricing.suggest_matches", kwargs={}, queue="default", key=key)
        if is_dry_run:
            transaction.set_rollback(True)
    return report


def _import(
    price_list: PriceList, parsed: ParsedPriceList, *, recorded_at: datetime, now: datetime
) -> PriceListReport:
    source = price_list.source
    products = match_products(source, parsed.rows)
    list_unmatched(source, parsed.rows, products, now=now)
    store_offers(price_list, parsed.rows, products, recorded_at)
    batch = record_prices(
        source=source,
        observations=certain_costs(source, parsed.rows, products),
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
        prices_held=hold_doubtful(batch, parsed.rows, products, recorded_at=recorded_at, now=now),
        prices_quarantined=batch.prices_quarantined,
        without_cost=sum(row.cost.unit is None and row.cost.case is None for row in parsed.rows),
        skipped=dict(parsed.skipped),
        problems=[(problem.row, problem.reason) for problem in parsed.problems[:MAX_PROBLEMS_SHOWN]],
        problem_count=len(parsed.problems),
    )


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
