from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, connections

from catalog.models import Product
from catalog.services import rebuild_product_singles
from common.models import AuditEvent, OutboxMessage
from opportunities.choices import OpportunityStatus
from opportunities.errors import AnalysisBusy
from opportunities.models import Opportunity
from opportunities.services import analyze_products, dismiss_opportunity, expire_opportunity
from tests.catalog.factories import BoosterPackFactory, state_contents
from tests.opportunities.factories import (
    POLICY,
    analyze,
    found,
    make_deck,
    price,
    price_deck,
    put_inside,
    reasons,
)
from tests.pricing.factories import NOW, make_held, make_product, observe, record, record_series

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def verbs() -> list[str]:
    events = AuditEvent.objects.filter(verb__startswith="opportunity.").order_by("recorded_at", "id")
    return [event.verb.removeprefix("opportunity.") for event in events]


def alerts() -> int:
    return OutboxMessage.objects.filter(task="opportunities.send_opportunity_alert").count()


class TestFigures:
    def test_an_opportunity_states_the_figures_computed_by_hand(self):
        deck = make_deck(seller_count=1, available_quantity=3, shipping_cost=Decimal(0))

        report = analyze()

        row = found(deck)
        assert report.outcomes["opened"] == 1
        assert [row.sealed_price, row.total_cost, row.gross_singles_value] == [60, 60, 85]
        assert [row.singles_value, row.net_profit] == [76, 16]
        assert (row.margin_percentage, row.naive_margin_percentage) == (Decimal("26.66"), Decimal("41.66"))
        assert [row.coverage, row.lines_counted, row.probability_of_profit] == [1, 2, 1]
        assert row.percentiles == dict.fromkeys(("5", "25", "50", "75", "95"), "76.00")
        assert row.standard_deviation == 0

    def test_confidence_risk_and_rank_follow_from_the_stored_figures(self):
        deck = make_deck(seller_count=1)

        analyze()

        row = found(deck)
        scores = {name: Decimal(factor["score"]) for name, factor in row.factors.items()}
        assert scores == {"price_stability": 0, "seller_count": 1, "volume_history": 0, "margin_size": 1}
        assert (row.confidence_score, row.risk_level) == (Decimal("0.50"), "high")
        assert row.rank_score == Decimal("0.066650")  # 0.50 x 26.66/100 x 0.5
        assert (row.competition_level, row.seller_count) == ("low", 1)
        assert set(row.flags) == {"single_seller", "shipping_unknown", "concentrated"}

    def test_steady_prices_give_confidence_and_with_margin_a_low_risk(self):
        deck = make_deck(seller_count=1, cost="50.00")
        for product, amount in ((deck.sealed, "50.00"), (deck.chase, "40.00"), (deck.solid, "20.00")):
            record_series(product, [amount] * 20)

        analyze()

        row = found(deck)
        assert row.factors["price_stability"]["inputs"]["returns"] == 20
        assert Decimal(row.factors["price_stability"]["score"]) == 1
        assert (row.margin_percentage, row.confidence_score, row.risk_level) == (
            Decimal(52),
            Decimal("0.80"),
            "low",
        )

    def test_the_basket_counts_when_it_is_less_steady_than_the_product(self):
        deck = make_deck()
        record_series(deck.sealed, ["60.00"] * 15)
        record_series(deck.chase, ["30.00", "44.00"] * 7)

        analyze()

        assert Decimal(found(deck).factors["price_stability"]["score"]) < Decimal("0.1")

    def test_a_box_of_packs_has_a_distribution(self):
        chase, filler = make_product("Chase"), make_product("Filler")
        pack = BoosterPackFactory(sheets=[("rare", 1, [(chase, 1), (filler, 3)])])
        box = make_product("Box", sealed=True)
        state_contents(box, [(pack, 4)])
        rebuild_product_singles(product_ids=[box.id], now=NOW)
        record(observe(chase, "100.00"), observe(filler, "2.00"), observe(box, "60.00"))

        analyze()

        # four draws at 1/4: 4 x (95.00/4 + 3/4 x 1.90) = 100.70; no chase at all: (3/4)^4 = 0.3164
        row = Opportunity.objects.get(sealed_product=box)
        assert row.singles_value == Decimal("100.70")
        assert row.probability_of_profit == Decimal("0.6835")
        assert (row.percentiles["5"], row.percentiles["50"]) == ("7.60", "100.70")
        assert row.standard_deviation == Decimal("80.63")  # 93.10 x sqrt(4 x 1/4 x 3/4)
        assert sum(Decimal(mass) for _, mass in row.distribution["points"]) == pytest.approx(1, abs=1e-5)

    def test_the_lifetime_ends_with_the_analysis_or_the_oldest_price(self):
        fresh, aged = make_deck(), make_deck(at=NOW - timedelta(hours=70))

        analyze()

        assert found(fresh).expires_at == NOW + timedelta(hours=12)
        assert found(aged).expires_at == NOW + timedelta(hours=2)
        assert found(aged).oldest_price_at == NOW - timedelta(hours=70)


