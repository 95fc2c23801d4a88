"""Partitioned price history, current prices, and the view that names R002's columns.

Written in SQL because Django neither partitions nor sets a fill factor. BETWEEN refuses NaN, which PostgreSQL
sorts above every number. Columns are ordered by falling alignment, so no row carries padding.

The view's `id` is the natural key itself in 128 bits (product 32, source 16, variant 16, microseconds 64), so it
is stable, unique and can be turned back into the key without a search (`pricing.selectors.record_key`).
"""

from django.db import migrations

PRICE_COLUMNS = """
    recorded_at timestamptz NOT NULL,
    product_key integer NOT NULL,
    batch_id integer NOT NULL,
    source_id smallint NOT NULL,
    variant_id smallint NOT NULL,
    seller_count integer,
    available_quantity integer,
    price numeric(12, 2) NOT NULL,
    shipping_cost numeric(10, 2),
"""

PRICE_CHECKS = """
    CONSTRAINT {table}_price_range CHECK (price BETWEEN 0.01 AND 10000000),
    CONSTRAINT {table}_shipping_range CHECK (shipping_cost BETWEEN 0 AND 100000),
    CONSTRAINT {table}_seller_count_range CHECK (seller_count BETWEEN 0 AND 10000000),
    CONSTRAINT {table}_quantity_range CHECK (available_quantity BETWEEN 0 AND 1000000000),
    CONSTRAINT {table}_recorded_at_range CHECK (recorded_at >= '1993-08-01 00:00:00+00')
"""

PRICE_HISTORY = f"""
CREATE TABLE price_history (
    {PRICE_COLUMNS}
    CONSTRAINT price_history_pkey PRIMARY KEY (product_key, source_id, variant_id, recorded_at),
    {PRICE_CHECKS.format(table="price_history")}
) PARTITION BY RANGE (recorded_at);
"""

CURRENT_PRICES = f"""
CREATE TABLE current_prices (
    {PRICE_COLUMNS}
    CONSTRAINT current_prices_pkey PRIMARY KEY (product_key, source_id, variant_id),
    {PRICE_CHECKS.format(table="current_prices")}
) WITH (fillfactor = 70);
"""

NAMED_VIEW = """
CREATE VIEW price_history_named AS
SELECT (lpad(to_hex(h.product_key), 8, '0') || lpad(to_hex(h.source_id::integer), 4, '0')
        || lpad(to_hex(h.variant_id::integer), 4, '0')
        || lpad(to_hex((extract(epoch FROM h.recorded_at) * 1000000)::bigint), 16, '0'))::uuid AS id,
       h.product_key, h.source_id, h.variant_id, h.batch_id,
       p.id AS product_id, h.price, v.currency, v.condition, s.code AS source, b.source_url, h.seller_count,
       h.available_quantity, h.shipping_cost, v.price_type, v.finish, v.finish <> 'nonfoil' AS is_foil,
       b.confidence_level, b.data_source_quality, b.route, h.recorded_at, b.created_at
  FROM price_history h
  JOIN products p ON p.key = h.product_key
  JOIN price_sources s ON s.id = h.source_id
  JOIN price_variants v ON v.id = h.variant_id
  JOIN price_batches b ON b.id = h.batch_id;
"""


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_initial"), ("catalog", "0001_initial")]

    operations = [
        migrations.RunSQL(PRICE_HISTORY, reverse_sql="DROP TABLE price_history"),
        migrations.RunSQL(CURRENT_PRICES, reverse_sql="DROP TABLE current_prices"),
        migrations.RunSQL(NAMED_VIEW, reverse_sql="DROP VIEW price_history_named"),
    ]
