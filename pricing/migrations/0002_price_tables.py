"""Partitioned price history, current prices, and the view that names R002's columns.

Written in SQL because Django neither partitions nor sets a fill factor. BETWEEN refuses NaN, which PostgreSQL
sorts above every number.
"""

from django.db import migrations

PRICE_HISTORY = """
CREATE TABLE price_history (
    product_key integer NOT NULL,
    source_id smallint NOT NULL,
    variant_id smallint NOT NULL,
    batch_id integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    seller_count integer,
    available_quantity integer,
    price numeric(12, 2) NOT NULL,
    shipping_cost numeric(10, 2),
    CONSTRAINT price_history_pkey PRIMARY KEY (product_key, source_id, variant_id, recorded_at),
    CONSTRAINT price_history_price_range CHECK (price BETWEEN 0.01 AND 10000000),
    CONSTRAINT price_history_shipping_range CHECK (shipping_cost BETWEEN 0 AND 100000),
    CONSTRAINT price_history_counts_range CHECK (
        coalesce(seller_count, 0) >= 0 AND coalesce(available_quantity, 0) >= 0
    )
) PARTITION BY RANGE (recorded_at);
"""

CURRENT_PRICES = """
CREATE TABLE current_prices (
    product_key integer NOT NULL,
    source_id smallint NOT NULL,
    variant_id smallint NOT NULL,
    batch_id integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    seller_count integer,
    available_quantity integer,
    price numeric(12, 2) NOT NULL,
    shipping_cost numeric(10, 2),
    CONSTRAINT current_prices_pkey PRIMARY KEY (product_key, source_id, variant_id),
    CONSTRAINT current_prices_price_range CHECK (price BETWEEN 0.01 AND 10000000)
) WITH (fillfactor = 70);
"""

NAMED_VIEW = """
CREATE VIEW price_history_named AS
SELECT md5(h.product_key || '/' || h.source_id || '/' || h.variant_id || '/' || extract(epoch FROM h.recorded_at))::uuid AS id,
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
