"""The analysis of one route: one game at one source."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import structlog

from catalog.selectors import contents_graph
from opportunities.choices import OpportunityStatus, Refusal
from opportunities.detection import (
    Candidate,
    Market,
    Route,
    Screening,
    assess,
    screen,
    value_candidate,
)
from opportunities.models import Opportunity
from opportunities.policy import AnalysisPolicy
from opportunities.valuation import UnitPrices
from quant.sealed.contents import ExpectationCache

from .closing import TIME_PASSED, expire_rows
from .report import AnalysisReport, Verdict
from .series import Valued, with_series
from .storing import Finding, fingerprint_of, store_findings

logger = structlog.get_logger(__name__)

Result = TypeVar("Result")


@dataclass(slots=True)
class RouteAnalysis:
    """One run over one route. Products that fail are collected, logged, and stop nothing else.

    Args:
        route: where is bought and sold.
        policy: gates and terms.
        now: time of the analysis.
    """

    route: Route
    policy: AnalysisPolicy
    now: datetime
    refusals: dict[UUID, Refusal] = field(default_factory=dict)
    failed: set[UUID] = field(default_factory=set)

    def run(self, product_ids: Collection[UUID] | None, report: AnalysisReport) -> None:
        """Screen, assess, store and close; add what was done to the report."""
        screening = screen(self.route, policy=self.policy, now=self.now, product_ids=product_ids)
        self.refusals = dict(screening.refusals)
        candidates = self._without_dismissed(screening.candidates)
        findings: list[Finding] = []
        if screening.prices is not None and candidates:
            findings = self._find(candidates, screening.prices, report)
        kept = {finding.assessment.candidate.product_id for finding in findings} | self.failed
        report.expired += self._close_refused(kept)
        report.sources.add(self.route.buy.code)
        report.products.update(screening.refusals)
        report.products.update(candidate.product_id for candidate in screening.candidates)
        report.candidates += len(screening.candidates)
        report.refusals.update(str(refusal) for refusal in self.refusals.values())
        report.failed.extend(sorted(self.failed))
        if product_ids is not None:
            report.verdicts.extend(self._verdicts(screening, kept))

    def _without_dismissed(self, candidates: list[Candidate]) -> list[Candidate]:
        """Leave out products a person dismissed not long ago."""
        dismissed = set(
            Opportunity.objects.filter(
                status=OpportunityStatus.CANCELLED,
                buy_source=self.route.buy,
                policy=self.policy.name,
                closed_at__gt=self.now - self.policy.dismissed_for,
            ).values_list("fingerprint", flat=True)
        )
        kept = []
        for candidate in candidates:
            product_id = candidate.product_id
            fingerprint = fingerprint_of(
                product_id=product_id, buy_source=self.route.buy.code, policy=self.policy.name
            )
            if fingerprint in dismissed:
                self.refusals[product_id] = Refusal.DISMISSED
            else:
                kept.append(candidate)
        return kept

    def _find(self, candidates: list[Candidate], prices: UnitPrices, report: AnalysisReport) -> list[Finding]:
        """Assess candidates exactly and store what holds."""
        market = Market(self.route, self.policy, prices, {}, {}, {}, ExpectationCache())
        valued = self._value(candidates, market)
        market = with_series(market, valued, now=self.now)
        findings: list[Finding] = []
        for candidate, contents, valuation in valued:
            found = self._isolated(
                candidate.product_id,
                lambda: assess(
                    candidate,  # noqa: B023 - called at once
                    contents=contents,  # noqa: B023
                    valuation=valuation,  # noqa: B023
                    market=market,
                    now=self.now,
                ),
            )
            if isinstance(found, Refusal):
                self.refusals[candidate.product_id] = found
            elif found is not None:
                findings.append(Finding(found, contents))
        outcomes, unwritten = store_findings(findings, market=market, now=self.now)
        report.outcomes += outcomes
        self.failed |= unwritten
        return findings

    def _value(self, candidates: Iterable[Candidate], market: Market) -> list[Valued]:
        """Load the contents of all candidates at once and value each exactly."""
        wanted = list(candidates)
        graph = contents_graph([candidate.product_id for candidate in wanted])
        valued = []
        for candidate in wanted:
            contents = graph[candidate.product_id]
            valuation = self._isolated(
                candidate.product_id,
                lambda: value_candidate(contents, market),  # noqa: B023 - called at once
            )
            if valuation is not None:
                valued.append((candidate, contents, valuation))
        return valued

    def _isolated(self, product_id: UUID, step: Callable[[], Result]) -> Result | None:
        """Run one step for one product; None if it failed, which is logged and counted."""
        try:
            return step()
        except Exception:  # one product's bad data must not stop the others
            logger.exception("opportunity.analysis_failed", product_id=str(product_id))
            self.failed.add(product_id)
            return None

    def _close_refused(self, kept: set[UUID]) -> int:
        """Expire the active opportunities of products this route refuses now."""
        reasons = {
            product: str(refusal.label) for product, refusal in self.refusals.items() if product not in kept
        }
        active = Opportunity.objects.active().filter(buy_source=self.route.buy, policy=self.policy.name)
        concerned = set(active.values_list("sealed_product_id", flat=True)) & reasons.keys()
        if not concerned:
            return 0
        return expire_rows(active.filter(sealed_product__in=concerned), reasons, TIME_PASSED, now=self.now)

    def _verdicts(self, screening: Screening, kept: set[UUID]) -> list[Verdict]:
        verdicts = []
        for product in sorted(self.refusals.keys() | kept):
            refusal = Refusal.FAILED if product in self.failed else self.refusals.get(product)
            outcome = "opportunity" if refusal is None else str(refusal)
            verdicts.append(Verdict(product, self.route.buy.code, outcome, screening.values.get(product)))
        return verdicts
