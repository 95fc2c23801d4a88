"""What an analysis did, for people, logs and machines."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from opportunities.valuation import ProductValue


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one sealed product on one route, for explanations."""

    product_id: UUID
    source: str
    outcome: str
    value: ProductValue | None


@dataclass(slots=True)
class AnalysisReport:
    """What one analysis did. Candidates and refusals count a product once per source.

    Args:
        routes: sources and games looked at.
        sources: where products would be bought.
        products: sealed products judged.
        outcomes: opened, reopened, updated (notably), confirmed.
        refusals: reason -> products.
        expired: opportunities closed.
        failed: products whose analysis failed; the log has the traceback.
        verdicts: one per product and route, only when single products were asked for.
    """

    routes: int = 0
    sources: set[str] = field(default_factory=set)
    products: set[UUID] = field(default_factory=set)
    candidates: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    expired: int = 0
    failed: list[UUID] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """Return the report as JSON."""
        return {
            "routes": self.routes,
            "sources": sorted(self.sources),
            "products": len(self.products),
            "candidates": self.candidates,
            "opened": self.outcomes["opened"],
            "reopened": self.outcomes["reopened"],
            "updated": self.outcomes["updated"],
            "confirmed": self.outcomes["confirmed"],
            "expired": self.expired,
            "failed": [str(product) for product in self.failed],
            "refusals": dict(sorted(self.refusals.items())),
        }
