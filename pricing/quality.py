"""Quality gates: what a price must survive before anything may use it. Called by `pricing.ingest.judging`.

Wrong prices look like the best opportunities, so prices are judged before they are stored. A gate is a name
and one SQL condition. Group gates look at all statistics one source reports for one article, finish and
moment (`g.market` is the statistic that source's sales are judged by, e.g. Cardmarket's trend); they hold the
named statistics, or all. Price gates look at one price (`r`) and at what was accepted before. Thresholds are
the constants below; amounts are in the source's currency.

Singles are judged by their own averages and not by their lowest offer, because that is for any condition and
routinely far below; and an absolute difference keeps bulk cards, whose cents jump by large ratios, out of
quarantine. A statistic of zero or null is no price: it is counted by the importer and never gets here.

Prices of other sources are peers (`pricing.ingest.peers` collects them): one that is several times away from
their median is held, whoever reports it. What comes from a page or an API, one article at a time, is judged
more strictly than a bulk feed, because a page can show another article, another unit or a mistake: a price
that leaves the level of its last days waits until somebody else or a later fetch says the same
(`pricing.ingest.confirming`). The first price ever of a sealed product on a page waits too, if no other
source knows the product: there is nothing to judge it by, and one wrong box price makes a false opportunity.
A first price of a single, or one from an API that names the article by its id, is accepted: a single is one
of many in a box and the valuation's own gates see it.
"""

from dataclasses import dataclass
from typing import Final

from pricing.choices import PriceType, QuarantineReason, Route

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
PEER_RATIO: Final = "4"  # against the median of the other sources' market prices
PEER_DIFFERENCE: Final = "2.00"
PEER_HOURS: Final = 72  # how far apart in time two sources' prices may be and still be compared
LEVEL_LIMIT: Final = (
    "0.25"  # page and API: |ln(price / median of LEVEL_DAYS)| above it is unconfirmed (MATHS 1.5)
)
LEVEL_DIFFERENCE: Final = "0.50"
LEVEL_DAYS: Final = 7
WIDE_RATIO: Final = "4"  # page and API without a recent level: against the newest accepted price
CONFIRM_RATIO: Final = "1.15"  # another venue, or another route, agrees
REPEAT_RATIO: Final = "1.05"  # the same source says it again …
REPEAT_HOURS: Final = 6  # … no sooner than this, so that one mistake is not counted twice
CONFIRM_DAYS: Final = 7  # how long a held price waits for a confirmation

MIN_QUALITY: Final = (
    "0.5"  # R002's data_source_quality: what is below is shown, and neither prices nor judges
)

COMPARABLE: Final = (PriceType.MARKET, PriceType.TREND, PriceType.AVG, PriceType.RETAIL)
"""Statistics that mean what other sources' market prices mean; the lowest offer does so for sealed products,
or where it is the source's market statistic, and for singles only when it is too high."""

SUSPECT_ROUTES: Final = (Route.PAGE, Route.API)
OWN_CONDITIONS: Final = "('unopened', 'near_mint', 'any')"


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

_IS_COMPARABLE = f"""r.seen_at >= %(compared_after)s AND r.condition IN {OWN_CONDITIONS}
    AND (r.price_type = ANY(%(comparable)s)
         OR r.price_type = %(market)s
         OR r.price_type = 'low' AND (r.is_sealed OR r.price > peers.median))"""

PEER_GATE: Final = PriceGate(
    QuarantineReason.RATIO_TO_PEERS,
    f"{_IS_COMPARABLE} AND {apart('r.price', 'peers.median', PEER_RATIO, PEER_DIFFERENCE)}",
    joins="JOIN peer_medians peers ON peers.product_key = r.product_key AND peers.finish = r.finish",
    evidence="jsonb_build_object('median_of_peers', peers.median::text, 'peers', peers.sources)",
)
"""Needs the tables of `pricing.ingest.peers`."""

_CONFIRMED_NOW = f"""(
    EXISTS (SELECT FROM peer_prices p WHERE p.product_key = r.product_key AND p.finish = r.finish
               AND p.is_other_venue
               AND greatest(p.price, r.price) <= {CONFIRM_RATIO} * least(p.price, r.price))
    OR c.price IS NOT NULL AND cb.route <> %(route)s
       AND greatest(c.price, r.price) <= {CONFIRM_RATIO} * least(c.price, r.price)
       AND c.recorded_at >= r.seen_at - interval '{LEVEL_DAYS} days')"""

SUSPECT_GATE: Final = PriceGate(
    QuarantineReason.UNCONFIRMED,
    f"""NOT {_CONFIRMED_NOW} AND (
        CASE WHEN (level.median IS NOT NULL OR c.price IS NOT NULL) AND r.price_type = 'avg1' THEN false
             WHEN level.median IS NOT NULL
             THEN abs(ln(r.price / level.median)) > {LEVEL_LIMIT}
                  AND abs(r.price - level.median) >= {LEVEL_DIFFERENCE}
             WHEN c.price IS NOT NULL THEN {apart("r.price", "c.price", WIDE_RATIO, LEVEL_DIFFERENCE)}
             ELSE r.is_sealed AND %(route)s = 'page'
                  AND NOT EXISTS (SELECT FROM peer_prices p WHERE p.product_key = r.product_key)
                  AND NOT EXISTS (SELECT FROM current_prices o WHERE o.product_key = r.product_key
                                     AND o.source_id = %(source_id)s)
        END)""",  # noqa: S608 - made of our own constants
    joins=f"""
        LEFT JOIN current_prices c ON c.product_key = r.product_key AND c.source_id = %(source_id)s
                                  AND c.variant_id = r.variant_id
        LEFT JOIN price_batches cb ON cb.id = c.batch_id
        CROSS JOIN LATERAL (
            SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY h.price)::numeric(12, 2) AS median
              FROM price_history h
             WHERE h.product_key = r.product_key AND h.source_id = %(source_id)s
               AND h.variant_id = r.variant_id
               AND h.recorded_at < r.seen_at AND h.recorded_at >= r.seen_at - interval '{LEVEL_DAYS} days'
        ) level""",  # noqa: S608 - made of our own constants
    evidence="""jsonb_strip_nulls(
        jsonb_build_object('median_7_days', level.median::text, 'newest', c.price::text))""",
)
"""For batches of `SUSPECT_ROUTES` only. Needs the tables of `pricing.ingest.peers`."""
