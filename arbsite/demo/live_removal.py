"""Takes the demo's live desk out again: its markets, what was seen there and what was done with it."""

from typing import Final

import structlog
from django.db.backends.utils import CursorWrapper
from redis.exceptions import RedisError

from common.live import (
    MARKETS_KEY,
    QUOTES_PREFIX,
    SIGNALS_HISTORY,
    SIGNALS_STREAM,
    SPREADS_STREAM,
    SYMBOLS_KEY,
)
from common.redis import shared_redis

logger = structlog.get_logger(__name__)

_OPPORTUNITIES: Final = (
    "SELECT id FROM cross_venue_opportunities"
    " WHERE buy_venue_id = ANY(%(venues)s) OR sell_venue_id = ANY(%(venues)s)"
)
_STATEMENTS: Final = (
    f"DELETE FROM spread_episodes WHERE opportunity_id IN ({_OPPORTUNITIES})",  # noqa: S608 - our own text
    "DELETE FROM cross_venue_opportunities"
    " WHERE buy_venue_id = ANY(%(venues)s) OR sell_venue_id = ANY(%(venues)s)",
    "DELETE FROM quote_samples WHERE venue_id = ANY(%(venues)s)",
    "DELETE FROM live_markets WHERE venue_id = ANY(%(venues)s)",
    "DELETE FROM venues v WHERE v.id = ANY(%(venues)s)"
    " AND NOT EXISTS (SELECT FROM price_sources s WHERE s.venue_id = v.id)"
    " AND NOT EXISTS (SELECT FROM fee_schedules f WHERE f.venue_id = v.id)",
    "DELETE FROM instruments i WHERE i.created_at >= %(since)s"
    " AND NOT EXISTS (SELECT FROM cross_venue_opportunities o WHERE o.instrument_id = i.id)"
    " AND NOT EXISTS (SELECT FROM quote_samples q WHERE q.instrument_id = i.id)",
)
"""Instruments go if they appeared since the demo and nothing names them; they are made again when needed."""


def remove_live_desk(cursor: CursorWrapper) -> dict[str, int]:
    """Delete the demo's live markets with everything that names their venues; return rows by table.

    Executions on them must be gone already. Joins the caller's transaction. Without such markets nothing
    happens.
    """
    cursor.execute("SELECT venue_id, created_at FROM live_markets WHERE origin = 'demo'")
    found = cursor.fetchall()
    rows: dict[str, int] = {}
    if found:
        parameters = {"venues": [row[0] for row in found], "since": min(row[1] for row in found)}
        for statement in _STATEMENTS:
            cursor.execute(statement, parameters)
            rows[statement.split()[2]] = cursor.rowcount
    return rows


def forget_live_news() -> None:
    """Empty what Redis still tells of the demo's markets. A Redis that is gone forgets by itself."""
    try:
        client = shared_redis()
        symbols = [
            symbol.decode() if isinstance(symbol, bytes) else str(symbol)
            for symbol in client.zrange(SYMBOLS_KEY, 0, -1)
        ]
        client.xtrim(SPREADS_STREAM, maxlen=0, approximate=False)
        keys = [MARKETS_KEY, SYMBOLS_KEY, SIGNALS_HISTORY, SIGNALS_STREAM]
        client.delete(*keys, *(QUOTES_PREFIX + symbol for symbol in symbols))
    except (RedisError, OSError) as error:
        logger.info("demo.live_news_kept", error=type(error).__name__)
