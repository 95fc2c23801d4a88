from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from common.models import AuditEvent
from pricing.models import CurrentPrice, PriceRecord
from pricing.partitions import (
    add_months,
    drop_months,
    ensure_months,
    existing_months,
    month_of,
    plan_partitions,
)
from pricing.services import maintain_partitions
from pricing.tasks import ensure_partitions
from tests.pricing.factories import NOW, make_product, observe, record

months = st.dates(date(1993, 8, 1), date(2100, 1, 1)).map(lambda day: day.replace(day=1))


@given(months, st.integers(-60, 60))
def test_adding_months_and_taking_them_away_is_nothing(month: date, count: int):
    assert add_months(add_months(month, count), -count) == month


@given(st.datetimes(datetime(1993, 8, 2), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds
def test_a_moment_lies_in_its_month(moment: datetime):
    start = month_of(moment)

    assert start <= moment.date() < add_months(start, 1)


def test_month_is_that_of_utc():
    assert month_of(datetime.fromisoformat("2026-12-01T00:30:00+01:00")) == date(2026, 11, 1)


@pytest.mark.django_db
class TestDatabase:
    def test_months_are_made_once_and_in_order(self):
        wanted = [date(2031, 2, 1), date(2031, 1, 1)]

        assert ensure_months(wanted) == sorted(wanted)
        assert ensure_months(wanted) == []
        assert set(wanted) <= set(existing_months())

    def test_months_before_the_first_game_are_refused(self):
        with pytest.raises(ValueError, match="no prices exist before 1993-08"):
            ensure_months([date(1993, 7, 1)])

    def test_ends_of_months_are_stored_in_their_own_month(self):
        ring = make_product()
        last, first = (
            datetime(2026, 10, 31, 23, 59, 59, 999_999, tzinfo=UTC),
            datetime(2026, 11, 1, tzinfo=UTC),
        )

        record(observe(ring, "1", recorded_at=last), observe(ring, "2", recorded_at=first))

        with connection.cursor() as cursor:
            cursor.execute("SELECT tableoid::regclass::text, price FROM price_history ORDER BY price")
            assert [name for name, _ in cursor.fetchall()] == [
                "price_history_2026_10",
                "price_history_2026_11",
            ]

    def test_a_month_nobody_made_refuses_rows(self):
        columns = "recorded_at, product_key, batch_id, source_id, variant_id, price"

        with (
            pytest.raises(IntegrityError, match="no partition"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"INSERT INTO price_history ({columns}) VALUES ('2040-01-01Z', 1, 1, 1, 1, 1)")

    def test_partitions_carry_the_key_and_the_checks(self):
        ensure_months([date(2031, 1, 1)])

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT contype, count(*) FROM pg_constraint"
                " WHERE conrelid = 'price_history_2031_01'::regclass AND contype IN ('p', 'c')"
                " GROUP BY contype"
            )
            assert dict(cursor.fetchall()) == {"p": 1, "c": 5}

    def test_plan_names_what_is_missing_and_what_is_past_retention(self):
        ensure_months([date(2024, 10, 1), date(2024, 11, 1)])

        plan = plan_partitions(now=NOW, ahead=2, retain_months=24)

        assert set(plan.create) | set(plan.present) >= {
            date(2026, 11, 1),
            date(2026, 12, 1),
            date(2027, 1, 1),
        }
        assert date(2024, 10, 1) in plan.drop
        assert date(2024, 11, 1) not in plan.drop

    def test_dropping_history_keeps_current_prices_and_is_audited(self):
        ring = make_product()
        record(observe(ring, "1"), at=datetime(2020, 1, 15, tzinfo=UTC), now=NOW)

        plan = maintain_partitions(now=NOW, retain_months=24)

        assert date(2020, 1, 1) in plan.drop
        assert not PriceRecord.objects.filter(product=ring).exists()
        assert CurrentPrice.objects.filter(product=ring).exists()
        assert "2020-01" in AuditEvent.objects.get(verb="price_history.dropped").data["months"]

    def test_dropping_what_is_not_there_is_nothing(self):
        assert drop_months([date(1999, 1, 1)]) == []

    def test_task_is_safe_to_run_twice(self):
        ensure_partitions.run()

        assert ensure_partitions.run(unknown="ignored") == []
        assert month_of(datetime.now(tz=UTC) + timedelta(days=31)) in existing_months()
