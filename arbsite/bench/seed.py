"""Rows for the scratch database, made by the server: products, identifiers and years of prices in seconds."""

from datetime import datetime, timedelta

from django.db import connection

from catalog.choices import ProductType
from pricing.choices import Route
from pricing.models import PriceBatch, PriceSource, PriceVariant
from pricing.partitions import ensure_months

_PRODUCTS = """
WITH made AS (
    INSERT INTO products (id, name, set_name, set_code, product_type, category, sealed_kind, sealed_subtype,
                          number, rarity, language, finishes, ebay_product_id, amazon_asin, description,
                          image_url, is_active, is_featured, is_demo, created_at, updated_at)
    SELECT gen_random_uuid(), %(kind)s || ' ' || i, 'Bench', 'BENCH', %(kind)s, 'mtg', '', '', i::text,
           '', 'English', '{nonfoil,foil}', '', '', '', '', true, false, false, now(), now()
      FROM generate_series(1, %(count)s) i
    RETURNING id, key
)
INSERT INTO product_identifiers (product_id, source, external_id, finish)
SELECT id, 'mcm', %(kind)s || '-' || key, '' FROM made
"""

_HISTORY = """
INSERT INTO price_history (recorded_at, product_key, batch_id, source_id, variant_id, seller_count,
                           available_quantity, price, shipping_cost)
SELECT %(first)s + day * interval '1 day', p.key, %(batch)s, %(source)s, %(variant)s, 5 + p.key %% 40,
       20 + p.key %% 90, 0.50 + ((p.key * 31 + day * 17) %% 5000) / 100.0, NULL
  FROM products p CROSS JOIN generate_series(0, %(days)s - 1) day
 WHERE p.product_type = %(kind)s
 ORDER BY day, p.key
"""

_CURRENT = """
INSERT INTO current_prices (recorded_at, product_key, batch_id, source_id, variant_id, seller_count,
                            available_quantity, price, shipping_cost)
SELECT h.recorded_at, h.product_key, h.batch_id, h.source_id, h.variant_id, h.seller_count,
       h.available_quantity, h.price, h.shipping_cost
  FROM price_history h
 WHERE h.recorded_at = %(last)s AND h.source_id = %(source)s AND h.variant_id = %(variant)s
"""


def make_products(kind: ProductType, count: int) -> None:
    """Make articles with an `mcm` identifier `<kind>-<key>` each."""
    with connection.cursor() as cursor:
        cursor.execute(_PRODUCTS, {"kind": kind.value, "count": count})
        cursor.execute("ANALYZE products, product_identifiers")


def make_history(
    kind: ProductType, *, source: PriceSource, variant: PriceVariant, days: int, last: datetime
) -> None:
    """Give every article of a kind one price a day up to `last`, and its current price."""
    first = last - timedelta(days=days - 1)
    ensure_months({(first + timedelta(days=day)).date().replace(day=1) for day in range(days)})
    batch = PriceBatch.objects.create(source=source, route=Route.BULK, recorded_at=last)
    parameters: dict[str, str | int | datetime] = {
        "kind": kind.value,
        "batch": batch.pk,
        "first": first,
        "last": last,
        "days": days,
        "source": source.pk,
        "variant": variant.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, parameters)
        cursor.execute(_CURRENT, parameters)


def vacuum(*tables: str) -> None:
    """Bring statistics and visibility up to date, as autovacuum would have."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"VACUUM ANALYZE {table}")
