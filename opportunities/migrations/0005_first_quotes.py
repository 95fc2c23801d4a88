"""Give opportunities from before revisions were kept the quote of their present one."""

from typing import Any

from django.db import migrations

_QUOTES = """
INSERT INTO opportunity_quotes (id, opportunity_id, revision, sealed_price, total_cost, singles_value,
                                net_profit, margin_percentage, confidence_score, oldest_price_at, recorded_at)
SELECT gen_random_uuid(), o.id, o.revision, o.sealed_price, o.total_cost, o.singles_value, o.net_profit,
       o.margin_percentage, o.confidence_score, o.oldest_price_at, o.updated_at
  FROM arbitrage_opportunities o
    ON CONFLICT (opportunity_id, revision) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = [("opportunities", "0004_quotes_alerts_backtests")]

    operations: list[Any] = [migrations.RunSQL(_QUOTES, migrations.RunSQL.noop)]
