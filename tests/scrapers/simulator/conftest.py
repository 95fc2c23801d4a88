"""A way to break the simulated venues in tests of what they do then."""

from collections.abc import Callable
from typing import Any

import pytest

from scrapers.simulator.faults import FaultRule
from scrapers.simulator.serving import RunningSimulator


@pytest.fixture
def breaks(simulator: RunningSimulator) -> Callable[..., None]:
    """Return a function that puts a fault in force on every route."""

    def add(kind: str, **data: Any) -> None:
        rule = FaultRule(route="/*", kind=kind, data=data)
        simulator.simulator.faults.add(rule, now=simulator.simulator.now())

    return add
