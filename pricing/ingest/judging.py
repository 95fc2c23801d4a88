"""Third step of an ingest: which resolved prices are already stored, and which are held by a quality gate."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.backends.utils import CursorWrapper

from pricing import quality
from pricing.choices import PriceType
from pricing.selectors.peers import mid_rates

from .peers import collect_peers

_KNOWN = """
CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS
SELECT r.*
  FROM resolved r
 WHERE NOT EXISTS (
       SELECT FROM price_history h
        WHERE h.product_key = r.product_key AND h.source_id = %(source_id)s AND h.variant_id = r.variant_id
          AND h.recorded_at = r.seen_at AND h.recorded_at BETWEEN %(first)s AND %(last)s)
   AND NOT EXISTS (
       SELECT FROM quarantined_prices q JOIN products p ON p.id = q.product_id
        WHERE p.key = r.product_key AND q.source_id = %(source_id)s AND q.variant_id = r.variant_id
          AND q.recorded_at = r.seen_at)
"""

_GROUP_KEY = "product_key, is_sealed, finish, condition, currency, seen_at"
_STATISTICS = ("low", "mid", "avg", "avg7", "avg30")
_GROUPS = f"""
CREATE TEMPORARY TABLE price_groups ON COMMIT DROP AS
SELECT {_GROUP_KEY}, max(price) FILTER (WHERE price_type = %(market)s) AS market,
       {", ".join(f"max(price) FILTER (WHERE price_type = '{name}') AS {name}" for name in _STATISTICS)}
  FROM resolved GROUP BY {_GROUP_KEY}
"""  # noqa: S608 - made of our own constants

_VERDICTS = """
CREATE TEMPORARY TABLE verdicts (
    product_key integer, variant_id smallint, seen_at timestamptz, reason text, evidence jsonb
) ON COMMIT DROP
"""

_GROUP_VERDICT = """
INSERT INTO verdicts
SELECT r.product_key, r.variant_id, r.seen_at, %(reason)s,
       jsonb_strip_nulls(jsonb_build_object('market', g.market::text, 'low', g.low::text, 'mid', g.mid::text,
                                            'avg', g.avg::text, 'avg7', g.avg7::text, 'avg30', g.avg30::text))
  FROM price_groups g
  JOIN fresh r ON r.product_key = g.product_key AND r.finish = g.finish AND r.condition = g.condition
              AND r.currency = g.currency AND r.seen_at = g.seen_at
 WHERE ({condition}) AND (%(holds)s::text[] = ARRAY[]::text[] OR r.price_type = ANY(%(holds)s::text[]))
"""

_PRICE_VERDICT = """
INSERT INTO verdicts
SELECT r.product_key, r.variant_id, r.seen_at, %(reason)s, {evidence} FROM fresh r {joins} WHERE {condition}
"""

_RELEASED_BEFORE = f"""
DELETE FROM verdicts v
 USING fresh r, quarantined_prices q, products p
 WHERE r.product_key = v.product_key AND r.variant_id = v.variant_id AND r.seen_at = v.seen_at
   AND p.key = v.product_key AND q.product_id = p.id AND q.source_id = %(source_id)s
   AND q.variant_id = v.variant_id
   AND q.status = 'released' AND v.reason NOT IN ('in_the_future', 'wrong_currency')
   AND (q.decided_by_id IS NOT NULL OR v.reason = 'unconfirmed' OR NOT q.evidence ? 'confirmed_by')
   AND v.seen_at BETWEEN q.recorded_at AND q.recorded_at + interval '{quality.RELEASE_DAYS} days'
   AND greatest(r.price, q.price) <= {quality.RELEASE_RATIO} * least(r.price, q.price)
"""  # noqa: S608 - made of our own constants


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What the gates need to know about the source and the moment."""

    source_id: int
    currency: str
    market_price_type: str
    route: str
    now: datetime


def select_fresh(cursor: CursorWrapper, *, source_id: int) -> int:
    """Write the temporary table `fresh`: resolved prices that neither history nor quarantine has.

    A price that was accepted or held once is not judged again, so importing a file twice changes nothing.
    """
    cursor.execute("SELECT min(seen_at), max(seen_at) FROM resolved")
    first, last = cursor.fetchone()
    cursor.execute(_KNOWN, {"source_id": source_id, "first": first, "last": last})
    count = int(cursor.rowcount)
    cursor.execute("ANALYZE fresh (product_key, variant_id, seen_at)")
    return count


def price_gates(route: str) -> tuple[quality.PriceGate, ...]:
    """Return the gates for single prices that came by a route: pages and APIs have one more."""
    is_suspect = route in quality.SUSPECT_ROUTES
    return (*quality.PRICE_GATES, quality.PEER_GATE, *((quality.SUSPECT_GATE,) if is_suspect else ()))


def judge(cursor: CursorWrapper, facts: SourceFacts) -> dict[str, int]:
    """Write the temporary table `verdicts`: one row per fresh price and gate that holds it.

    Returns:
        Reason -> number of prices it holds; a price can have several reasons.
    """
    cursor.execute(_GROUPS, {"market": facts.market_price_type})
    cursor.execute("ANALYZE price_groups (product_key)")
    cursor.execute(_VERDICTS)
    cursor.execute("SELECT EXISTS (SELECT FROM staged_forms WHERE price_type = %s)", [PriceType.LOW])
    reports_offers = cursor.fetchone()[0]
    compared_after = collect_peers(
        cursor, source_id=facts.source_id, currency=facts.currency, rates=mid_rates(facts.now)
    )
    parameters = {
        "reports_offers": reports_offers,
        "currency": facts.currency,
        "source_id": facts.source_id,
        "market": facts.market_price_type,
        "route": facts.route,
        "comparable": [str(kind) for kind in quality.COMPARABLE],
        "compared_after": compared_after,
        "future": facts.now + timedelta(seconds=quality.FUTURE_SECONDS),
    }
    for group_gate in quality.GROUP_GATES:
        holds = (
            [facts.market_price_type]
            if group_gate.holds_market
            else [kind.value for kind in group_gate.holds]
        )
        cursor.execute(
            _GROUP_VERDICT.format(condition=group_gate.condition),
            {**parameters, "reason": group_gate.reason.value, "holds": holds},
        )
    for gate in price_gates(facts.route):
        statement = _PRICE_VERDICT.format(condition=gate.condition, joins=gate.joins, evidence=gate.evidence)
        cursor.execute(statement, {**parameters, "reason": gate.reason.value})
    cursor.execute(_RELEASED_BEFORE, parameters)
    cursor.execute("ANALYZE verdicts")
    cursor.execute(
        "SELECT reason, count(DISTINCT (product_key, variant_id, seen_at)) FROM verdicts"
        " GROUP BY reason ORDER BY reason"
    )
    return dict(cursor.fetchall())
