"""What a scenario found: comparisons with the naive way, figures, and whether they reach their targets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Better(StrEnum):
    """Which side of a target is the good one."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `target` is judged inclusively; without one the number only informs."""

    name: str
    value: float
    unit: str
    target: float | None = None
    better: Better = Better.HIGHER
    note: str = ""

    @property
    def has_passed(self) -> bool | None:
        """Say whether the target is reached; None without a target."""
        if self.target is None:
            return None
        return self.value >= self.target if self.better is Better.HIGHER else self.value <= self.target

    def as_json(self) -> dict[str, object]:
        """Return the figure as plain values."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "target": self.target,
            "better": self.better.value,
            "passed": self.has_passed,
            "note": self.note,
        }


def ratio(name: str, *, naive_seconds: float, our_seconds: float, target: float, note: str = "") -> Figure:
    """Return how many times faster ours is for the same work, as a figure with a target."""
    return Figure(name, naive_seconds / our_seconds, "x", target=target, note=note)


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """Everything one scenario measured, with the sizes it used. `error` is set when it could not finish."""

    scenario: str
    title: str
    sizes: Mapping[str, int]
    figures: tuple[Figure, ...] = ()
    seconds: float = 0.0
    error: str = ""

    @property
    def is_short(self) -> bool:
        """Say whether any figure misses its target."""
        return any(figure.has_passed is False for figure in self.figures)

    def as_json(self) -> dict[str, object]:
        """Return the result as plain values."""
        return {
            "scenario": self.scenario,
            "title": self.title,
            "sizes": dict(self.sizes),
            "figures": [figure.as_json() for figure in self.figures],
            "seconds": round(self.seconds, 2),
            "error": self.error,
        }


@dataclass(slots=True)
class Report:
    """All scenarios of one run and the machine they ran on."""

    machine: Mapping[str, object]
    is_quick: bool
    results: list[ScenarioResult] = field(default_factory=list)

    @property
    def has_crashed(self) -> bool:
        """Say whether a scenario could not finish."""
        return any(result.error for result in self.results)

    @property
    def is_short(self) -> bool:
        """Say whether any scenario misses a target."""
        return any(result.is_short for result in self.results)

    def as_json(self) -> dict[str, object]:
        """Return the whole report as plain values."""
        return {
            "machine": dict(self.machine),
            "quick": self.is_quick,
            "scenarios": [result.as_json() for result in self.results],
            "short": self.is_short,
            "crashed": self.has_crashed,
        }
