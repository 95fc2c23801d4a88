"""Where the live desk keeps what is true for seconds: names of Redis keys, and news for open control rooms.

All of it can be rebuilt within seconds from the venues; a reader trusts an entry only by the time of receipt
inside it. Signals keep the names of R001, so that its consumers find them.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from redis.exceptions import RedisError

from common.events import Topic
from common.redis import NAMESPACE, shared_redis

logger = structlog.get_logger(__name__)

SIGNALS_CHANNEL: Final = "arbitrage:signals"
SIGNALS_HISTORY: Final = "signals:history"
SIGNALS_STREAM: Final = "signals:stream"
MAX_SIGNALS: Final = 1_000

QUOTES_PREFIX: Final = f"{NAMESPACE}:quotes:"
"""+ instrument symbol: hash of venue code → JSON `LiveQuote` fields (see `pricing.quotebook`)."""
SYMBOLS_KEY: Final = f"{NAMESPACE}:symbols"
"""Sorted set of instrument symbols by Unix milliseconds of their last quote."""
MARKETS_KEY: Final = f"{NAMESPACE}:markets"
"""Hash of venue code → JSON health of its connection."""
PROCESSES_KEY: Final = f"{NAMESPACE}:processes"
"""Hash of process name → JSON of its last heartbeat."""
SPREADS_STREAM: Final = f"{NAMESPACE}:spreads"
"""Stream of sightings (opened, seen, closed) from both engines to the sink."""
LIVE_STREAM: Final = f"{NAMESPACE}:live"
"""Stream of control-room news: conflated by key, never resumed."""
MAX_LIVE: Final = 5_000
MAX_SPREADS: Final = 50_000


def live_entry(*, topic: Topic, key: str, data: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of one `LIVE_STREAM` entry.

    Args:
        topic: what it is about.
        key: newer news of the same topic and key replaces older news that a listener has not taken yet.
        data: the whole state of that key, with its `name`; Decimal and datetime become strings.
    """
    body = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, allow_nan=False)
    return {"topic": topic.value, "key": key, "data": body}


def publish_live(*, topic: Topic, key: str, data: Mapping[str, Any]) -> None:
    """Tell open control rooms the newest state of one thing; a Redis that is gone loses it, no more."""
    entry: dict[Any, Any] = dict(live_entry(topic=topic, key=key, data=data))
    try:
        shared_redis().xadd(LIVE_STREAM, entry, maxlen=MAX_LIVE, approximate=True)
    except (RedisError, OSError) as error:
        logger.info("live.not_published", topic=topic.value, error=type(error).__name__)
