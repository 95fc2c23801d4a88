from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from common.clock import utc_now
from common.models import AuditEvent
from pricing.models import FeeSchedule, FxRate, PriceHistory, PriceSource, QuarantinedPrice
from tests.pricing.factories import NOW, current, make_held, make_product, make_user, observe, record

pytestmark = pytest.mark.django_db
TOMORROW = f"{utc_now() + timedelta(days=1):%Y-%m-%d}"


@pytest.fixture
def operator(bob, client: Client) -> Client:
    client.force_login(bob)
    return client


@pytest.fixture
def viewer(client: Client) -> Client:
    user = make_user("vera", "viewer", is_staff=True)
    client.force_login(user)
    return client


def page(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"admin:pricing_{name}", args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def act(client: Client, model: str, action: str, *ids: object, **values: str) -> str:
    url = reverse(f"admin:pricing_{model}_changelist")
    data = {"action": action, "_selected_action": list(map(str, ids)), "confirmed": "yes", **values}
    answer = client.post(url, data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    "model", ["pricehistory", "pricebatch", "pricesource", "quarantinedprice", "feeschedule", "fxrate"]
)
def test_every_list_opens(operator: Client, model: str):
    make_held()

    page(operator, f"{model}_changelist")


class TestHistory:
    @pytest.mark.parametrize("term", ["{product.pk}", "mcm:101", "Sol R", " mcm:101 "])
    def test_prices_are_found_by_their_product(self, operator: Client, term: str):
        ring = make_product("Sol Ring", ids={"mcm": "101"})
        record(observe(ring, "123.45"), observe(make_product("Other"), "987.65"))

        text = page(operator, "pricehistory_changelist", q=term.format(product=ring))

        assert "123.45" in text
        assert "987.65" not in text

    @pytest.mark.parametrize(
        "query",
        [{"source": "cardmarket"}, {"price_type": "trend"}, {"condition": "any"}, {"finish": "nonfoil"}],
    )
    def test_filters_narrow_the_list(self, operator: Client, query: dict[str, str]):
        record(observe(make_product(), "123.45"), observe(make_product(sealed=True), "50", "avg"))

        assert "123.45" in page(operator, "pricehistory_changelist", **query)

    def test_a_price_is_shown_and_cannot_be_changed(self, operator: Client):
        record(observe(make_product(), "123.45"))
        row = PriceHistory.objects.get()

        assert "123.45" in page(operator, "pricehistory_change", row.pk)
        assert (
            operator.post(
                reverse("admin:pricing_pricehistory_change", args=[row.pk]), {"price": "1"}
            ).status_code
            == 403
        )

    @pytest.mark.parametrize("identifier", ["nonsense", "ffffffff-ffff-ffff-ffff-ffffffffffff"])
    def test_an_id_that_is_none_leads_back(self, operator: Client, identifier: str):
        assert (
            operator.get(reverse("admin:pricing_pricehistory_change", args=[identifier])).status_code == 302
        )

    def test_the_list_is_never_counted_whole(self, operator: Client, django_assert_max_num_queries):
        record(observe(make_product(), "1"))

        with django_assert_max_num_queries(14) as captured:
            page(operator, "pricehistory_changelist")

        counts = [q["sql"] for q in captured if "COUNT(*)" in q["sql"] and "price_history_named" in q["sql"]]
        assert counts
        assert all("LIMIT 1000" in sql for sql in counts)


class TestOutliers:
    def test_a_price_leaves_history_with_a_reason_and_stays_as_evidence(self, operator: Client, bob):
        ring = make_product()
        record(observe(ring, "10.00"), at=NOW - timedelta(days=1))
        record(observe(ring, "99.00"), at=NOW)
        wrong = PriceHistory.objects.get(price="99.00")
        asked = act(operator, "pricehistory", "take_out_selected", wrong.pk, reason="")
        assert "This field is required" in asked
        assert PriceHistory.objects.count() == 2

        text = act(operator, "pricehistory", "take_out_selected", wrong.pk, reason="a typing error")

        assert "1 prices were taken out" in text
        assert [row.price for row in PriceHistory.objects.all()] == [Decimal("10.00")]
        assert current(ring) == Decimal("10.00")
        held = QuarantinedPrice.objects.get()
        assert (held.status, held.reasons, held.decided_by) == ("rejected", ["staff_outlier"], bob)
        assert held.evidence == {"said": "a typing error"}
        assert AuditEvent.objects.get(verb="price.taken_out").data["reason"] == "a typing error"

    def test_what_was_taken_out_is_not_read_again(self, operator: Client):
        ring = make_product()
        record(observe(ring, "99.00"), at=NOW)
        act(operator, "pricehistory", "take_out_selected", PriceHistory.objects.get().pk, reason="wrong")

        record(observe(ring, "99.00"), at=NOW)

        assert not PriceHistory.objects.exists()
        assert current(ring) is None

    def test_a_price_that_is_gone_is_said(self, operator: Client):
        record(observe(make_product(), "99.00"), at=NOW)
        key = PriceHistory.objects.get().pk
        act(operator, "pricehistory", "take_out_selected", key, reason="wrong")

        assert "None of these prices" in act(operator, "pricehistory", "take_out_selected", key, reason="x")

    def test_viewers_take_nothing_out(self, viewer: Client):
        record(observe(make_product(), "99.00"), at=NOW)

        act(viewer, "pricehistory", "take_out_selected", PriceHistory.objects.get().pk, reason="mine")

        assert PriceHistory.objects.count() == 1

    @pytest.mark.parametrize(
        ("query", "is_found"),
        [
            ({"month": f"{NOW:%Y-%m}"}, True),
            ({"month": "2020-01"}, True),  # no such month is no filter
            ({"recorded_at_from": "2020-01-01", "recorded_at_to": "2020-02-01"}, False),
            ({"confidence_level": "high"}, True),
            ({"confidence_level": "low"}, False),
        ],
    )
    def test_history_is_filtered_by_time_and_trust(self, operator: Client, query, is_found):
        record(observe(make_product(), "123.45"), at=NOW)

        assert ("123.45" in page(operator, "pricehistory_changelist", **query)) is is_found


class TestQuarantine:
    def test_what_is_decided_is_listed_first(self, operator: Client):
        held = make_held()

        url = reverse("admin:pricing_quarantinedprice_changelist")
        form = {"action": "reject_selected", "_selected_action": [held.pk]}
        asked = operator.post(url, form).content.decode()

        assert "Theme Deck" in asked
        assert "Too far from the average" in asked
        held.refresh_from_db()
        assert held.status == "held"

    def test_release_uses_the_price_and_reject_does_not(self, operator: Client, bob):
        right, wrong = make_held(price="900"), make_held(price="901")

        assert "1 prices released" in act(operator, "quarantinedprice", "release_selected", right.pk)
        assert "1 prices rejected" in act(operator, "quarantinedprice", "reject_selected", wrong.pk)

        assert (current(right.product), current(wrong.product)) == (Decimal(900), None)
        assert QuarantinedPrice.objects.get(pk=right.pk).decided_by == bob

    def test_a_decision_the_other_way_is_explained(self, operator: Client):
        row = make_held()
        act(operator, "quarantinedprice", "reject_selected", row.pk)

        assert "already rejected" in act(operator, "quarantinedprice", "release_selected", row.pk)

    def test_reasons_and_figures_are_shown_in_words(self, operator: Client):
        row = make_held()

        text = page(operator, "quarantinedprice_changelist", reason="ratio_to_average")

        assert "Too far from the average" in text
        assert "average 20.00" in text
        assert "Too far from the average" in page(operator, "quarantinedprice_change", row.pk)

    def test_viewers_look_and_do_not_decide(self, viewer: Client):
        row = make_held()

        assert "Theme Deck" in page(viewer, "quarantinedprice_changelist")
        act(viewer, "quarantinedprice", "release_selected", row.pk)
        assert QuarantinedPrice.objects.get(pk=row.pk).status == "held"


class TestFees:
    def form(self, venue_id: int, **values: object) -> dict[str, object]:
        facts = {
            "venue": venue_id, "programme": "test", "category": "", "currency": "EUR",
            "valid_from": "2026-01-01", "valid_to": "",
            "components": '[{"name": "Commission", "kind": "rate", "rate": "0.05"}]',
            "postage_per_order": "0", "packing_per_order": "0", "source_url": "", "verified_on": "",
            "note": "",
        }  # fmt: skip
        return {**facts, **values}

    def test_cloning_makes_the_next_version_for_tomorrow(self, operator: Client):
        schedule = FeeSchedule.objects.get(venue__code="cardmarket")

        assert "begin on" in act(operator, "feeschedule", "clone_selected", schedule.pk, valid_from=TOMORROW)
        assert "not valid" in act(operator, "feeschedule", "clone_selected", schedule.pk, valid_from=TOMORROW)

        first, second = FeeSchedule.objects.filter(venue__code="cardmarket").order_by("version")
        assert first.valid_to == second.valid_from

    @pytest.mark.parametrize("day", ["", "2020-01-01", "soon"])
    def test_a_version_begins_on_a_day_to_come(self, operator: Client, day: str):
        schedule = FeeSchedule.objects.get(venue__code="cardmarket")

        act(operator, "feeschedule", "clone_selected", schedule.pk, valid_from=day)

        assert FeeSchedule.objects.filter(venue__code="cardmarket").count() == 1

    def test_what_has_begun_is_only_shown(self, operator: Client):
        schedule = FeeSchedule.objects.get(venue__code="cardmarket")
        url = reverse("admin:pricing_feeschedule_change", args=[schedule.pk])

        assert operator.get(url).status_code == 200
        assert operator.post(url, self.form(schedule.venue_id)).status_code == 403

    def test_a_planned_version_can_be_edited(self, operator: Client):
        schedule = FeeSchedule.objects.get(venue__code="cardmarket")
        act(operator, "feeschedule", "clone_selected", schedule.pk, valid_from=TOMORROW)
        planned = FeeSchedule.objects.get(venue__code="cardmarket", version=2)
        values = self.form(
            planned.venue_id,
            programme="standard",
            valid_from=planned.valid_from.isoformat(),
            postage_per_order="1.15",
        )

        answer = operator.post(reverse("admin:pricing_feeschedule_change", args=[planned.pk]), values)

        assert answer.status_code == 302
        planned.refresh_from_db()
        assert planned.postage_per_order == Decimal("1.15")

    def test_a_new_schedule_is_checked_and_numbered(self, operator: Client):
        venue_id = FeeSchedule.objects.get(venue__code="cardmarket").venue_id
        url = reverse("admin:pricing_feeschedule_add")

        wrong = operator.post(
            url, self.form(venue_id, components='[{"name": "x", "kind": "rate", "rate": "5"}]')
        )
        right = operator.post(url, self.form(venue_id))

        assert (wrong.status_code, right.status_code) == (200, 302)
        assert FeeSchedule.objects.get(programme="test").version == 1

    def test_valid_today_hides_what_is_over(self, operator: Client):
        venue = FeeSchedule.objects.get(venue__code="cardmarket").venue
        FeeSchedule.objects.create(
            venue=venue,
            programme="long-gone",
            currency="EUR",
            valid_from=date(2020, 1, 1),
            valid_to=date(2021, 1, 1),
        )

        answer = operator.get(reverse("admin:pricing_feeschedule_changelist"), {"valid_today": "yes"})

        listed = {schedule.programme for schedule in answer.context["cl"].result_list}
        assert "standard" in listed
        assert "long-gone" not in listed


class TestRates:
    def form(self, **values: object) -> dict[str, object]:
        yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011 - only has to lie in the past
        facts = {
            "base": "EUR", "quote": "USD", "bid": "1.08", "ask": "1.09", "source": "desk",
            "observed_at_0": yesterday.isoformat(), "observed_at_1": "08:00:00",
        }  # fmt: skip
        return {**facts, **values}

    def test_a_rate_is_added_once_and_never_changed(self, operator: Client):
        url = reverse("admin:pricing_fxrate_add")

        assert operator.post(url, self.form()).status_code == 302

        rate = FxRate.objects.get()
        assert (
            operator.post(reverse("admin:pricing_fxrate_change", args=[rate.pk]), self.form()).status_code
            == 403
        )

    @pytest.mark.parametrize("values", [{"ask": "1.00"}, {"quote": "EUR"}, {"base": "XXQ"}, {"bid": "NaN"}])
    def test_a_rate_that_cannot_be_meant_is_explained(self, operator: Client, values: dict[str, str]):
        assert operator.post(reverse("admin:pricing_fxrate_add"), self.form(**values)).status_code == 200
        assert not FxRate.objects.exists()


def test_what_stored_prices_mean_cannot_be_changed(operator: Client):
    source = PriceSource.objects.get(code="cardmarket")
    values = {"currency": "USD", "attribution": "Prices by Cardmarket", "is_enabled": "on"}

    operator.post(reverse("admin:pricing_pricesource_change", args=[source.pk]), values)

    source.refresh_from_db()
    assert (source.currency, source.attribution) == ("EUR", "Prices by Cardmarket")
