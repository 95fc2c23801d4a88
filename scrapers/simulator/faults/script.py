"""When which fault takes hold: rules by route, and the script of a demo."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from itertools import count
from typing import Any

from scrapers.simulator.walks import chance_of

from .table import FAULTS, HTTP_LAYERS, Fault, Firing, Layer


class UnknownFault(ValueError):
    """There is no fault of that name; the message lists those there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRule:
    """One line of a fault script.

    Args:
        route: a pattern of paths (`/ebay_api/*`), with a method in front if wanted (`POST /ebay_api/*`).
        kind: name of a fault in `FAULTS`.
        after: how many matching requests pass unharmed first.
        count: how often it takes hold; None without end.
        p: chance that it takes hold of a matching request.
        data: parameters of the fault.
        begins_after: seconds of simulated time from when the rule was added until it works.
        lasts: seconds of simulated time that it works; None without end.
        every: seconds after which the same span comes again; None never.
    """

    route: str
    kind: str
    after: int = 0
    count: int | None = None
    p: float = 1.0
    data: Mapping[str, Any] = field(default_factory=dict)
    begins_after: float = 0.0
    lasts: float | None = None
    every: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in FAULTS:
            raise UnknownFault(f"no fault {self.kind!r}; there are {', '.join(sorted(FAULTS))}")
        if not 0 <= self.p <= 1:
            raise ValueError(f"p is a chance from 0 to 1, not {self.p}")
        if self.every is not None and (self.lasts is None or self.lasts >= self.every):
            raise ValueError("a rule that comes again must last shorter than its period")

    def matches(self, method: str, path: str) -> bool:
        """Tell whether a request is on the rule's route."""
        wanted, _, pattern = self.route.rpartition(" ")
        return wanted in ("", method) and fnmatchcase(path, pattern)

    def is_on(self, elapsed: timedelta) -> bool:
        """Tell whether the rule works some time after it was added."""
        seconds = elapsed.total_seconds() - self.begins_after
        if seconds < 0:
            return False
        if self.every is not None:
            seconds %= self.every
        return self.lasts is None or seconds < self.lasts


@dataclass(slots=True)
class _Planned:
    number: int
    rule: FaultRule
    added_at: datetime
    seen: int = 0
    fired: int = 0


class FaultScript:
    """The rules that are in force, in the order they were added; the first that takes hold counts."""

    def __init__(self, *, seed: int, now: datetime, rules: Iterable[FaultRule] = ()) -> None:
        self._chance = chance_of(seed, "faults")
        self._numbers = count(1)
        self._planned: list[_Planned] = []
        for rule in rules:
            self.add(rule, now=now)

    def add(self, rule: FaultRule, *, now: datetime) -> int:
        """Put a rule in force and return its number."""
        planned = _Planned(next(self._numbers), rule, now)
        self._planned.append(planned)
        return planned.number

    def remove(self, number: int) -> bool:
        """Take a rule out of force; False if there is none of that number."""
        before = len(self._planned)
        self._planned = [planned for planned in self._planned if planned.number != number]
        return len(self._planned) < before

    def clear(self) -> None:
        """Take all rules out of force."""
        self._planned.clear()

    def take(
        self, method: str, path: str, *, now: datetime, layers: Collection[Layer] = HTTP_LAYERS
    ) -> tuple[Fault, Firing] | None:
        """Return the fault that takes hold of a request, or None.

        Args:
            method: of the request; what happens to a stream has names of its own there.
            path: of the request.
            now: simulated time.
            layers: where something happens now; rules of other layers neither count nor fire.
        """
        for planned in self._planned:
            rule = planned.rule
            if FAULTS[rule.kind].layer not in layers:
                continue
            if not rule.matches(method, path) or not rule.is_on(now - planned.added_at):
                continue
            planned.seen += 1
            is_spent = rule.count is not None and planned.fired >= rule.count
            if planned.seen <= rule.after or is_spent or self._chance.random() >= rule.p:
                continue
            planned.fired += 1
            return FAULTS[rule.kind], Firing(rule.data, self._chance, now)
        return None

    def as_data(self, *, now: datetime) -> list[dict[str, Any]]:
        """Return the rules with what became of them, as plain values."""
        return [
            {
                "id": planned.number, **asdict(planned.rule), "seen": planned.seen, "fired": planned.fired,
                "is_on": planned.rule.is_on(now - planned.added_at),
            }
            for planned in self._planned
        ]  # fmt: skip


def demo_script() -> tuple[FaultRule, ...]:
    """Return the faults of a demo: in every quarter of an hour one venue fails for two minutes and recovers.

    eBay's API answers 503 from the second to the fourth minute, Cardmarket's asks to wait from the eighth to
    the ninth, and now and then one answer of TCGplayer's is cut off. Of the live markets a gift-card desk is
    gone from the fifth minute on, Kraken restarts in the seventh, and OKX loses an update now and then.
    """
    return (
        FaultRule(route="/ebay_api/buy/*", kind="503", begins_after=120, lasts=120, every=900),
        FaultRule(
            route="/cardmarket_api/*", kind="429", data={"retry_after": 20},
            begins_after=480, lasts=60, every=900,
        ),
        FaultRule(route="/tcgplayer_api/*/pricing/*", kind="truncated_gzip", p=0.02),
        FaultRule(route="GET /giftdesk-desk_beta/*", kind="503", begins_after=300, lasts=45, every=900),
        FaultRule(route="/kraken_ws/*", kind="ws_close", begins_after=420, lasts=1, every=900),
        FaultRule(route="/okx_ws/*", kind="ws_gap", p=0.0003),
    )  # fmt: skip
