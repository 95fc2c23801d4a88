"""Writing what an analysis found: one open row per fingerprint, its audit events and its alert."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import transaction

from common.audit import NewEvent, record_events
from common.metrics import OPPORTUNITIES
from common.outbox import enqueue
from opportunities.choices import OpportunityKind, OpportunityStatus
from opportunities.detection import Assessment, Market
from opportunities.models import Opportunity
from opportunities.policy import ALGORITHM_VERSION
from quant.sealed.contents import Contents

from .inputs import analysis_inputs
from .revisions import announce, shown_figures, write_quotes

logger = structlog.get_logger(__name__)

ALERT_TASK: Final = "opportunities.send_opportunity_alert"
BATCH_SIZE: Final = 100
OPEN: Final = (OpportunityStatus.ACTIVE, OpportunityStatus.EXPIRED)
NOTABLE_MARGIN_POINTS: Final = Decimal(5)
NOTABLE_PROFIT_SHARE: Final = Decimal("0.10")


@dataclass(frozen=True, slots=True)
class Finding:
    """An assessment with the contents it was made from."""

    assessment: Assessment
    contents: Contents


@dataclass(frozen=True, slots=True)
class _Stored:
    """What became of one finding: the row, what happened, the audit event it deserves."""

    row: Opportunity
    outcome: str
    event: NewEvent | None
    is_changed: bool


def fingerprint_of(*, product_id: UUID, buy_source: str, policy: str) -> str:
    """Return the identity of a sealed-to-singles chance: product, where it is bought, and the policy."""
    text = "|".join((OpportunityKind.SEALED_TO_SINGLES, str(product_id), buy_source, policy))
    return hashlib.sha256(text.encode()).hexdigest()


def store_findings(
    findings: Sequence[Finding], *, market: Market, now: datetime
) -> tuple[Counter[str], set[UUID]]:
    """Write findings in transactions of `BATCH_SIZE`, each with its audit events and alerts.

    A row that cannot be written is left out, logged and reported; the others of its batch are written.

    Args:
        findings: assessed candidates of one route.
        market: they were assessed at.
        now: time of the analysis.

    Returns:
        How many were opened, reopened, updated (notably) or confirmed, and the products that failed.
    """
    outcomes: Counter[str] = Counter()
    failed: set[UUID] = set()
    for start in range(0, len(findings), BATCH_SIZE):
        with transaction.atomic():
            done, wrong = _store_batch(findings[start : start + BATCH_SIZE], market, now)
        outcomes += done
        failed |= wrong
    for outcome, count in outcomes.items():
        OPPORTUNITIES.labels(kind=OpportunityKind.SEALED_TO_SINGLES, outcome=outcome).inc(count)
    return outcomes, failed


def _store_batch(
    findings: Sequence[Finding], market: Market, now: datetime
) -> tuple[Counter[str], set[UUID]]:
    prints = {
        finding.assessment.candidate.product_id: fingerprint_of(
            product_id=finding.assessment.candidate.product_id,
            buy_source=market.route.buy.code,
            policy=market.policy.name,
        )
        for finding in findings
    }
    rows = Opportunity.objects.select_for_update().filter(fingerprint__in=prints.values(), status__in=OPEN)
    known = {row.fingerprint: row for row in rows.order_by("id")}
    dismissed = _dismissed(set(prints.values()) - known.keys(), market, now)
    outcomes: Counter[str] = Counter()
    failed: set[UUID] = set()
    events: list[NewEvent] = []
    changed: list[Opportunity] = []
    for finding in findings:
        product_id = finding.assessment.candidate.product_id
        fingerprint = prints[product_id]
        if fingerprint in dismissed:
            continue
        try:
            with transaction.atomic():
                stored = _store(finding, known.get(fingerprint), fingerprint, market, now)
        except Exception:  # one bad row must not stop a batch: it is logged, counted and reported
            logger.exception("opportunity.store_failed", product_id=str(product_id))
            failed.add(product_id)
            continue
        outcomes[stored.outcome] += 1
        if stored.event is not None:
            events.append(stored.event)
        if stored.is_changed:
            changed.append(stored.row)
    write_quotes(changed, now=now)
    record_events(events, actor=None, now=now)
    return outcomes, failed


def _dismissed(fingerprints: Collection[str], market: Market, now: datetime) -> set[str]:
    """Return what a person dismissed while it was being assessed: it is not offered again at once."""
    rows = Opportunity.objects.filter(
        fingerprint__in=fingerprints,
        status=OpportunityStatus.CANCELLED,
        closed_at__gt=now - market.policy.dismissed_for,
    )
    return set(rows.values_list("fingerprint", flat=True)) if fingerprints else set()


def _store(
    finding: Finding, known: Opportunity | None, fingerprint: str, market: Market, now: datetime
) -> _Stored:
    """Write one finding; a change of what people see is a new revision."""
    row = known or Opportunity(
        fingerprint=fingerprint, kind=OpportunityKind.SEALED_TO_SINGLES, detected_count=0, revision=0
    )
    before = _facts(row) if known is not None else None
    seen = shown_figures(row) if known is not None else None
    was_trusted = known is not None and not row.needs_review
    outcome = _outcome(known)
    for name, value in assessment_columns(finding, market=market, now=now).items():
        setattr(row, name, value)
    row.detected_count += 1
    _keep_review(row, outcome)
    if outcome != "updated":
        row.status, row.opened_at, row.closed_at, row.closed_reason = OpportunityStatus.ACTIVE, now, None, ""
    is_changed = shown_figures(row) != seen
    row.revision += is_changed
    row.save(force_insert=known is None)
    if is_changed:
        announce(row, outcome)
    after = _facts(row)
    if not row.needs_review and (outcome != "updated" or not was_trusted):
        ask_for_alert(row)
    if outcome == "updated" and before is not None and not _is_notable(before, after):
        return _Stored(row, "confirmed", None, is_changed)
    data = {"after": after} if before is None else {"before": before, "after": after}
    event = NewEvent(f"opportunity.{outcome}", f"opportunity:{row.pk}", data)
    return _Stored(row, outcome, event, is_changed)


def _outcome(known: Opportunity | None) -> str:
    if known is None:
        return "opened"
    return "updated" if known.status == OpportunityStatus.ACTIVE else "reopened"


def _keep_review(row: Opportunity, outcome: str) -> None:
    """Let a person's review stand while the opportunity stays open and its margin does not outgrow it."""
    if outcome != "updated":
        row.reviewed_margin = None
    elif row.reviewed_margin is not None:
        grown = row.reviewed_margin * (1 + NOTABLE_PROFIT_SHARE)
        row.needs_review = row.needs_review and row.margin_percentage > grown
        if row.needs_review:
            row.reviewed_margin = None


