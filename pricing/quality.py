"""Quality gates: what a price must survive before anything may use it. Called by `pricing.ingest.judging`.

Wrong prices look like the best opportunities, so prices are judged before they are stored. A gate is a name
and one SQL condition. Group gates look at all statistics one source reports for one article, finish and
moment (`g.market` is the statistic that source's sales are judged by, e.g. Cardmarket's trend); they hold the
named statistics, or all. Price gates look at one price (`r`) and at what was accepted before. Thresholds are
the constants below; amounts are in the source's currency.

Singles are judged by their own averages and not by their lowest offer, because that is for any condition and
routinely far below; and an absolute difference keeps bulk cards, whose cents jump by large ratios, out of
quarantine. A statistic of zero or null is no price: it is counted by the importer and never gets here.
"""

from dataclasses import dataclass
from typing import Final

from pricing.choices import PriceType, QuarantineReason

SEALED_RATIO: Final = "4"  # sealed: market against the lowest offer or the average, either way round
SEALED_MINIMUM: Final = "0.40"  # no sealed product sells for less; 0.02 is a venue's way of saying "no idea"
SINGLE_RATIO: Final = "4"  # singles: market against every average that is known
SINGLE_DIFFERENCE: Final = "2.00"  # … and at least this far apart
PARKED_RATIO: Final = "4"  # lowest or median offer above market: nobody pays it
PARKED_DIFFERENCE: Final = "5.00"
HISTORY_RATIO: Final = "4"  # against the median of the accepted prices of the last HISTORY_DAYS
HISTORY_DIFFERENCE: Final = "2.00"
HISTORY_DAYS: Final = 30
HISTORY_POINTS: Final = 5
CONFIRMED_RATIO: Final = "2"  # a price this near to the accepted current one needs no second look
FUTURE_SECONDS: Final = 2  # clock skew that is forgiven
RELEASE_RATIO: Final = "1.25"  # a release by a person also speaks for later prices this near …
RELEASE_DAYS: Final = 14  # … for so long


@dataclass(frozen=True, slots=True)
class GroupGate:
    """A condition over one group `g` of statistics; empty `holds` means every price of the group."""

    reason: QuarantineReason
    condition: str
    holds: tuple[PriceType, ...] = ()
    holds_market: bool = False


@dataclass(frozen=True, slots=True)
class PriceGate:
    """A condition over one price `r`; `joins` brings in what it is compared with, `evidence` is jsonb."""

    reason: QuarantineReason
    condition: str
    joins: str = ""
    evidence: str = "'{}'::jsonb"


def apart(first: str, second: str, ratio: str, difference: str = "0") -> str:
    """Return SQL that holds when two amounts are more than `ratio` and at least `difference` apart.

    A missing amount is never apart: GREATEST and LEAST ignore NULL.
    """
    greater, lesser = f"greatest({first}, {second})", f"least({first}, {second})"
    return f"({greater} > {ratio} * {lesser} AND {greater} - {lesser} >= {difference})"


GROUP_GATES: Final = (
    GroupGate(QuarantineReason.RATIO_TO_LOW, f"g.is_sealed AND {apart('g.market', 'g.low', SEALED_RATIO)}"),
    GroupGate(
        QuarantineReason.RATIO_TO_AVERAGE, f"g.is_sealed AND {apart('g.market', 'g.avg', SEALED_RATIO)}"
    ),
    GroupGate(
        QuarantineReason.TOO_SMALL,
        f"g.is_sealed AND least(g.market, g.low, g.avg, g.mid) < {SEALED_MINIMUM}",
    ),
    GroupGate(
        # only a source that reports offers at all can say that there are none
        QuarantineReason.NO_OFFERS,
        "g.is_sealed AND %(reports_offers)s AND g.market IS NOT NULL AND g.low IS NULL",
    ),
    GroupGate(
        QuarantineReason.RATIO_TO_AVERAGE,
        "NOT g.is_sealed AND g.market IS NOT NULL AND coalesce(g.avg7, g.avg30) IS NOT NULL"
        f" AND (g.avg7 IS NULL OR {apart('g.market', 'g.avg7', SINGLE_RATIO, SINGLE_DIFFERENCE)})"
        f" AND (g.avg30 IS NULL OR {apart('g.market', 'g.avg30', SINGLE_RATIO, SINGLE_DIFFERENCE)})",
        holds_market=True,
    ),
    GroupGate(
        QuarantineReason.PRICE_PARKED,
        "NOT g.is_sealed AND g.low > g.market"
        f" AND {apart('g.market', 'g.low', PARKED_RATIO, PARKED_DIFFERENCE)}",
        holds=(PriceType.LOW, PriceType.MID),
    ),
    GroupGate(
        QuarantineReason.PRICE_PARKED,
        "NOT g.is_sealed AND g.mid > g.market"
        f" AND {apart('g.market', 'g.mid', PARKED_RATIO, PARKED_DIFFERENCE)}",
        holds=(PriceType.MID,),
    ),
)

PRICE_GATES: Final = (
    PriceGate(QuarantineReason.WRONG_CURRENCY, "r.currency <> %(currency)s"),
    PriceGate(QuarantineReason.IN_THE_FUTURE, "r.seen_at > %(future)s"),
    PriceGate(
        QuarantineReason.RATIO_TO_HISTORY,
        f"r.price_type <> 'avg1' AND past.points >= {HISTORY_POINTS}"
        f" AND {apart('r.price', 'past.median', HISTORY_RATIO, HISTORY_DIFFERENCE)}",
        joins=f"""
        JOIN current_prices c ON c.product_key = r.product_key AND c.source_id = %(source_id)s
                             AND c.variant_id = r.variant_id
                             AND {apart("r.price", "c.price", CONFIRMED_RATIO, HISTORY_DIFFERENCE)}
        CROSS JOIN LATERAL (
            SELECT count(*) AS points,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY h.price)::numeric(12, 2) AS median
              FROM price_history h
             WHERE h.product_key = r.product_key AND h.source_id = %(source_id)s
               AND h.variant_id = r.variant_id
               AND h.recorded_at < r.seen_at AND h.recorded_at >= r.seen_at - interval '{HISTORY_DAYS} days'
        ) past""",  # noqa: S608 - made of our own constants
        evidence="jsonb_build_object('median_30_days', past.median::text, 'points', past.points)",
    ),
)
