from datetime import date, timedelta
from decimal import Decimal

import pytest

from catalog.models import Venue
from common.models import AuditEvent
from pricing.errors import FeeScheduleNotFound, FeeScheduleRefused
from pricing.models import FeeSchedule
from pricing.selectors import fee_schedule_at
from pricing.services import clone_fee_schedule, save_fee_schedule
from quant.fees import net_proceeds, sale_fees
from tests.pricing.factories import NOW

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
COMMISSION = [{"name": "Commission", "kind": "rate", "rate": "0.05"}]


def make_schedule(**values: object) -> FeeSchedule:
    venue, _ = Venue.objects.get_or_create(code="testshop", defaults={"name": "Test Shop", "currency": "EUR"})
    facts = {
        "venue": venue,
        "currency": "EUR",
        "valid_from": date(2026, 1, 1),
        "components": COMMISSION,
        **values,
    }
    return save_fee_schedule(FeeSchedule(**facts), actor=None, now=NOW)


def venue(code: str) -> Venue:
    return Venue.objects.get(code=code)


class TestSeeded:
    @pytest.mark.parametrize(
        ("code", "programme"),
        [
            ("cardmarket", "standard"), ("tcgplayer", "standard"), ("tcgplayer", "pro"),
            ("tcgplayer", "direct"), ("ebay", "standard"), ("amazon", "standard"), ("amazon", "professional"),
        ],
    )  # fmt: skip
    def test_every_schedule_has_terms_and_says_where_they_come_from(self, code: str, programme: str):
        row, terms = fee_schedule_at(venue=venue(code), on=TODAY, programme=programme)

        assert row.note
        assert 0 < sale_fees(Decimal(100), terms) < 20
        row.full_clean()

    def test_cardmarket_takes_five_percent_up_to_a_hundred_an_article(self):
        _, terms = fee_schedule_at(venue=venue("cardmarket"), on=TODAY, category="mtg")

        assert sale_fees(Decimal("10.00"), terms) == Decimal("0.50")
        assert sale_fees(Decimal(5000), terms) == Decimal(100)

    def test_tcgplayer_makes_a_loss_of_a_quarter(self):
        _, terms = fee_schedule_at(venue=venue("tcgplayer"), on=TODAY)

        assert net_proceeds(Decimal("0.25"), schedule=terms) < 0

    def test_tcgplayer_direct_halves_cheap_cards(self):
        _, terms = fee_schedule_at(venue=venue("tcgplayer"), on=TODAY, programme="direct")

        assert sale_fees(Decimal("2.00"), terms) == Decimal("1.00")
        assert sale_fees(Decimal("10.00"), terms) == Decimal("1.12") + Decimal("1.08") + Decimal("0.25")

    def test_ebay_charges_less_per_order_up_to_ten(self):
        _, terms = fee_schedule_at(venue=venue("ebay"), on=TODAY)

        assert sale_fees(Decimal("10.00"), terms) == Decimal("1.33") + Decimal("0.30")
        assert sale_fees(Decimal("10.01"), terms) == Decimal("1.33") + Decimal("0.40")


class TestValidity:
    def test_a_schedule_begins_on_its_first_day_and_ends_before_its_last(self):
        make_schedule(valid_from=date(2026, 3, 1), valid_to=date(2026, 4, 1))
        shop = venue("testshop")

        assert fee_schedule_at(venue=shop, on=date(2026, 3, 1))[0].version == 1
        assert fee_schedule_at(venue=shop, on=date(2026, 3, 31))[0].version == 1
        for day in (date(2026, 2, 28), date(2026, 4, 1)):
            with pytest.raises(FeeScheduleNotFound):
                fee_schedule_at(venue=shop, on=day)

    def test_a_schedule_for_the_game_goes_before_one_for_all(self):
        general = make_schedule()
        special = make_schedule(category="pokemon")

        assert fee_schedule_at(venue=general.venue, on=TODAY, category="pokemon")[0] == special
        assert fee_schedule_at(venue=general.venue, on=TODAY, category="mtg")[0] == general

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            ((2026, 1, 1), None),
            ((2025, 1, 1), (2026, 1, 2)),
            ((2026, 5, 1), (2026, 6, 1)),
            ((2025, 1, 1), None),
        ],
    )
    def test_periods_of_versions_do_not_overlap(self, start, end):
        make_schedule()

        with pytest.raises(FeeScheduleRefused):
            make_schedule(version=2, valid_from=date(*start), valid_to=end and date(*end))

    def test_periods_may_touch(self):
        make_schedule(valid_to=date(2026, 6, 1))

        assert make_schedule(version=2, valid_from=date(2026, 6, 1)).pk


@pytest.mark.parametrize(
    "values",
    [
        {"components": [{"name": "x", "kind": "rate", "rate": "1.5"}]},
        {"components": [{"name": "x", "kind": "rate", "rate": 0.05}]},
        {"components": "five percent"},
        {"currency": "XXQ"},
        {"valid_to": date(2025, 1, 1)},
        {"postage_per_order": Decimal(-1)},
    ],
)
def test_terms_that_make_no_sense_are_refused(values: dict[str, object]):
    with pytest.raises(FeeScheduleRefused):
        make_schedule(**values)

    assert not FeeSchedule.objects.filter(venue__code="testshop").exists()


class TestClone:
    def test_a_clone_follows_where_the_old_version_ends(self, bob):
        first = make_schedule(note="as seen", source_url="https://example.invalid/fees", verified_on=TODAY)

        second = clone_fee_schedule(first, valid_from=TODAY + timedelta(days=1), actor=bob, now=NOW)

        first.refresh_from_db()
        assert first.valid_to == second.valid_from == TODAY + timedelta(days=1)
        assert (second.version, second.components, second.note) == (2, first.components, "as seen")
        assert second.verified_on is None
        assert AuditEvent.objects.get(subject=f"fee_schedule:{second.pk}").actor_id == bob.pk

    @pytest.mark.parametrize("days", [0, -1])
    def test_a_clone_begins_on_a_later_day(self, days: int):
        with pytest.raises(FeeScheduleRefused, match="later day"):
            clone_fee_schedule(make_schedule(), valid_from=TODAY + timedelta(days=days), actor=None, now=NOW)

    def test_only_the_version_valid_then_can_be_cloned(self):
        ended = make_schedule(valid_to=date(2026, 6, 1))

        with pytest.raises(FeeScheduleRefused, match="not valid"):
            clone_fee_schedule(ended, valid_from=TODAY + timedelta(days=1), actor=None, now=NOW)

    def test_what_has_begun_cannot_be_changed_and_what_has_not_can(self):
        begun = make_schedule(valid_to=TODAY + timedelta(days=9))
        planned = make_schedule(version=2, valid_from=TODAY + timedelta(days=9))

        planned.postage_per_order = Decimal("1.15")
        save_fee_schedule(planned, actor=None, now=NOW)
        begun.postage_per_order = Decimal("1.15")
        with pytest.raises(FeeScheduleRefused, match="begun"):
            save_fee_schedule(begun, actor=None, now=NOW)