def ask_for_alert(row: Opportunity) -> None:
    """Have people told about the present opening of an opportunity, once."""
    opened_at = row.opened_at.isoformat()
    enqueue(
        task=ALERT_TASK,
        kwargs={"opportunity_id": str(row.pk), "opened_at": opened_at},
        queue="analysis",
        key=f"opportunity-alert:{row.pk}:{opened_at}",
    )


def _facts(row: Opportunity) -> dict[str, Any]:
    """Return what an audit event says about an opportunity."""
    return {
        "status": row.status,
        "sealed_product_id": str(row.sealed_product_id),
        "currency": row.currency,
        "total_cost": str(row.total_cost),
        "net_profit": str(row.net_profit),
        "margin_percentage": str(row.margin_percentage),
        "confidence_score": str(row.confidence_score),
        "risk_level": str(row.risk_level),
        "needs_review": row.needs_review,
    }


def _is_notable(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Say whether a change deserves an audit event: every other run moves the last digits."""
    if any(before[name] != after[name] for name in ("risk_level", "needs_review", "currency")):
        return True
    if (
        abs(Decimal(after["margin_percentage"]) - Decimal(before["margin_percentage"]))
        >= NOTABLE_MARGIN_POINTS
    ):
        return True
    profit = Decimal(before["net_profit"])
    return abs(Decimal(after["net_profit"]) - profit) >= NOTABLE_PROFIT_SHARE * abs(profit)


def assessment_columns(finding: Finding, *, market: Market, now: datetime) -> dict[str, Any]:
    """Return the columns an assessment fills.

    Args:
        finding: the assessment with its contents.
        market: it was made at.
        now: time of the analysis.
    """
    found, route = finding.assessment, market.route
    candidate, valuation = found.candidate, found.valuation
    factors = {
        factor.name: {"score": str(factor.score), "weight": str(factor.weight), "inputs": dict(factor.inputs)}
        for factor in found.confidence.factors
    }
    return {
        "sealed_product_id": candidate.product_id,
        "buy_source": route.buy,
        "sell_source": route.sell,
        "policy": market.policy.name,
        "currency": route.currency,
        "sealed_price": candidate.price,
        "total_cost": candidate.cost,
        "singles_value": valuation.executable_value,
        "gross_singles_value": valuation.expected_value,
        "net_profit": found.net_profit,
        "margin_percentage": found.margin_percentage,
        "naive_margin_percentage": found.naive_margin_percentage,
        "coverage": valuation.coverage,
        "lines_counted": valuation.lines_counted,
        "standard_deviation": found.standard_deviation,
        "percentiles": found.percentiles,
        "probability_of_profit": found.probability_of_profit,
        "distribution": found.distribution,
        "confidence_score": found.confidence.score,
        "factors": factors,
        "risk_level": str(found.risk_level),
        "rank_score": found.rank_score,
        "seller_count": candidate.quote.seller_count,
        "competition_level": found.competition_level,
        "flags": found.flags,
        "needs_review": found.needs_review,
        "inputs": analysis_inputs(found, contents=finding.contents, market=market, now=now),
        "fee_schedule": route.fee_schedule,
        "contents_version_id": candidate.contents_version_id,
        "algorithm_version": ALGORITHM_VERSION,
        "oldest_price_at": found.oldest_price_at,
        "expires_at": found.expires_at,
    }
