"""The politeness oracle: watches every request as a strict venue would, and says what was impolite.

Live markets want to be asked often: their pace and robots.txt are not judged, but secrets in addresses and
writes that are sent again are.

Gaps and waiting times are measured on the machine's monotonic clock, because that is what a venue's server
suffers, whatever the simulated time does.
"""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import Final

from protego import Protego

from .endpoints import SITES, is_live

LEAST_GAP_SECONDS: Final = 2.0
TOLERANCE_SECONDS: Final = 0.05  # requests that left two seconds apart may arrive a little closer
KEPT_REQUESTS: Final = 10_000
SECRET_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization", "x-api-key"})
SECRET_PARAMETERS: Final = (
    "token",
    "secret",
    "apikey",
    "api_key",
    "password",
    "signature",
    "client_id",
    "key",
)
DISHONEST_AGENTS: Final = ("mozilla/", "python-requests", "python/", "aiohttp", "curl/", "httpx", "scrapy/")
READING_POSTS: Final = (
    "*/token", "*/o2/token", "/tcgplayer_search/*", "/tcgplayer_mpapi/*", "/amazon_creators/catalog/v1/*",
    "/tcgdex/v2/graphql", "/scryfall/cards/collection",
)  # fmt: skip
"""POST calls that only read; they may be sent again."""


@dataclass(slots=True)
class Seen:
    """One request. `headers` hold no secrets; `arrived` and `answered` are monotonic seconds."""

    endpoint: str
    method: str
    path: str
    query: str
    at: datetime
    arrived: float
    headers: Mapping[str, str]
    body_sha256: str = ""
    status: int = 0
    answered: float | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Violation:
    """One impolite request: which rule it broke and how."""

    rule: str
    endpoint: str
    path: str
    at: datetime
    detail: str


@dataclass(slots=True)
class _Endpoint:
    """What the oracle remembers of one endpoint."""

    last_arrived: float | None = None
    active: int = 0
    quiet_until: float = 0.0
    agents: set[str] = field(default_factory=set)
    has_read_robots: bool = False
    failed_writes: set[str] = field(default_factory=set)