class TestRepetition:
    def test_the_same_analysis_twice_changes_nothing_but_the_count(self):
        deck = make_deck()
        analyze()

        report = analyze(now=LATER)

        assert report.outcomes == {"confirmed": 1}
        assert found(deck).detected_count == 2
        assert (verbs(), alerts()) == (["opened"], 1)

    def test_a_notable_change_updates_the_row_and_is_audited(self):
        deck = make_deck()
        analyze()
        price(deck.sealed, "50.00", at=LATER)

        report = analyze(now=LATER)

        assert report.outcomes == {"updated": 1}
        assert (found(deck).margin_percentage, verbs()) == (Decimal(52), ["opened", "updated"])
        changed = AuditEvent.objects.get(verb="opportunity.updated").data
        assert (changed["before"]["total_cost"], changed["after"]["total_cost"]) == ("60.00", "50.00")

    def test_what_no_longer_holds_expires_with_the_reason(self):
        deck = make_deck()
        analyze()
        price(deck.sealed, "90.00", at=LATER)

        report = analyze(now=LATER)

        row = found(deck)
        assert (report.expired, row.status, row.closed_at) == (1, OpportunityStatus.EXPIRED, LATER)
        assert row.closed_reason == "No profit after all costs"
        assert verbs() == ["opened", "expired"]

    def test_an_expired_opportunity_is_opened_again_with_a_new_alert(self):
        deck = make_deck()
        analyze()
        first = found(deck)
        expire_opportunity(opportunity_id=first.pk, reason="moved", actor=None, now=NOW)

        report = analyze(now=LATER)

        row = found(deck)
        assert (report.outcomes["reopened"], row.pk, row.status) == (1, first.pk, "active")
        assert (row.opened_at, row.closed_at, row.closed_reason) == (LATER, None, "")
        assert (verbs(), alerts()) == (["opened", "expired", "reopened"], 2)

    def test_a_dismissed_opportunity_stays_away_for_the_policys_days(self, bob):
        deck = make_deck()
        analyze()
        dismissed = dismiss_opportunity(
            opportunity_id=found(deck).pk, reason="sleeved wrong", actor=bob, now=NOW
        )

        assert reasons(analyze(now=LATER)) == {"dismissed": 1}
        week = NOW + timedelta(days=7)
        price_deck(deck, at=week)
        assert analyze(now=week).outcomes["opened"] == 1

        rows = Opportunity.objects.filter(sealed_product=deck.sealed).order_by("created_at")
        assert [row.status for row in rows] == ["cancelled", "active"]
        assert rows[0].pk == dismissed.pk

    def test_an_executed_opportunity_is_final_and_a_new_detection_is_a_new_row(self):
        make_deck()
        analyze()
        Opportunity.objects.update(status=OpportunityStatus.EXECUTED, execution_quantity=2)

        analyze(now=LATER)

        rows = Opportunity.objects.order_by("created_at").values_list("status", "execution_quantity")
        assert list(rows) == [("executed", 2), ("active", 0)]
        assert len(set(Opportunity.objects.values_list("fingerprint", flat=True))) == 1

    def test_a_product_taken_out_of_use_loses_its_opportunity(self):
        deck = make_deck()
        analyze()
        Product.objects.filter(pk=deck.sealed.pk).update(is_active=False)

        report = analyze(now=LATER)

        assert (report.expired, found(deck).closed_reason) == (1, "product or source no longer in use")

    def test_policies_keep_their_own_opportunities(self):
        deck = make_deck()
        analyze()

        analyze(policy=replace(POLICY, name="bold", floors={"EUR": Decimal(0)}))

        rows = Opportunity.objects.filter(sealed_product=deck.sealed).values_list("policy", "singles_value")
        assert dict(rows) == {"default": Decimal("76.00"), "bold": Decimal("80.70")}


