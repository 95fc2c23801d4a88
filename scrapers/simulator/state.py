"""Everything a running simulator holds, and how handlers reach it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from aiohttp import web

from .clock import SimulatorClock
from .endpoints import ENDPOINTS, default_robots
from .tokens import SimulatorCredentials, TokenOffice
from .world import SimulatedArticle, Venue, World

if TYPE_CHECKING:
    from .exchanges.hub import ExchangeHub
    from .faults.script import FaultScript
    from .giftcards.orders import DeskLedger
    from .metrics import SimulatorMetrics
    from .oracle import Oracle
    from .replay import FileReplay
    from .venues.ebay_listings import ListingPlace

DAY: Final = timedelta(days=1)


@dataclass(slots=True)
class Simulator:
    """The state of one simulator.

    `publication` is how often feeds come out; `token_lifetime` overrides the venues' own lifetimes of bearer
    tokens. `editions` keeps the files of the newest edition, so that they are byte-identical within it;
    `nonces` are those of the day's signed calls;
    `listing_index` is eBay's, made when it is first needed.
    """

    world: World
    clock: SimulatorClock
    seed: int
    credentials: SimulatorCredentials
    faults: "FaultScript"
    oracle: "Oracle"
    files: "FileReplay"
    metrics: "SimulatorMetrics"
    exchanges: "ExchangeHub"
    gift_cards: "DeskLedger"
    tokens: TokenOffice = field(init=False)
    publication: timedelta = DAY
    token_lifetime: timedelta | None = None
    robots: dict[str, str] = field(default_factory=lambda: {name: default_robots(name) for name in ENDPOINTS})
    editions: dict[str, tuple[datetime, bytes]] = field(default_factory=dict)
    calls_today: dict[str, tuple[date, int]] = field(default_factory=dict)
    nonces: dict[str, date] = field(default_factory=dict)
    listing_index: "dict[int, ListingPlace] | None" = None

    def __post_init__(self) -> None:
        self.tokens = TokenOffice(seed=self.seed, now=self.clock.now)

    def now(self) -> datetime:
        """Return the simulated time."""
        return self.clock.now()

    def count_call(self, endpoint: str) -> int:
        """Count a call against an endpoint's allowance of the day and return how many there were."""
        today = self.now().date()
        day, calls = self.calls_today.get(endpoint, (today, 0))
        self.calls_today[endpoint] = (today, calls + 1 if day == today else 1)
        return self.calls_today[endpoint][1]

    def is_new_nonce(self, nonce: str) -> bool:
        """Remember the nonce of a signed call; tell whether it was not used before on the same day."""
        today = self.now().date()
        if today not in self.nonces.values():
            self.nonces.clear()
        is_new = nonce not in self.nonces
        self.nonces[nonce] = today
        return is_new

    def edition(self, name: str, published: datetime, make: Callable[[], bytes]) -> bytes:
        """Return a published file; it is written once for each edition."""
        known = self.editions.get(name)
        if known is None or known[0] != published:
            known = self.editions[name] = (published, make())
        return known[1]

    def listed(self, venue: Venue, source: str, external_id: str) -> SimulatedArticle | None:
        """Return an article by its id if a venue lists it."""
        article = self.world.find(source, external_id)
        return article if article is not None and venue in article.prices else None

    def reset(self) -> None:
        """Forget faults, requests, tokens, editions and orders; the time and the world stay."""
        self.faults.clear()
        self.oracle.clear()
        self.tokens.reset()
        self.editions.clear()
        self.calls_today.clear()
        self.nonces.clear()
        self.gift_cards.clear()
        self.robots = {name: default_robots(name) for name in ENDPOINTS}


SIMULATOR: Final = web.AppKey("simulator", Simulator)


def simulator_of(request: web.Request) -> Simulator:
    """Return the simulator that answers a request."""
    return request.app[SIMULATOR]


def origin_of(request: web.Request) -> str:
    """Return scheme and host as the client addressed them."""
    return str(request.url.origin())
