"""What a source reported, before it is judged: the input of `pricing.services.record_prices`.

Importers and scrapers make these values; they carry what the source said and nothing that was looked up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import msgspec

from pricing.choices import ConfidenceLevel, Route


class Observation(msgspec.Struct, frozen=True, gc=False):
    """One price one source reported for one article.

    Exactly one of `external_id` and `product_key` names the article. An external id is in the source's own
    name space, or in `name_space` when that is given (`tcgplayer`, …; `id` for the article's own UUID). An
    empty `finish` means the source does not say: the identifier or the article decides. An empty `condition`
    means the same: unopened for a sealed product, any condition for a card. `recorded_at` None stands for the
    batch's time. `price` is per copy in `currency`; zero and absent prices mean "none" and are never passed
    on by an importer.
    """

    price: Decimal
    price_type: str
    currency: str
    external_id: str | None = None
    product_key: int | None = None
    finish: str = ""
    condition: str = ""
    seller_count: int | None = None
    available_quantity: int | None = None
    shipping_cost: Decimal | None = None
    recorded_at: datetime | None = None
    name_space: str = ""


class SoldCopies(msgspec.Struct, frozen=True, gc=False):
    """Copies of one article that were sold on one day, as a source reports it: the input of `record_sales`.

    `reference` is the listing's id, or `day` for a venue's total of the day, which may be 0. `unit_price` is
    per copy in `currency` (empty: the source's), None where the venue hides what was paid. The id is in the
    source's own name space, or in `name_space` when that is given. Nothing about buyers or sellers.
    """

    external_id: str
    reference: str
    sold_on: date
    units: int
    unit_price: Decimal | None = None
    finish: str = ""
    condition: str = ""
    currency: str = ""
    name_space: str = ""


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """Where a batch of observations came from, and how far it is trusted.

    Args:
        recorded_at: when the source observed the prices (aware); observations without their own time take it.
        route: how they arrived.
        source_url: URL or file name.
        content_sha256: hex digest of the content, if there is one.
        confidence_level: R002's `confidence_level` of these rows.
        data_source_quality: R002's `data_source_quality`, 0 to 1.
        rows_read: articles read by the importer, for the record.
        skipped: reason -> count of what the importer itself left out; read after the observations were
            consumed.
        fetched_at: when we received them; None for files of unknown age.
        parser: name and version of what read them.
    """

    recorded_at: datetime
    route: Route = Route.FILE
    source_url: str = ""
    content_sha256: str = ""
    confidence_level: ConfidenceLevel = ConfidenceLevel.HIGH
    data_source_quality: Decimal = Decimal("1.00")
    rows_read: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    fetched_at: datetime | None = None
    parser: str = ""
