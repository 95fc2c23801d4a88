"""News for open dashboards: what just changed, written to a Redis stream that `/api/v1/stream` reads.

A courtesy, not a record: the event is published after the transaction commits, and a lost one is made up for
by the next reading of the API. Nothing may depend on it having arrived.
"""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from redis.exceptions import RedisError

from common.redis import NAMESPACE, shared_redis

logger = structlog.get_logger(__name__)

STREAM_KEY: Final = f"{NAMESPACE}:events"
MAX_KEPT: Final = 10_000
MAX_EVENT_BYTES: Final = 16_384


class Topic(StrEnum):
    """What a listener can subscribe to."""

    OPPORTUNITY = "opportunity"
    QUOTE = "quote"
    MARKET = "market"
    METRICS = "metrics"
    SPREAD = "spread"
    SIGNAL = "signal"
    EXECUTION = "execution"
    JOB = "job"
    NOTIFICATION = "notification"


def publish_event(*, topic: Topic, name: str, data: Mapping[str, Any], user_id: UUID | None = None) -> None:
    """Tell open dashboards about a change, after the caller's transaction commits (at once outside one).

    Args:
        topic: what it is about.
        name: what happened, such as `opened` or `updated`.
        data: ids and a few figures; Decimal, datetime and UUID become strings. Listeners fetch the rest.
        user_id: only this user's connections get it; None for everybody who may read.

    Raises:
        ValueError: if the event is larger than 16 KiB.
    """
    body = json.dumps({"name": name, **data}, cls=DjangoJSONEncoder, ensure_ascii=False, allow_nan=False)
    if len(body.encode()) > MAX_EVENT_BYTES:
        msg = f"An event carries ids, not documents: {len(body)} characters are too many"
        raise ValueError(msg)
    fields = {"topic": topic.value, "user": str(user_id or ""), "data": body}
    transaction.on_commit(lambda: _append(fields), robust=True)


def _append(fields: Mapping[str, str]) -> None:
    entry: dict[Any, Any] = dict(fields)
    try:
        shared_redis().xadd(STREAM_KEY, entry, maxlen=MAX_KEPT, approximate=True)
    except (RedisError, OSError) as error:
        logger.info("event.not_published", topic=fields["topic"], error=type(error).__name__)
