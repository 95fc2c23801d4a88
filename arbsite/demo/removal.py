"""Takes the invented market out of the database: exactly its own rows, and its files."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from arbsite.schedule import sync_schedule
from common.audit import record_event
from trading.services.demo_removal import remove_demo_executions, remove_demo_spreads
from users.models import User

from .live_removal import forget_live_news, remove_live_desk
from .themes import THEMES

# Each statement removes what refers to the products before the products go. `%(keys)s` are their price keys,
# `%(ids)s` their ids, `%(sets)s` the invented set codes, which no real set has.
_STATEMENTS = (
    "DELETE FROM opportunity_quotes q USING arbitrage_opportunities o"
    " WHERE q.opportunity_id = o.id AND o.sealed_product_id = ANY(%(ids)s)",
    "DELETE FROM scenarios s USING arbitrage_opportunities o"
    " WHERE s.opportunity_id = o.id AND o.sealed_product_id = ANY(%(ids)s)",
    "DELETE FROM alert_firings f USING arbitrage_opportunities o"
    " WHERE f.opportunity_id = o.id AND o.sealed_product_id = ANY(%(ids)s)",
    "UPDATE alert_deliveries d SET opportunity_id = NULL FROM arbitrage_opportunities o"
    " WHERE d.opportunity_id = o.id AND o.sealed_product_id = ANY(%(ids)s)",
    "DELETE FROM watches WHERE product_id = ANY(%(ids)s)",
    "DELETE FROM contents_findings WHERE product_id = ANY(%(ids)s) OR other_product_id = ANY(%(ids)s)",
    "DELETE FROM backtest_signals WHERE product_id = ANY(%(ids)s)",
    "DELETE FROM arbitrage_opportunities WHERE sealed_product_id = ANY(%(ids)s)",
    "DELETE FROM packed_mappings WHERE sealed_product_id = ANY(%(ids)s)",
    "DELETE FROM quarantined_prices WHERE product_id = ANY(%(ids)s)",
    "DELETE FROM sale_records WHERE product_id = ANY(%(ids)s)",
    "DELETE FROM product_fetches WHERE product_id = ANY(%(ids)s)",
    "DELETE FROM feed_downloads WHERE url LIKE %(simulator)s",
    "DELETE FROM jobs WHERE is_demo",
    "DELETE FROM fx_rates WHERE source = 'demo'",
    "UPDATE distributor_offers SET product_id = NULL WHERE product_id = ANY(%(ids)s)",
    "UPDATE unmatched_articles SET suggestion_id = NULL WHERE suggestion_id = ANY(%(ids)s)",
    "DELETE FROM current_prices WHERE product_key = ANY(%(keys)s)",
    "DELETE FROM price_history WHERE product_key = ANY(%(keys)s)",
    "DELETE FROM price_batches b WHERE b.id = ANY(%(batches)s)"
    " AND NOT EXISTS (SELECT FROM price_history h WHERE h.batch_id = b.id)"
    " AND NOT EXISTS (SELECT FROM current_prices c WHERE c.batch_id = b.id)"
    " AND NOT EXISTS (SELECT FROM quarantined_prices q WHERE q.batch_id = b.id)",
    "DELETE FROM product_singles WHERE sealed_product_id = ANY(%(ids)s)",
    "DELETE FROM sealed_contents USING contents_versions v"
    " WHERE contents_id = v.id AND v.product_id = ANY(%(ids)s)",
    "DELETE FROM content_alternatives USING content_choices c, contents_versions v"
    " WHERE choice_id = c.id AND c.contents_id = v.id AND v.product_id = ANY(%(ids)s)",
    "DELETE FROM content_choices USING contents_versions v"
    " WHERE contents_id = v.id AND v.product_id = ANY(%(ids)s)",
    "DELETE FROM contents_versions WHERE product_id = ANY(%(ids)s)",
    "DELETE FROM deck_cards USING decks d WHERE deck_id = d.id AND d.set_code = ANY(%(sets)s)",
    "DELETE FROM decks WHERE set_code = ANY(%(sets)s)",
    "DELETE FROM booster_configuration_sheets USING booster_configurations c, booster_packs p"
    " WHERE configuration_id = c.id AND c.pack_id = p.id AND p.set_code = ANY(%(sets)s)",
    "DELETE FROM booster_configurations USING booster_packs p"
    " WHERE pack_id = p.id AND p.set_code = ANY(%(sets)s)",
    "DELETE FROM booster_sheet_cards USING booster_sheets s, booster_packs p"
    " WHERE sheet_id = s.id AND s.pack_id = p.id AND p.set_code = ANY(%(sets)s)",
    "DELETE FROM booster_sheets USING booster_packs p WHERE pack_id = p.id AND p.set_code = ANY(%(sets)s)",
    "DELETE FROM booster_packs WHERE set_code = ANY(%(sets)s)",
    "DELETE FROM product_identifiers WHERE product_id = ANY(%(ids)s)",
    "DELETE FROM products WHERE id = ANY(%(ids)s)",
)
_BATCHES = """
SELECT DISTINCT batch_id FROM price_history WHERE product_key = ANY(%(keys)s)
 UNION SELECT batch_id FROM quarantined_prices WHERE product_id = ANY(%(ids)s)
"""


@dataclass(frozen=True, slots=True)
class RemovalReport:
    """How many rows went, by table, in order of removal."""

    rows: dict[str, int]

    @property
    def products(self) -> int:
        """Return how many products were removed."""
        return self.rows.get("products", 0)


def make_way(*, actor: User | None, now: datetime) -> RemovalReport:
    """Remove the installed demo market inside the caller's transaction, its files once that commits.

    This is `settings.DEMO_REMOVAL`: what happens before real market data is loaded.
    """
    folder = settings.VAR_DIR / "demo"
    report = remove_demo(now=now, folder=None, actor=actor)
    sync_schedule()
    transaction.on_commit(partial(shutil.rmtree, folder, ignore_errors=True))
    return report


def remove_demo(*, now: datetime, folder: Path | None, actor: User | None = None) -> RemovalReport:
    """Remove every row of demo products and of the demo's live markets in one transaction, then the files.

    Real products and their prices, users, settings and the audit trail stay. Without a demo market nothing
    happens.
    """
    rows: dict[str, int] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        executions = remove_demo_executions()
        spreads = remove_demo_spreads()
        live = remove_live_desk(cursor)
        cursor.execute("SELECT id, key FROM products WHERE is_demo")
        found = cursor.fetchall()
        if found:
            parameters: dict[str, Any] = {
                "ids": [row[0] for row in found],
                "keys": [row[1] for row in found],
                "sets": [theme.code for theme in THEMES],
                "simulator": "http://127.0.0.1:%",
            }
            cursor.execute(_BATCHES, parameters)
            parameters["batches"] = [row[0] for row in cursor.fetchall()]
            for table, statement in _by_table():
                cursor.execute(statement, parameters)
                rows[table] = cursor.rowcount
            rows["executions"] = executions
        if live:
            rows |= {**live, "spread_executions": spreads}
            transaction.on_commit(forget_live_news)
        if rows:
            record_event(
                actor=actor, verb="demo.removed", subject="demo:market", data={"rows": rows}, now=now
            )
    if folder is not None and folder.exists():
        shutil.rmtree(folder)
    return RemovalReport(rows)


def _by_table() -> Iterator[tuple[str, str]]:
    """Yield the statements with the table each one empties, or changes."""
    for statement in _STATEMENTS:
        words = statement.split()
        yield words[2] if words[0] == "DELETE" else words[1], statement