class Oracle:
    """Records requests and judges them.

    Args:
        robots: endpoint -> text of its robots.txt, as served now.
        secrets: values that must never appear in an address.
        least_gap: seconds that must lie between two requests to one endpoint.
    """

    def __init__(
        self,
        *,
        robots: Callable[[str], str],
        secrets: Iterable[str] = (),
        least_gap: float = LEAST_GAP_SECONDS,
    ) -> None:
        self.least_gap = least_gap
        self._robots, self._secrets = robots, tuple(secrets)
        self.requests: deque[Seen] = deque(maxlen=KEPT_REQUESTS)
        self.violations: deque[Violation] = deque(maxlen=KEPT_REQUESTS)
        self._endpoints: dict[str, _Endpoint] = {}

    def clear(self) -> None:
        """Forget all requests and violations."""
        self.requests.clear()
        self.violations.clear()
        self._endpoints.clear()

    def arrive(
        self,
        endpoint: str,
        *,
        target: tuple[str, str, str],
        headers: Mapping[str, str],
        body: bytes,
        at: datetime,
    ) -> Seen:
        """Record a request that came in and judge it.

        Args:
            endpoint: which venue's.
            target: method, path and raw query.
            headers: as received.
            body: as received.
            at: simulated time.
        """
        method, path, query = target
        seen = Seen(
            endpoint, method, path, query, at, time.monotonic(), _without_secrets(headers),
            sha256(body).hexdigest() if body else "",
        )  # fmt: skip
        self.requests.append(seen)
        memory = self._endpoints.setdefault(endpoint, _Endpoint())
        if path.endswith("/robots.txt"):
            memory.has_read_robots = True
            memory.active += 1
            return seen
        if is_live(endpoint):
            self._judge_write(seen, memory)
        else:
            self._judge_pace(seen, memory)
            self._judge_manners(seen, memory)
        memory.active += 1
        memory.last_arrived = seen.arrived
        return seen

    def root_robots_read(self) -> None:
        """Note that the robots.txt of all endpoints together was read."""
        for endpoint in SITES:
            self._endpoints.setdefault(endpoint, _Endpoint()).has_read_robots = True

    def answer(self, seen: Seen, *, status: int, headers: Mapping[str, str], fault: str = "") -> None:
        """Record how a request was answered; `status` 0 means not at all."""
        seen.status, seen.answered, seen.fault = status, time.monotonic(), fault
        memory = self._endpoints.setdefault(seen.endpoint, _Endpoint())
        memory.active = max(memory.active - 1, 0)
        wait = _retry_after(headers.get("Retry-After"), seen.at)
        if wait is not None:
            memory.quiet_until = max(memory.quiet_until, seen.answered + wait)
        if status == 0 or status >= 500:
            memory.failed_writes.add(_identity(seen))

    def report(self) -> dict[str, object]:
        """Return what was seen and what was wrong, as plain values."""
        return {
            "requests": len(self.requests),
            "by_endpoint": dict(Counter(seen.endpoint for seen in self.requests)),
            "violations": [
                {
                    "rule": one.rule, "endpoint": one.endpoint, "path": one.path, "detail": one.detail,
                    "at": one.at.astimezone(UTC).isoformat(),
                }
                for one in self.violations
            ],
            "is_polite": not self.violations,
        }  # fmt: skip

    def assert_polite(self) -> None:
        """Pass if every request was polite.

        Raises:
            AssertionError: listing what was not.
        """
        if self.violations:
            lines = [f"{one.rule}: {one.path} ({one.detail})" for one in self.violations]
            raise AssertionError("impolite requests:\n" + "\n".join(lines))

    def _judge_pace(self, seen: Seen, memory: _Endpoint) -> None:
        if memory.active:
            self._object(seen, "concurrency", f"{memory.active} more at once")
        if memory.last_arrived is not None:
            gap = seen.arrived - memory.last_arrived
            if gap < self.least_gap - TOLERANCE_SECONDS:
                self._object(seen, "min_gap", f"{gap:.3f} s after the one before")
        early = memory.quiet_until - seen.arrived
        if early > TOLERANCE_SECONDS:
            self._object(seen, "retry_after", f"{early:.1f} s too early")

    def _judge_manners(self, seen: Seen, memory: _Endpoint) -> None:
        agent = seen.headers.get("user-agent", "")
        if not agent or agent.lower().startswith(DISHONEST_AGENTS):
            self._object(seen, "user_agent", f"{agent or 'none'!r} does not say who asks")
        memory.agents.add(agent)
        if len(memory.agents) > 1:
            self._object(seen, "user_agent_rotated", f"{len(memory.agents)} user agents")
        if seen.endpoint in SITES and not memory.has_read_robots:
            self._object(seen, "robots_unread", "robots.txt was not read before")
        rules = Protego.parse(self._robots(seen.endpoint))
        if not rules.can_fetch(f"http://simulator{seen.path}?{seen.query}".rstrip("?"), agent or "*"):
            self._object(seen, "robots", "robots.txt forbids the path")
        self._judge_write(seen, memory)

    def _judge_write(self, seen: Seen, memory: _Endpoint) -> None:
        if self._has_secret(seen.query):
            self._object(seen, "secret_in_query", "a secret is part of the address")
        is_write = seen.method not in ("GET", "HEAD") and not _is_reading(seen.path)
        if is_write and _identity(seen) in memory.failed_writes:
            self._object(seen, "resent_write", "the same write was sent before, its outcome is unknown")

    def _has_secret(self, query: str) -> bool:
        if any(secret and secret in query for secret in self._secrets):
            return True
        names = [part.partition("=")[0].lower() for part in query.split("&") if part]
        return any(name == word or name.endswith(f"_{word}") for name in names for word in SECRET_PARAMETERS)

    def _object(self, seen: Seen, rule: str, detail: str) -> None:
        self.violations.append(Violation(rule, seen.endpoint, seen.path, seen.at, detail))


def _identity(seen: Seen) -> str:
    return f"{seen.method} {seen.path}?{seen.query} {seen.body_sha256}"


def _is_reading(path: str) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in READING_POSTS)


def _without_secrets(headers: Mapping[str, str]) -> dict[str, str]:
    return {
        name.lower(): "(hidden)" if name.lower() in SECRET_HEADERS else value
        for name, value in headers.items()
    }


def _retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds to wait, whichever form the header has."""
    if value is None:
        return None
    if value.isdigit():
        return float(value)
    return (parsedate_to_datetime(value) - now).total_seconds()
