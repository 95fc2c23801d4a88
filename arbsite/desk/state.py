"""What the live desk should be running, and what is heard of it.

Its processes and connections tell how they are in Redis, each with the time of telling. What should run
follows from the enabled exchanges and markets, so a process that never started is missed too.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from django.conf import settings
from django.db.models import Q
from redis.exceptions import RedisError

from arbsite.up.programs import live_names
from catalog.choices import InstrumentKind
from common.live import MARKETS_KEY
from common.live_process import ProcessHealth, read_processes
from common.logging import hide_in_text
from common.redis import impatient_redis
from scrapers.models import LiveMarket

MAX_DETAIL: Final = 200


@dataclass(frozen=True, slots=True)
class Process:
    """One process of the live desk, heard of or only expected.

    Args:
        name: such as `ingest`.
        state: `live`, `degraded` or `down`.
        age_ms: milliseconds since its last heartbeat; None when there was none.
        detail: a sentence about the state, often empty; no secrets.
        facts: its plain numbers.
    """

    name: str
    state: str
    age_ms: int | None
    detail: str
    facts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Desk:
    """The whole live desk.

    Args:
        processes: by name.
        live_markets: exchanges and gift-card desks that are connected now.
        markets: all that are enabled and allowed.
        is_known: False when Redis does not answer, so that nothing is heard.
    """

    processes: Sequence[Process]
    live_markets: int
    markets: int
    is_known: bool

    @property
    def is_well(self) -> bool:
        """Whether all that should run is heard of and fully working."""
        return self.is_known and all(process.state == "live" for process in self.processes)


def desk_state(*, now_ms: int | None = None) -> Desk:
    """Return how the live desk is; takes half a second at most when Redis does not answer.

    Args:
        now_ms: Unix time in milliseconds; None for the machine's.

    Raises:
        DatabaseError: if the database does not answer.
    """
    now = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    exchanges = [code for code, exchange in settings.CRYPTO_EXCHANGES.items() if exchange["enabled"]]
    desks = _gift_card_desks()
    expected = live_names(has_crypto=bool(exchanges), has_gift_cards=bool(desks))
    codes = {*exchanges, *desks}
    try:
        client = impatient_redis()
        heard = {one.name: one for one in read_processes(now_ms=now, client=client)}
        kept = cast("dict[bytes, bytes]", client.hgetall(MARKETS_KEY))
    except (RedisError, OSError):
        unknown = [Process(name, "down", None, "not known: Redis does not answer", {}) for name in expected]
        return Desk(sorted(unknown, key=lambda one: one.name), 0, len(codes), is_known=False)
    return Desk(
        [_process(name, heard.get(name)) for name in sorted({*expected, *heard})],
        sum(1 for code in codes if _is_live(kept.get(code.encode()), now)),
        len(codes),
        is_known=True,
    )


def _gift_card_desks() -> list[str]:
    """Return the codes of the enabled markets that may be traded with."""
    allowed = Q(region="") | Q(region__in=settings.ALLOWED_REGIONS)
    allowed &= Q(currency="") | Q(currency__in=settings.ALLOWED_CURRENCIES)
    rows = LiveMarket.objects.filter(
        allowed, kind=InstrumentKind.GIFT_CARD, is_enabled=True, venue__is_enabled=True
    )
    return list(rows.values_list("code", flat=True))


def _process(name: str, heard: ProcessHealth | None) -> Process:
    if heard is None:
        return Process(name, "down", None, "not heard of", {})
    numbers = {key: value for key, value in heard.facts.items() if type(value) in (int, float)}
    return Process(name, heard.state, heard.age_ms, hide_in_text(heard.detail)[:MAX_DETAIL], numbers)


def _is_live(raw: bytes | None, now_ms: int) -> bool:
    """Return whether a connection said recently that it is live."""
    if raw is None:
        return False
    try:
        said: Any = json.loads(raw)
        return bool(said["state"] == "live" and now_ms - said["at"] <= settings.MAX_QUOTE_AGE_MS)
    except (ValueError, KeyError, TypeError):
        return False
