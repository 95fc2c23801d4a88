"""Brings the invented market into the database, or an existing one up to now, through the real importers."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from django.db import transaction

from catalog.choices import ProductType
from catalog.importers.mtgjson import import_mtgjson
from catalog.models import Product, ProductIdentifier
from opportunities.models import Opportunity
from opportunities.services import analyze_products
from pricing.errors import PriceFileError
from pricing.importers import ParsedPrices, parse_price_guide
from pricing.importers.cardmarket import SOURCE
from pricing.importers.files import read_content
from pricing.models import PriceBatch
from pricing.observations import BatchFacts, Observation
from pricing.rates import NewRate
from pricing.selectors import price_source
from pricing.services import import_price_files, record_fx_rates, record_prices

from .errors import OtherDemoPresent, RealProductsPresent
from .identifiers import sealed_ids
from .listings import build_market
from .live import install_live_desk
from .manifest import MANIFEST, Manifest, read_manifest
from .market import Market, Size
from .mtgjson_file import write_catalogue
from .offers import write_offers
from .price_files import write_guides
from .walks import walk_prices

DEMO_RATES = "demo"
STEPS = 4
GUIDES_PER_BATCH = 3  # measured: fewer repeat the fixed cost of a batch, more make its joins slower

Tell = Callable[[int, str], object]


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What the demo market holds after an installation. `days` counts the guides imported this time.

    `markets` counts the live markets: gift-card desks and exchanges.
    """

    size: str
    seed: int
    products: int
    sealed: int
    days: int
    prices_stored: int
    prices_quarantined: int
    opportunities: int
    needs_review: int
    markets: int
    folder: str
    seconds: float

    def as_data(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return asdict(self)


def install_demo(
    *, size: Size, seed: int, now: datetime, folder: Path, is_forced: bool = False, tell: Tell | None = None
) -> DemoReport:
    """Install the demo market, or bring the one that is there up to `now`.

    Doing it twice within an hour changes nothing. The files stay in the folder: they are what was imported.

    Args:
        size: how large a new market is.
        seed: which market; the same seed gives the same market.
        now: the current time; today's prices carry its last full hour.
        folder: where the files go.
        is_forced: install beside real products.
        tell: called with (steps done, what comes next).

    Raises:
        RealProductsPresent: when other products exist and `is_forced` is not set.
        OtherDemoPresent: when a demo market of another size or seed is there.
    """
    started = time.monotonic()
    tell = tell or (lambda steps, note: None)
    present = _present(folder, size=size, seed=seed, is_forced=is_forced)
    market = build_market(size, seed)
    last = now.date()
    first = present.last_day if present else last - timedelta(days=market.days - 1)
    folder.mkdir(parents=True, exist_ok=True)

    tell(0, "files")
    prices = walk_prices(market, first=min(first, last), last=last)
    guides = write_guides(market, prices, folder, now=now)
    offers = write_offers(market, prices, folder, now=now)
    tell(1, "catalogue")
    if present is None:
        import_catalogue(market, write_catalogue(market, folder, dated=last), now=now)
    tell(1, "prices")
    counts = import_prices(guides, offers, now=now)
    record_fx_rates([demo_rate(now)], actor=None, now=now)
    tell(1, "opportunities")
    analyze_products(product_ids=None, now=now)
    markets = install_live_desk(now=now)
    (folder / MANIFEST).write_bytes(msgspec.json.encode(Manifest(size, seed, last)))
    tell(1, "done")
    active = Opportunity.objects.active().filter(sealed_product__is_demo=True)
    return DemoReport(
        size=size.value,
        seed=seed,
        products=Product.objects.filter(is_demo=True).count(),
        sealed=Product.objects.filter(is_demo=True, product_type=ProductType.SEALED).count(),
        days=len(guides),
        prices_stored=counts.stored,
        prices_quarantined=counts.quarantined,
        opportunities=active.trusted().count(),
        needs_review=active.filter(needs_review=True).count(),
        markets=markets,
        folder=str(folder),
        seconds=round(time.monotonic() - started, 1),
    )


def import_catalogue(market: Market, path: Path, *, now: datetime) -> None:
    """Import the catalogue file, mark its products as demo, add what other venues call them; or nothing."""
    uuids = [str(card.uuid) for card in market.cards]
    uuids += [str(listing.product.uuid) for listing in market.listings]
    with transaction.atomic():
        import_mtgjson(path, sets=None, now=now)
        ids = ProductIdentifier.objects.filter(source="mtgjson", external_id__in=uuids).values("product")
        Product.objects.filter(pk__in=ids, is_demo=False).update(is_demo=True)
        _name_elsewhere(market)


def _name_elsewhere(market: Market) -> None:
    """Add the ids of venues that MTGJSON does not know: eBay's product numbers and Amazon's."""
    sealed = {str(listing.product.uuid): listing.product for listing in market.listings}
    known = ProductIdentifier.objects.filter(source="mtgjson", external_id__in=sealed)
    rows = []
    for uuid, product_id in known.values_list("external_id", "product_id"):
        ids = sealed_ids(sealed[uuid])
        words = f"q:{sealed[uuid].name}"  # what sold listings are searched by
        for source, external_id in (
            ("ebay", f"epid:{ids['epid']}"),
            ("ebay", words),
            ("amazon", ids["asin"]),
        ):
            rows.append(ProductIdentifier(product_id=product_id, source=source, external_id=external_id))
    ProductIdentifier.objects.bulk_create(rows, ignore_conflicts=True)


def demo_rate(now: datetime) -> NewRate:
    """Return the invented exchange rate of the hour, by which prices of two currencies check each other."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return NewRate("EUR", "USD", Decimal("1.0790"), Decimal("1.0810"), DEMO_RATES, hour)


@dataclass(frozen=True, slots=True)
class PriceCounts:
    """What became of the prices of an installation."""

    stored: int
    quarantined: int


def import_prices(guides: Sequence[Path], offers: Path, *, now: datetime) -> PriceCounts:
    """Import the guides, oldest first, and the offers.

    The guides of the past share batches, which spares a first run half its time. Today's is imported like any
    file.
    """
    *past, today = guides
    stored = quarantined = 0
    for start in range(0, len(past), GUIDES_PER_BATCH):
        batch = _record_together(past[start : start + GUIDES_PER_BATCH], now=now)
        stored += batch.prices_stored
        quarantined += batch.prices_quarantined
    for path, file_format in ((today, "cardmarket"), (offers, "csv")):
        report = import_price_files([path], file_format=file_format, now=now)
        stored += report.prices_stored
        quarantined += report.prices_quarantined
    return PriceCounts(stored, quarantined)


def _record_together(guides: Sequence[Path], *, now: datetime) -> PriceBatch:
    """Record several guides as one batch; every price keeps its own guide's time."""
    newest = parse_price_guide(read_content(guides[-1]))
    facts = BatchFacts(recorded_at=_recorded_at(newest), source_url=f"{guides[0].name} to {guides[-1].name}")
    return record_prices(
        source=price_source(SOURCE), observations=_observations(guides), batch=facts, now=now
    )


def _observations(guides: Sequence[Path]) -> Iterator[Observation]:
    """Yield the prices of several guides, each with its guide's time."""
    for path in guides:
        parsed = parse_price_guide(read_content(path))
        at = _recorded_at(parsed)
        for seen in parsed:
            yield msgspec.structs.replace(seen, recorded_at=at)


def _recorded_at(parsed: ParsedPrices) -> datetime:
    if parsed.recorded_at is None:
        raise PriceFileError("price_time_missing", "A demo price guide says no time.")
    return parsed.recorded_at


def _present(folder: Path, *, size: Size, seed: int, is_forced: bool) -> Manifest | None:
    """Return what is installed already; None when nothing is."""
    if not is_forced and Product.objects.filter(is_demo=False).exists():
        raise RealProductsPresent(
            detail="There are real products: a demo market is kept apart from them. Use --force to mix them."
        )
    if not Product.objects.filter(is_demo=True).exists():
        return None
    manifest = read_manifest(folder)
    if manifest is None or (manifest.size, manifest.seed) != (size, seed):
        held = f"size {manifest.size}, seed {manifest.seed}" if manifest else "of unknown size and seed"
        raise OtherDemoPresent(detail=f"There is another demo market ({held}); remove it with demo --reset.")
    return manifest
