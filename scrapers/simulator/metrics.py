"""Prometheus counters of one simulator, in a registry of its own."""

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest


class SimulatorMetrics:
    """What the simulator counts; labels are endpoint names, statuses, fault and rule names."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "arbsite_simulator_requests_total", "Requests answered.", ["endpoint", "status"],
            registry=self.registry,
        )  # fmt: skip
        self.faults = Counter(
            "arbsite_simulator_faults_total",
            "Faults that fired.",
            ["endpoint", "kind"],
            registry=self.registry,
        )
        self.violations = Gauge(
            "arbsite_simulator_violations", "Impolite requests by rule.", ["rule"], registry=self.registry
        )

    def render(self) -> bytes:
        """Return the counters in Prometheus' text format."""
        return generate_latest(self.registry)