class TestCaution:
    def test_too_good_a_margin_needs_review_and_alerts_nobody(self):
        deck = make_deck(cost="19.00")

        analyze()

        row = found(deck)
        assert (row.margin_percentage, row.needs_review, alerts()) == (Decimal(300), True, 0)
        assert Decimal(row.factors["margin_size"]["score"]) == 0

    def test_what_becomes_trusted_alerts_then(self):
        deck = make_deck(cost="19.00")
        analyze()
        price(deck.sealed, "40.00", at=LATER)

        analyze(now=LATER)

        assert (found(deck).needs_review, alerts()) == (False, 1)

    def test_a_price_put_into_quarantine_expires_what_it_stood_for(self):
        deck = make_deck()
        analyze()
        make_held(deck.sealed, at=LATER)

        analyze(now=LATER)

        assert found(deck).closed_reason == "The newest price of the sealed product is quarantined"

    def test_an_empty_market_is_a_report_and_no_error(self):
        report = analyze()

        assert (len(report.products), report.outcomes.total(), report.failed) == (0, 0, [])

    def test_one_product_leaves_the_others_alone(self):
        deck, other = make_deck(), make_deck()
        analyze()
        price(deck.sealed, "90.00", at=LATER)
        price(other.sealed, "90.00", at=LATER)

        report = analyze(deck.sealed, now=LATER)

        assert (found(deck).status, found(other).status) == ("expired", "active")
        (verdict,) = report.verdicts
        assert (verdict.product_id, verdict.outcome) == (deck.sealed.id, "no_margin")

    def test_a_row_that_cannot_be_stored_stops_no_other(self):
        good, bad = make_deck(), make_deck()
        with connection.cursor() as cursor:  # stands for a constraint nobody thought of
            cursor.execute(
                "ALTER TABLE arbitrage_opportunities ADD CONSTRAINT nobody_knows"
                f" CHECK (sealed_product_id <> '{bad.sealed.id}')"
            )

        report = analyze()

        assert (report.failed, report.outcomes["opened"]) == ([bad.sealed.id], 1)
        assert list(Opportunity.objects.values_list("sealed_product", flat=True)) == [good.sealed.id]
        assert verbs() == ["opened"]

    def test_chances_above_certainty_are_refused_and_stop_no_other(self):
        good, bad = make_deck(), make_deck()
        for _ in range(2):
            put_inside(bad.sealed, make_product(), probability="0.9", slot="one")

        report = analyze()

        assert (report.outcomes["opened"], reasons(report)) == (1, {"impossible_contents": 1})
        assert found(good).status == "active"

    def test_a_failed_product_keeps_the_opportunity_it_had(self):
        deck = make_deck()
        analyze()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "ALTER TABLE arbitrage_opportunities ADD CONSTRAINT no_more CHECK (detected_count < 2)"
            )

        report = analyze(now=LATER)

        assert (report.failed, found(deck).status, found(deck).detected_count) == (
            [deck.sealed.id],
            "active",
            1,
        )


def test_two_analyses_do_not_interleave():
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('opportunities.analysis'))")

        with pytest.raises(AnalysisBusy) as refused:
            analyze_products(now=NOW, policy=POLICY)
        assert refused.value.retryable
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    assert analyze_products(now=NOW, policy=POLICY).failed == []
