"""A million opportunities for the scratch database, made by the server."""

from django.db import connection

from catalog.choices import ProductType
from pricing.models import PriceSource

from .seed import make_products, vacuum

_OPPORTUNITIES = """
INSERT INTO arbitrage_opportunities (
    id, kind, fingerprint, sealed_product_id, buy_source_id, sell_source_id, policy, currency, sealed_price,
    total_cost, singles_value, gross_singles_value, net_profit, margin_percentage, naive_margin_percentage,
    coverage, lines_counted, standard_deviation, percentiles, probability_of_profit, distribution,
    confidence_score, factors, risk_level, rank_score, seller_count, competition_level, flags, needs_review,
    status, revision, execution_quantity, execution_notes, inputs, algorithm_version, oldest_price_at,
    detected_count, created_at, updated_at, opened_at, expires_at, closed_reason)
SELECT gen_random_uuid(), 'sealed_to_singles', md5(i::text), p.id, %(source)s, %(source)s, 'bench', 'EUR',
       40 + i %% 200, 42 + i %% 200, 60 + i %% 333, 70 + i %% 333, 18 + i %% 133,
       5 + (i * 7) %% 9000 / 100.0, 10 + (i * 7) %% 9000 / 100.0, 0.9800, 5 + i %% 300, 12.34,
       '{"5": "1.00", "25": "2.00", "50": "3.00", "75": "4.00", "95": "5.00"}', 0.5 + (i %% 5000) / 10000.0,
       '{}', 0.30 + (i %% 70) / 100.0, '{}', (ARRAY['low', 'medium', 'high'])[1 + i %% 3],
       ((i::bigint * 7919) %% 1000003) / 1000003.0, i %% 40, 'medium',
       '{shipping_unknown,concentrated}', false,
       'active', 1, 0, '', '{}', 'bench', now() - interval '2 hours', 1,
       now() - i * interval '1 millisecond', now(), now(), now() + interval '1 day', ''
  FROM generate_series(1, %(count)s) i
  JOIN (SELECT id, row_number() OVER (ORDER BY key) AS n FROM products WHERE product_type = 'sealed') p
    ON p.n = 1 + i %% %(products)s
"""


def make_opportunities(count: int, *, products: int) -> None:
    """Make active opportunities, spread over sealed products."""
    make_products(ProductType.SEALED, products)
    source = PriceSource.objects.get(code="cardmarket")
    with connection.cursor() as cursor:
        cursor.execute(_OPPORTUNITIES, {"count": count, "products": products, "source": source.pk})
    vacuum("arbitrage_opportunities", "products")
