"""Every Prometheus metric of the product, so that names and labels are decided in one place.

Names read `arbsite_<noun>_<unit>`, counters end in `_total`, durations in `_seconds`. Labels come from
closed sets (source codes, outcomes, reasons), never from users or ids.
"""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

_LONG: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)

# Audit
AUDIT_EVENTS: Final = Counter("arbsite_audit_events_total", "Audit events recorded.", ["verb"])
AUDIT_VERIFY_SECONDS: Final = Histogram(
    "arbsite_audit_verify_seconds", "Duration of one verification of all chains.", buckets=_LONG
)

# Outbox
OUTBOX_PUBLISHED: Final = Counter(
    "arbsite_outbox_published_total", "Messages handed to the broker.", ["queue", "outcome"]
)
OUTBOX_RECONCILED: Final = Counter(
    "arbsite_outbox_reconciled_total", "Messages published again because nobody confirmed them.", ["queue"]
)
OUTBOX_PARKED: Final = Counter(
    "arbsite_outbox_parked_total", "Messages given up after repeated attempts.", ["queue"]
)

# Read from the database at each scrape by `common.metrics_collector`, because other processes change them.
AUDIT_VERIFIED_AT: Final = "arbsite_audit_verified_timestamp_seconds"
AUDIT_VERIFY_OK: Final = "arbsite_audit_verify_ok_state"
AUDIT_BREAKS: Final = "arbsite_audit_breaks_count"
OUTBOX_BACKLOG: Final = "arbsite_outbox_backlog_count"
OUTBOX_OLDEST: Final = "arbsite_outbox_oldest_seconds"

# Interfaces
API_PROBLEMS: Final = Counter("arbsite_api_problems_total", "Problem documents returned.", ["code", "status"])
IDEMPOTENT_REQUESTS: Final = Counter(
    "arbsite_idempotent_requests_total", "Requests with an idempotency key.", ["outcome"]
)
LOGINS: Final = Counter("arbsite_logins_total", "Login attempts through the API.", ["outcome"])
STREAM_LISTENERS: Final = Gauge("arbsite_stream_listeners_count", "Open event streams of this process.")
STREAM_EVENTS: Final = Counter("arbsite_stream_events_total", "Events read for open streams.", ["topic"])
STREAM_EVICTIONS: Final = Counter(
    "arbsite_stream_evictions_total", "Streams cut off because nobody read them."
)
TASKS: Final = Counter("arbsite_tasks_total", "Background task runs.", ["task", "outcome"])
TASK_SECONDS: Final = Histogram(
    "arbsite_task_seconds", "Duration of background tasks.", ["task"], buckets=_LONG
)

# Catalogue
CATALOG_ROWS: Final = Counter("arbsite_catalog_rows_total", "Catalogue rows imported.", ["source", "outcome"])
CATALOG_IMPORT_SECONDS: Final = Histogram(
    "arbsite_catalog_import_seconds", "Duration of one catalogue import.", ["source"], buckets=_LONG
)

# Prices
PRICE_ROWS: Final = Counter(
    "arbsite_price_rows_total", "Price observations by outcome.", ["source", "outcome"]
)
PRICE_BATCH_SECONDS: Final = Histogram(
    "arbsite_price_batch_seconds", "Duration of one recorded batch.", ["source"], buckets=_LONG
)
PRICES_QUARANTINED: Final = Counter(
    "arbsite_prices_quarantined_total", "Prices held back by a quality gate.", ["source", "reason"]
)
PRICE_AGE_SECONDS: Final = Gauge(
    "arbsite_price_age_seconds", "Age of the newest price of a source.", ["source"]
)

# Sources; `venue` is an endpoint name of settings.VENUE_URLS, `source` a code of scrapers.registry
FETCH_REQUESTS: Final = Counter(
    "arbsite_fetch_requests_total", "Requests to venues by how they ended.", ["venue", "outcome"]
)
FETCH_SECONDS: Final = Histogram(
    "arbsite_fetch_seconds", "Duration of one request to a venue, waiting turns excluded.", ["venue"],
    buckets=_LONG,
)  # fmt: skip
MARKUP_DRIFT: Final = Counter(
    "arbsite_markup_drift_total", "Pages without anything their parser knows.", ["source"]
)
# Read by the collectors of `scrapers` and `jobs` when Prometheus asks, because other processes change them.
JOBS_COUNT: Final = "arbsite_jobs_count"
BREAKER_STATE: Final = "arbsite_breaker_state"
PRODUCTS_FRESH_SHARE: Final = "arbsite_products_fresh_share"

# Opportunities
OPPORTUNITIES: Final = Counter(
    "arbsite_opportunities_total", "Opportunities by what happened.", ["kind", "outcome"]
)
OPPORTUNITIES_ACTIVE: Final = Gauge(
    "arbsite_opportunities_active_count", "Active opportunities.", ["risk_level"]
)
ANALYSIS_SECONDS: Final = Histogram(
    "arbsite_analysis_seconds", "Duration of one analysis run.", ["kind"], buckets=_LONG
)
ANALYSIS_PRODUCTS: Final = Counter("arbsite_analysis_products_total", "Products analysed.", ["outcome"])
